"""Who hears whom, and with which filter. Kernels, bounds checked.

A filter is named, not stored: three measured directions, their weights, which hold the loudness too, and the
delay of each ear. A crowd's finished spectra would not fit into a core's cache.
"""

import numpy as np

from spatial.kernel import compiled
from streaming.audio.hrtf import FINE

#: Beyond this a voice cannot be heard; it fades from :data:`FADES_FROM` on, metres.
EARSHOT = 30.0
FADES_FROM = 20.0
#: A listener hears at most this many voices, the nearest.
MOST_VOICES = 24
#: A filter is kept while the voice has moved by less than this share of its distance (0.5°, half of what
#: people can tell apart: Mills, "On the minimum audible angle", 1958).
STILL = 0.008
#: Metres; whatever is nearer, or reaches less far, counts as so much.
_NEAR = 1e-3
#: Metres; no direction is looked for in anything shorter or longer.
_SHORT, _LONG = 1e-9, 1e9

#: Three measured directions, the gain of the first and the others' share of it, each ear's delay in steps.
FILTER = np.dtype(
    [
        ("corners", np.int32, 3),
        ("gain", np.float32),
        ("second", np.float32),
        ("third", np.float32),
        ("left", np.int32),
        ("right", np.int32),
    ]
)
#: A listener and a voice: its id, and where it was in the listener's head frame when its filter was made.
PAIR = np.dtype([("voice", np.int64), ("place", np.float64, 3), ("filter", FILTER)])
#: A filter that is applied to a sound in this frame.
TAP = np.dtype([("sound", np.int32), ("side", np.int32), ("filter", FILTER)])
#: Sides of the crossfade: a filter that goes, one that comes, one that stays.
GOES, COMES, STAYS = 0, 1, 2


@compiled
def distance_gain(distance, reach):
    """Return the gain at a distance in metres: 1/r beyond the reach, smoothly zero at :data:`EARSHOT`."""
    share = min(max((EARSHOT - distance) / (EARSHOT - FADES_FROM), 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share) * reach / max(distance, reach, _NEAR)


@compiled
def nearest(positions, reaches, ear, mouths, chosen, felt):
    """Choose whom a listener hears: the nearest, as far as loudness goes.

    What reaches twice as far counts as half as far away. Of equals, the first.

    Args:
        positions: (n, 3) metres, world frame.
        reaches: (n,) metres.
        ear: The listener's row.
        mouths: (m,) rows of the sounds; below zero where one is nowhere.
        chosen: (MOST_VOICES,) receives indices into `mouths`, the nearest first.
        felt: (MOST_VOICES,) scratch.

    Returns:
        How many were chosen.
    """
    count = 0
    for sound in range(mouths.size):
        row = mouths[sound]
        if row < 0 or row == ear:
            continue
        x = positions[row, 0] - positions[ear, 0]
        y = positions[row, 1] - positions[ear, 1]
        z = positions[row, 2] - positions[ear, 2]
        distance = np.sqrt(x * x + y * y + z * z)
        far = distance / max(reaches[row], _NEAR)
        if not distance < EARSHOT or (count == MOST_VOICES and not far < felt[MOST_VOICES - 1]):
            continue
        place = min(count, MOST_VOICES - 1)
        while place > 0 and far < felt[place - 1]:
            chosen[place], felt[place] = chosen[place - 1], felt[place - 1]
            place -= 1
        chosen[place], felt[place] = sound, far
        count = min(count + 1, MOST_VOICES)
    return count


@compiled
def to_head(orientation, x, y, z):
    """Rotate a vector of the world frame into a head's, by the conjugate of world_from_head (Rodrigues)."""
    a, b, c, w = -orientation[0], -orientation[1], -orientation[2], orientation[3]
    p, q, r = 2.0 * (b * z - c * y), 2.0 * (c * x - a * z), 2.0 * (a * y - b * x)
    return x + w * p + b * r - c * q, y + w * q + c * p - a * r, z + w * r + a * q - b * p


@compiled
def point(around, x, y, z, gain, made):
    """Make the filter of a direction in the head frame.

    Args:
        around: :class:`~streaming.audio.hrtf.Around`.
        x, y, z: The direction, of any length; none at all counts as straight ahead.
        gain: What to multiply with.
        made: FILTER, written.
    """
    length = np.sqrt(x * x + y * y + z * z)
    # Written so that what is no number is straight ahead, too.
    if _SHORT < length < _LONG:
        x, y, z = x / length, y / length, z / length
    else:
        x, y, z = 0.0, 0.0, -1.0
    azimuth = int(np.rint(np.degrees(np.arctan2(-x, -z)))) % 360
    elevation = int(np.rint(np.degrees(np.arcsin(min(max(y, -1.0), 1.0)))))
    triangle = around.cells[elevation + 90, azimuth]
    inverse = around.inverses[triangle]
    # Half a degree beside an edge the neighbour may be meant; then the weight is cut at zero.
    first = max(x * inverse[0, 0] + y * inverse[1, 0] + z * inverse[2, 0], 0.0)
    second = max(x * inverse[0, 1] + y * inverse[1, 1] + z * inverse[2, 1], 0.0)
    third = max(x * inverse[0, 2] + y * inverse[1, 2] + z * inverse[2, 2], 0.0)
    corners = around.triangles[triangle]
    a, b, c = corners[0], corners[1], corners[2]
    # The strongest goes first: then the other two are shares of it, and none is divided by nearly nothing.
    if second > first:
        first, second, a, b = second, first, b, a
    if third > first:
        first, third, a, c = third, first, c, a
    total = first + second + third
    made.corners[0], made.corners[1], made.corners[2] = a, b, c
    made.gain, made.second, made.third = gain * first / total, second / first, third / first
    delays = around.delays
    made.left = int(
        np.rint((first * delays[a, 0] + second * delays[b, 0] + third * delays[c, 0]) / total * FINE)
    )
    made.right = int(
        np.rint((first * delays[a, 1] + second * delays[b, 1] + third * delays[c, 1]) / total * FINE)
    )


@compiled
def _apply(made, sound, side, tap):
    """Write down that a filter is applied to a sound."""
    tap.sound, tap.side, tap.filter = sound, side, made


@compiled
def _find(pairs, count, voice):
    """Return where a voice is among a listener's pairs, or -1."""
    for index in range(count):
        if pairs[index].voice == voice:
            return index
    return -1


@compiled
def _let_go(before, kept, sounds, taps, end):
    """Have the sounds fade out that a listener no longer hears, and return where the taps end then.

    Args:
        before: (b,) PAIR of the frame before.
        kept: (MOST_VOICES,) which of them are heard now, too.
        sounds: (m,) int64, ids of what sounds, ascending.
        taps: TAP, receives theirs.
        end: Where the taps end.
    """
    for index in range(before.size):
        if kept[index]:
            continue
        voice = before[index].voice
        sound = np.searchsorted(sounds, voice)
        if sound < sounds.size and sounds[sound] == voice:
            _apply(before[index].filter, sound, GOES, taps[end])
            end += 1
    return end


@compiled
def pair_up(
    positions,
    orientations,
    reaches,
    ears,
    mouths,
    sounds,
    rows_before,
    counts_before,
    before,
    around,
    counts,
    pairs,
    begins,
    taps,
):
    """Find who hears whom now, and what is to be convolved for it.

    Args:
        positions: (n, 3) metres, world frame.
        orientations: (n, 4) world_from_head.
        reaches: (n,) metres within which each is as loud as it came.
        ears: (l,) rows of the listeners.
        mouths: (m,) rows of the sounds; below zero where one is nowhere any more.
        sounds: (m,) int64, their ids, ascending.
        rows_before: (l,) which row of `before` was each listener's; below zero for none.
        counts_before: (b,) how many pairs each had.
        before: (b, MOST_VOICES) PAIR of the frame before.
        around: :class:`~streaming.audio.hrtf.Around`.
        counts: (l,) receives how many pairs each has now.
        pairs: (l, MOST_VOICES) PAIR, receives them.
        begins: (l + 1,) receives where each listener's taps begin.
        taps: (2 * MOST_VOICES * l,) TAP, receives them.
    """
    chosen, felt = np.empty(MOST_VOICES, np.int64), np.empty(MOST_VOICES)
    kept = np.empty(MOST_VOICES, np.bool_)
    end = 0
    for row in range(ears.size):
        begins[row] = end
        ear, old = ears[row], rows_before[row]
        had = counts_before[old] if old >= 0 else 0
        kept[:] = False
        counts[row] = nearest(positions, reaches, ear, mouths, chosen, felt)
        for index in range(counts[row]):
            sound, pair = chosen[index], pairs[row, index]
            mouth = mouths[sound]
            x = positions[mouth, 0] - positions[ear, 0]
            y = positions[mouth, 1] - positions[ear, 1]
            z = positions[mouth, 2] - positions[ear, 2]
            distance = np.sqrt(x * x + y * y + z * z)
            x, y, z = to_head(orientations[ear], x, y, z)
            was = _find(before[old], had, sounds[sound]) if had else -1
            if was >= 0:
                kept[was] = True
                known = before[old, was]
                moved = (x - known.place[0]) ** 2 + (y - known.place[1]) ** 2 + (z - known.place[2]) ** 2
                if moved < (STILL * distance) ** 2:
                    pairs[row, index] = known
                    _apply(known.filter, sound, STAYS, taps[end])
                    end += 1
                    continue
                _apply(known.filter, sound, GOES, taps[end])
                end += 1
            pair.voice = sounds[sound]
            pair.place[0], pair.place[1], pair.place[2] = x, y, z
            point(around, x, y, z, distance_gain(distance, reaches[mouth]), pair.filter)
            _apply(pair.filter, sound, COMES, taps[end])
            end += 1
        if had:
            end = _let_go(before[old, :had], kept, sounds, taps, end)
    begins[ears.size] = end
