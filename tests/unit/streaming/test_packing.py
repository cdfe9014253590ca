import numpy as np
import pytest

from spatial import quaternion as q
from streaming.errors import MalformedPacketError
from streaming.packing import WORST_TURN, pack_quaternions, unpack_quaternions


def test_a_packed_rotation_turns_by_no_more_than_stated() -> None:
    quaternions = q.normalise(np.random.default_rng(1).normal(size=(200_000, 4)))
    back = unpack_quaternions(pack_quaternions(quaternions))
    assert np.allclose(np.linalg.norm(back, axis=-1), 1.0)
    assert q.angle_between(back, quaternions).max() <= WORST_TURN


def test_the_axes_and_no_rotation_are_exact() -> None:
    exact = np.eye(4)
    assert np.array_equal(unpack_quaternions(pack_quaternions(exact)), exact)


def test_a_quaternion_and_its_negative_are_the_same_word() -> None:
    quaternions = q.normalise(np.random.default_rng(2).normal(size=(1000, 4)))
    assert np.array_equal(pack_quaternions(quaternions), pack_quaternions(-quaternions))


@pytest.mark.parametrize("bad", [[0, 0, 0, 0], [np.nan, 0, 0, 1], [np.inf, 0, 0, 1]])
def test_what_is_no_rotation_is_not_packed(bad: list[float]) -> None:
    with pytest.raises(MalformedPacketError):
        pack_quaternions(np.array([bad]))


@pytest.mark.parametrize("word", [0x00000000, 0xFFFFFFFF, 0x3FFFFFFF, 1023])
def test_words_that_no_rotation_packs_to_are_refused(word: int) -> None:
    with pytest.raises(MalformedPacketError):
        unpack_quaternions(np.array([word], np.uint32))
