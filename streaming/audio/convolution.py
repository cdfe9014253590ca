"""Filtering and summing in the frequency domain, and the crossfade from one frame's filters to the next's.

Kernels. They see numbers of our own only, and their bounds are not checked: a loop that checks is not
vectorised.
"""

import numpy as np

from spatial.kernel import fused
from streaming.audio import FRAME
from streaming.audio.hrtf import BLOCK, HEARD, PAST, SIZE
from streaming.audio.pairs import COMES, GOES, STAYS

#: Parts of a listener's sums: what stays and goes, what comes less what goes; left, right; real, imaginary.
PARTS = 8

#: The crossfade is ½ + Σ aₖ sin kθ, k = 1, 2, 3, with θ = 2π (n − _MIDDLE) / SIZE: it rises from zero to one
#: within the frame, flat at both ends. What it does before does not matter: that is thrown away. Of so few
#: waves, it is a convolution with seven bins, and saves every second transform. With this a₃ its steepest
#: place is gentlest.
_THIRD = 0.07
_MIDDLE = PAST + (FRAME - 1) / 2
_EDGE = np.pi * FRAME / SIZE
_FIRST, _SECOND = np.linalg.solve(
    [[np.sin(_EDGE), np.sin(2.0 * _EDGE)], [np.cos(_EDGE), 2.0 * np.cos(2.0 * _EDGE)]],
    [0.5 - _THIRD * np.sin(3.0 * _EDGE), -3.0 * _THIRD * np.cos(3.0 * _EDGE)],
)


def rise() -> np.ndarray:
    """Return (SIZE,) float64, the crossfade's share of the new filters; the frame is its end."""
    angle = 2.0 * np.pi * (np.arange(SIZE) - _MIDDLE) / SIZE
    return np.asarray(
        0.5 + _FIRST * np.sin(angle) + _SECOND * np.sin(2.0 * angle) + _THIRD * np.sin(3.0 * angle)
    )


#: How many bins a bin spreads to on either side, and with which factors.
_REACH = 3
_WAVES = np.fft.fft(rise()) / SIZE
_R1, _R2, _R3 = (np.float32(wave.real) for wave in _WAVES[1:4])
_I1, _I2, _I3 = (np.float32(wave.imag) for wave in _WAVES[1:4])
_HALF = np.float32(0.5)


@fused
def _add(sum_, begin, sound, aligned, made, aligned_at, turns, turns_at):
    """Add a sound as a filter changes it to one block of a sum.

    Args:
        sum_: (3 * 4 * BLOCK,) float32: left and right, real and imaginary parts of each side.
        begin: Where the side's begin.
        sound: (2 * BLOCK,) float32, its spectrum.
        aligned: The table's blocks.
        made: FILTER.
        aligned_at: Where this block's directions begin.
        turns: The delays' blocks.
        turns_at: Where this block's steps begin.
    """
    p, q, r = made.gain, made.second, made.third
    begins = aligned_at + made.corners[0] * 4 * BLOCK
    one = aligned[begins : begins + 4 * BLOCK]
    begins = aligned_at + made.corners[1] * 4 * BLOCK
    two = aligned[begins : begins + 4 * BLOCK]
    begins = aligned_at + made.corners[2] * 4 * BLOCK
    three = aligned[begins : begins + 4 * BLOCK]
    begins = turns_at + made.left * 2 * BLOCK
    left = turns[begins : begins + 2 * BLOCK]
    begins = turns_at + made.right * 2 * BLOCK
    right = turns[begins : begins + 2 * BLOCK]
    out = sum_[begin : begin + 4 * BLOCK]
    for b in range(BLOCK):
        i, j, k = b + BLOCK, b + 2 * BLOCK, b + 3 * BLOCK
        re, im = p * sound[b], p * sound[i]
        real, imaginary = one[b] + q * two[b] + r * three[b], one[i] + q * two[i] + r * three[i]
        x, y = re * left[b] - im * left[i], re * left[i] + im * left[b]
        out[b] += x * real - y * imaginary
        out[i] += x * imaginary + y * real
        real, imaginary = one[j] + q * two[j] + r * three[j], one[k] + q * two[k] + r * three[k]
        x, y = re * right[b] - im * right[i], re * right[i] + im * right[b]
        out[j] += x * real - y * imaginary
        out[k] += x * imaginary + y * real


@fused
def accumulate(aligned, directions, turns, steps, sounds, count, begins, taps, sums):
    """Sum every listener's sounds through their filters, block by block of bins.

    Args:
        aligned: float32, :attr:`~streaming.audio.hrtf.Hrtf.aligned`, of so many `directions`.
        directions: Their number.
        turns: float32, :attr:`~streaming.audio.hrtf.Hrtf.turns`, of so many `steps`.
        steps: Their number.
        sounds: float32, the spectra of what sounds as :func:`~streaming.audio.hrtf.in_blocks` lays them out.
        count: How many sound.
        begins: (l + 1,) where each listener's taps begin.
        taps: TAP.
        sums: (l, PARTS, HEARD) float32, written.
    """
    block = np.empty(3 * 4 * BLOCK, np.float32)
    for index in range(HEARD // BLOCK):
        for row in range(begins.size - 1):
            block[:] = np.float32(0.0)
            for number in range(begins[row], begins[row + 1]):
                tap = taps[number]
                begin = (index * count + tap.sound) * 2 * BLOCK
                sound = sounds[begin : begin + 2 * BLOCK]
                at = index * directions * 4 * BLOCK, index * steps * 2 * BLOCK
                _add(block, tap.side * 4 * BLOCK, sound, aligned, tap.filter, at[0], turns, at[1])
            for part in range(4):
                goes = block[(4 * GOES + part) * BLOCK : (4 * GOES + part + 1) * BLOCK]
                comes = block[(4 * COMES + part) * BLOCK : (4 * COMES + part + 1) * BLOCK]
                stays = block[(4 * STAYS + part) * BLOCK : (4 * STAYS + part + 1) * BLOCK]
                for b in range(BLOCK):
                    sums[row, part, index * BLOCK + b] = stays[b] + goes[b]
                    sums[row, 4 + part, index * BLOCK + b] = comes[b] - goes[b]


@fused
def _spread(with_, against, sign, b):
    """Return the real part of a bin's crossfade, or, with parts and sign exchanged, the imaginary one."""
    one, two, three = with_[b + 2] + with_[b + 4], with_[b + 1] + with_[b + 5], with_[b] + with_[b + 6]
    turned = _I1 * (against[b + 4] - against[b + 2]) + _I2 * (against[b + 5] - against[b + 1])
    turned += _I3 * (against[b + 6] - against[b])
    return _HALF * with_[b + 3] + _R1 * one + _R2 * two + _R3 * three + sign * turned


@fused
def crossfade(sums, spectra):
    """Fade from what goes to what comes.

    Args:
        sums: (l, PARTS, HEARD) float32, as :func:`accumulate` leaves them.
        spectra: (l, 2, 2 * BINS) float32, real and imaginary parts in turn; written to three beyond HEARD.
    """
    real, imaginary = np.zeros(HEARD + 3 * _REACH, np.float32), np.zeros(HEARD + 3 * _REACH, np.float32)
    for row in range(len(sums)):
        for ear in range(2):
            real[_REACH : HEARD + _REACH] = sums[row, 2 * ear + 4]
            imaginary[_REACH : HEARD + _REACH] = sums[row, 2 * ear + 5]
            for b in range(_REACH):
                # Sound is real: a bin below zero is the conjugate of the one above.
                real[b], imaginary[b] = real[2 * _REACH - b], -imaginary[2 * _REACH - b]
            out, lasting, turned = spectra[row, ear], sums[row, 2 * ear], sums[row, 2 * ear + 1]
            for b in range(HEARD):
                out[2 * b] = lasting[b] + _spread(real, imaginary, np.float32(1.0), b)
                out[2 * b + 1] = turned[b] + _spread(imaginary, real, np.float32(-1.0), b)
            for b in range(HEARD, HEARD + _REACH):
                out[2 * b] = _spread(real, imaginary, np.float32(1.0), b)
                out[2 * b + 1] = _spread(imaginary, real, np.float32(-1.0), b)
