"""Write `streaming/state/lengths.py`: which code length each size of difference gets.

Counts the differences of the synthetic crowd that the benches use, people and props, at the ages at which
bases are met, smooths them, and builds length-limited prefix codes (package-merge, Larmore and Hirschberg
1990).

    python tools/tune_records.py
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.crowd import Crowd
from streaming.state.layout import (
    AGE_CLASS,
    AGE_CLASSES,
    AGES,
    CLASSES,
    LAYOUTS,
    NUMBERS,
    Coding,
    Entity,
    Group,
)
from streaming.state.quantise import put_quaternion, quantise_people

TARGET = Path(__file__).parent.parent / "streaming" / "state" / "lengths.py"
SIZES, SYMBOLS, BEFORE, LONGEST = 13, 14, 8, 12
PEOPLE, TICKS = 200, 600
Counts = NDArray[np.float64]


def people_states() -> NDArray[np.int32]:
    """Return (ticks, people, NUMBERS): half of them with tracked hands, half at a keyboard."""
    crowd = Crowd(PEOPLE, 7)
    states = np.zeros((TICKS, PEOPLE, NUMBERS), np.int32)
    hands = np.where(np.arange(PEOPLE) % 4, 3, 0).astype(np.uint8)
    rows = np.arange(PEOPLE, dtype=np.int32)
    for tick in range(TICKS):
        crowd.step(0.05)
        now = crowd.bodies()
        quantise_people(hands, now.position, now.yaw, now.parts, now.orientations, rows, tick, states)
    return states


def prop_states() -> NDArray[np.int32]:
    """Return (ticks, props, NUMBERS) of heads that are taken for thrown and carried things."""
    crowd = Crowd(PEOPLE, 8)
    states = np.zeros((TICKS, PEOPLE, NUMBERS), np.int32)
    for tick in range(TICKS):
        crowd.step(0.05)
        now = crowd.bodies()
        places = now.position + now.parts[:, 1]
        states[tick, :, 1:4] = np.rint(places / 0.001)
        for row, turn in enumerate(now.orientations[:, 1].tolist()):
            put_quaternion(*turn, 11, states[tick, row], 4)
    return states


def differences(
    now: NDArray[np.int32], base: NDArray[np.int32], group: Group, first: int
) -> NDArray[np.int64]:
    """Return (n, 3 or 1) sizes of differences; all ESCAPE where the group is sent in full."""
    at = first + 1 if group.coding is Coding.QUATERNION else first
    numbers = len(group.classes)
    found = now[:, at : at + numbers].astype(np.int64) - base[:, at : at + numbers]
    if group.coding is Coding.TURN:
        half = 1 << (group.bits - 1)
        found = (found + half) % (2 * half) - half
    sizes = np.ceil(np.log2(np.abs(found) + 1)).astype(np.int64)
    escape = (sizes >= SIZES).any(axis=1)
    if group.coding is Coding.QUATERNION:
        escape |= now[:, first] != base[:, first]
    sizes[escape] = SIZES
    return sizes


def count(states: NDArray[np.int32], kind: Entity, counts: Counts) -> None:
    """Add the sizes that the records of these states would hold."""
    flat = counts.reshape(CLASSES, AGE_CLASSES, BEFORE, SYMBOLS)
    for place, age in enumerate(AGES, start=1):
        for tick in range(age, len(states), 3):
            now, base = states[tick], states[tick - age]
            before, first = np.zeros(len(now), np.int64), 1
            for group in LAYOUTS[kind]:
                there = (now[:, 0] & group.flag) == group.flag
                sizes = differences(now, base, group, first)
                first += group.numbers
                escaped = sizes[:, 0] == SIZES
                for number, of_class in enumerate(group.classes):
                    counted = there & ~escaped if number else there
                    table = flat[of_class, AGE_CLASS[place]]
                    np.add.at(table, (before[counted], sizes[counted, number]), 1.0)
                    stirred = np.minimum(np.maximum(sizes[:, number], before - 1), BEFORE - 1)
                    before = np.where(there, stirred, before)


def smoothed(counts: Counts) -> Counts:
    """Let rare contexts follow their number's kind, and leave a code for what was never met."""
    flat = counts.reshape(CLASSES, AGE_CLASSES, BEFORE, SYMBOLS)
    kind = flat.sum(axis=2, keepdims=True)
    kind = kind / np.maximum(kind.sum(axis=-1, keepdims=True), 1.0)
    rare = np.maximum(flat.sum(axis=-1, keepdims=True), 1.0) * 2e-4
    result = flat + 50.0 * kind + rare + 0.05
    return np.asarray(result.reshape(-1, SYMBOLS))


def limited_lengths(weights: Counts) -> list[int]:
    """Return code lengths of at most LONGEST that spend the fewest bits."""
    leaves = sorted((float(weight), (symbol,)) for symbol, weight in enumerate(weights))
    packages: list[tuple[float, tuple[int, ...]]] = []
    for _ in range(LONGEST - 1):
        merged = sorted([*leaves, *packages])
        packages = [(a[0] + b[0], a[1] + b[1]) for a, b in list(pairwise(merged))[::2]]
    lengths = [0] * len(weights)
    for _, symbols in sorted([*leaves, *packages])[: 2 * len(weights) - 2]:
        for symbol in symbols:
            lengths[symbol] += 1
    return lengths


def main() -> None:
    """Count, build and write."""
    counts = np.zeros((CLASSES * AGE_CLASSES * BEFORE, SYMBOLS))
    count(people_states(), Entity.PERSON, counts)
    count(prop_states(), Entity.PROP, counts)
    weights = smoothed(counts)
    lengths = [limited_lengths(row) for row in weights]
    bits = sum(float(n) for row, line in zip(counts, lengths, strict=True) for n in row * np.array(line))
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    ideal = -(counts * np.log2(np.where(share > 0.0, share, 1.0))).sum()
    rows = ["".join(f"{length:x}" for length in line) for line in lengths]
    lines = [" ".join(rows[at : at + 4]) for at in range(0, len(rows), 4)]
    TARGET.write_text(
        '"""Code lengths of differences, written by tools/tune_records.py: a hexadecimal digit a size."""\n\n'
        'LENGTHS = """\n' + "\n".join(lines) + '\n"""\n',
        encoding="utf-8",
    )
    print(f"{bits / counts.sum():.3f} bits a size, {ideal / counts.sum():.3f} at best")


if __name__ == "__main__":
    main()
