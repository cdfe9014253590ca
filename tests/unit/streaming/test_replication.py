import numpy as np

from spatial import quaternion as q
from streaming.codec import decode_people
from streaming.messages import Body
from streaming.replication import Replication
from world.entity import Appearance, PersonId
from world.state import World


def _world(count: int) -> World:
    world, random = World(256), np.random.default_rng(5)
    for number in range(count):
        row = world.add(PersonId(100 + number), Appearance(f"p{number}", 0, "browser"))
        world.position[row] = np.array([8000.0, 40.0, -9000.0]) + random.uniform(-20, 20, 3)
        world.yaw[row] = random.uniform(-3, 3)
        world.parts[row] = random.uniform(-1, 1, (3, 3))
        world.orientations[row] = q.normalise(random.normal(size=(3, 4)))
    world.tick, world.seconds = 77, 10.0
    return world


def test_a_packet_holds_the_others_as_the_world_has_them() -> None:
    world = _world(20)
    people = decode_people(Replication(world).packet(3, acknowledged=513))
    assert people.listener.acknowledged == 513
    assert people.listener.tick == 77
    assert np.allclose(people.listener.position, world.position[3], atol=0.001)
    assert set(people.person.tolist()) == set(range(100, 120)) - {103}
    for index, person in enumerate(people.person.tolist()):
        row = world.row(PersonId(person))
        assert np.linalg.norm(people.positions[index] - world.position[row]) < 0.003
        assert np.abs(people.parts[index] - world.parts[row]).max() < 0.001


def test_flags_tell_hands_speech_and_waving_while_it_lasts() -> None:
    world = _world(4)
    world.hands[1] = (True, False)
    world.speaking[2] = True
    world.waving_until[3] = 10.5
    world.waving_until[1] = 10.0
    people = decode_people(Replication(world).packet(0, 0))
    flags = dict(zip(people.person.tolist(), people.body.tolist(), strict=True))
    assert flags == {101: Body.LEFT_HAND, 102: Body.SPEAKING, 103: Body.WAVING}


def test_packets_share_records_without_mixing_up_offsets() -> None:
    world = _world(64)
    replication = Replication(world)
    for row in range(64):
        people = decode_people(replication.packet(row, 0))
        rows = [world.row(PersonId(person)) for person in people.person.tolist()]
        assert np.abs(people.positions - world.position[rows]).max() < 0.002


def test_somebody_alone_is_told_only_of_themselves() -> None:
    people = decode_people(Replication(_world(1)).packet(0, 0))
    assert len(people.person) == 0
