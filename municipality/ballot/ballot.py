"""One ballot: which options it approves of, and the leaf that stands for it in the log."""

import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from municipality.ballot import refusals
from municipality.ballot.merkle import leaf_hash

#: Options that a vote may have.
FEWEST_OPTIONS, MOST_OPTIONS = 2, 20
NONCE_BYTES = 32
SALT_BYTES = 16
#: Idempotency keys: printable ASCII.
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
#: "MGB1", digest of the vote's definition, choices as a bitmap, nonce.
_LEAF = struct.Struct(">4s32sI32s")
_MAGIC = b"MGB1"
_NONCE_OF = b"meta-gwangju nonce 1\0"


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot as the log keeps it. It says nothing of whose it is.

    Attributes:
        choices: Bitmap: bit n is set when option n, from 0 on, is approved of. None set is a blank ballot.
        nonce: (32,) bytes; without it nobody could be shown the log's hashes while voting goes on, for there
            are few ways to vote, and each could be hashed and compared.
    """

    choices: int
    nonce: bytes

    @property
    def numbers(self) -> tuple[int, ...]:
        """The options that it approves of, ascending."""
        return numbers(self.choices)

    def leaf(self, definition: bytes) -> bytes:
        """Return its canonical bytes, in the vote whose definition has this digest, (32,) bytes."""
        return _LEAF.pack(_MAGIC, definition, self.choices, self.nonce)

    def hash(self, definition: bytes) -> bytes:
        """Return the hash of its leaf."""
        return leaf_hash(self.leaf(definition))


def nonce_of(salt: bytes, key: str) -> bytes:
    """Return the nonce of a ballot.

    Both sides have a part in it: without the city's salt, whoever guesses a poor key would know the ballot;
    without the voter's key, the city could hand one receipt to two people who vote alike, and fill the place
    it gained with a ballot of its own (a clash attack: Küsters, Truderung and Vogt, 2012).

    Args:
        salt: (16,) bytes, the city's part.
        key: The voter's part: the idempotency key that their device drew.
    """
    return hashlib.sha256(_NONCE_OF + salt + key.encode()).digest()


def checked_key(key: object) -> str:
    """Return the voter's key.

    Raises:
        BallotRefusedError: It is none.
    """
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise refusals.key()
    return key


def bitmap(choices: Iterable[object], options: int) -> int:
    """Return the choices of a ballot as a bitmap.

    Args:
        choices: Numbers of options from 0 on, each once, in any order.
        options: How many there are.

    Raises:
        BallotRefusedError: There is no such option, or one is named twice.
    """
    chosen = 0
    for choice in choices:
        if type(choice) is not int or not 0 <= choice < options:
            raise refusals.unknown_option(choice, options)
        if chosen >> choice & 1:
            raise refusals.option_twice(choice)
        chosen |= 1 << choice
    return chosen


def numbers(choices: int) -> tuple[int, ...]:
    """Return the numbers of the options that a bitmap approves of, ascending."""
    return tuple(number for number in range(choices.bit_length()) if choices >> number & 1)


def approvals(tally: Iterable[tuple[int, int]], options: int) -> Sequence[int]:
    """Return how many approve of each option.

    Args:
        tally: Bitmaps, and how many ballots have each.
        options: How many there are.
    """
    counts = [0] * options
    for choices, ballots in tally:
        for number in numbers(choices):
            counts[number] += ballots
    return counts
