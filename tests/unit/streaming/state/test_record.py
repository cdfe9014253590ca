from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial import quaternion as q
from streaming.state.layout import AGES, HISTORY, LAYOUTS, NUMBERS, PERSON, STEP, YAW_STEP, Coding, Entity
from streaming.state.quantise import (
    parts_of,
    positions_of,
    put_quaternion,
    quantise_people,
    quaternions_of,
    worst_turn,
    yaws_of,
)
from streaming.state.record import SHORT, WORDS, decode_body, encode
from streaming.state.table import CODE_LENGTHS, CODES, LONGEST

AGE_BITS = 3


@st.composite
def states(draw: st.DrawFn, kind: int) -> np.ndarray:
    """A state whose numbers are all in range."""
    numbers = [draw(st.integers(0, 15))]
    for group in LAYOUTS[kind]:
        there = group.flag == 0 or numbers[0] & group.flag
        half = 1 << (group.bits - 1)
        if not there:
            numbers += [0] * group.numbers
        elif group.coding is Coding.SIGNED:
            numbers += draw(st.lists(st.integers(-half, half - 1), min_size=3, max_size=3))
        elif group.coding is Coding.TURN:
            numbers.append(draw(st.integers(0, 2 * half - 1)))
        else:
            numbers.append(draw(st.integers(0, 3)))
            near = int(half * 0.57)
            numbers += draw(st.lists(st.integers(half - near, half + near), min_size=3, max_size=3))
    return np.array(numbers + [0] * (NUMBERS - len(numbers)), np.int32)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[int, np.ndarray, np.ndarray]:
    """A kind, a state, and a base that is near it, or anything."""
    kind = draw(st.sampled_from([int(Entity.PERSON), int(Entity.PROP)]))
    state = draw(states(kind))
    base = draw(states(kind))
    if draw(st.booleans()):
        base = state.copy()
        for place in draw(st.lists(st.integers(1, NUMBERS - 1), max_size=6)):
            base[place] += draw(st.integers(-40, 40)) if base[place] > 60 else 0
    return kind, state, base


@settings(deadline=None)  # numba compiles another form of the kernels here
@given(pairs(), st.integers(0, len(AGES)))
def test_a_record_comes_back_as_it_was(pair: tuple[int, np.ndarray, np.ndarray], age: int) -> None:
    kind, state, base = pair
    words, found = np.zeros(WORDS + 1, np.uint64), np.zeros(NUMBERS, np.int32)
    words[WORDS] = 0xA5
    bits = encode(kind, state, base, age, words[:WORDS].view(np.uint32))
    assert words[WORDS] == 0xA5
    rest = words[bits // 64 :].copy()
    rest[0] >>= np.uint64(bits % 64)
    assert not rest[: max(SHORT // 64 - bits // 64, 1)].any()
    data = words.view(np.uint8)[: (bits + 7) // 8]
    assert decode_body(data, AGE_BITS, kind, age, base, found) == bits
    assert found.tolist() == state.tolist()


@settings(deadline=None)  # numba compiles another form of the kernels here
@given(pairs(), st.integers(0, len(AGES)), st.data())
def test_a_record_cut_short_or_bent_is_refused_or_read_and_never_read_past_its_end(
    pair: tuple[int, np.ndarray, np.ndarray], age: int, data: st.DataObject
) -> None:
    kind, state, base = pair
    words, found = np.zeros(WORDS, np.uint64), np.zeros(NUMBERS, np.int32)
    size = (encode(kind, state, base, age, words.view(np.uint32)) + 7) // 8
    packet = words.view(np.uint8)[:size].copy()
    cut = data.draw(st.integers(0, size - 1))
    packet[data.draw(st.integers(0, size - 1))] ^= data.draw(st.integers(1, 255))
    assert decode_body(packet[:cut], AGE_BITS, kind, age, base, found) <= cut * 8
    assert decode_body(packet, AGE_BITS, kind, age, base, found) <= size * 8


def test_codes_are_prefix_free_and_short() -> None:
    assert CODE_LENGTHS.min() >= 1
    assert CODE_LENGTHS.max() <= LONGEST
    for lengths, codes in zip(CODE_LENGTHS.tolist(), CODES.tolist(), strict=True):
        # Complete: nothing that is read fits no code.
        assert sum(2.0**-length for length in lengths) == 1.0
        words = sorted(format(code, f"0{length}b")[::-1] for code, length in zip(codes, lengths, strict=True))
        assert not any(later.startswith(word) for word, later in pairwise(words))


@settings(deadline=None)  # numba compiles another form of the kernels here
@given(st.integers(0, 2**32 - 1))
def test_people_are_within_the_stated_error(seed: int) -> None:
    random = np.random.default_rng(seed)
    flags = random.integers(0, 16, 8).astype(np.uint8)
    position, yaw = random.uniform(-100_000, 100_000, (8, 3)), random.uniform(-9, 9, 8)
    parts, turns = random.uniform(-3, 3, (8, 3, 3)), q.normalise(random.normal(size=(8, 3, 4)))
    history = np.full((HISTORY, 8, NUMBERS), 77, np.int32)
    quantise_people(flags, position, yaw, parts, turns, np.arange(8, dtype=np.int32), 3, history)
    found = history[3]
    assert np.abs(positions_of(found) - position).max() <= STEP / 2 + 1e-9
    assert np.abs(np.remainder(yaws_of(found) - yaw + np.pi, 2 * np.pi) - np.pi).max() <= YAW_STEP / 2 + 1e-9
    places, orientations = parts_of(found)
    for part, flag in ((0, 0), (1, 1), (2, 2)):
        there = (flags & flag) == flag
        assert np.abs(places[there, part] - parts[there, part]).max(initial=0) <= STEP / 2 + 1e-9
        turned = q.angle_between(orientations[there, part], turns[there, part])
        assert turned.max(initial=0) <= worst_turn(PERSON[3].bits)
        assert not places[~there, part].any()


@settings(deadline=None)  # numba compiles another form of the kernels here
@given(st.tuples(*[st.floats(-1.0, 1.0)] * 4).filter(lambda parts: np.linalg.norm(parts) > 0.01))
def test_a_props_turn_is_within_a_fifth_of_a_degree(parts: tuple[float, ...]) -> None:
    turn = q.normalise(np.array(parts))
    state = np.zeros(4, np.int32)
    put_quaternion(*turn.tolist(), 11, state, 0)
    found = quaternions_of(state[None], 11)[0]
    assert np.degrees(q.angle_between(found, turn)) <= np.degrees(worst_turn(11)) <= 0.2


@pytest.mark.parametrize("kind", list(Entity))
def test_what_stands_still_costs_half_a_byte(kind: Entity) -> None:
    state, words = np.zeros(NUMBERS, np.int32), np.zeros(WORDS, np.uint64)
    state[0] = 3
    assert encode(int(kind), state, state, 1, words.view(np.uint32)) == 4
