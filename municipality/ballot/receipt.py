"""What a voter takes home: proof that their ballot stands in the log as they cast it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from municipality.ballot.ballot import Ballot, bitmap, checked_key, nonce_of, numbers
from municipality.ballot.merkle import LONGEST_PROOF, verify_inclusion
from municipality.ballot.statements import TreeHead
from municipality.errors import BallotRefusedError
from municipality.journal import canonical

FORMAT = "meta-gwangju receipt 1"
#: Characters; one with the longest proof and key has about 4,500.
LONGEST_RECEIPT = 8192
_LARGEST = 2**53 - 1


class ReceiptError(ValueError):
    """A receipt that proves nothing.

    Attributes:
        ko: What is wrong, in Korean.
        en: The same in English.
    """

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.ko = ko
        self.en = en


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt.

    Attributes:
        vote: Number of the vote.
        definition: Digest of what the vote is about, (32,) bytes.
        city: Public key of the city, (32,) bytes.
        index: Where in the log the ballot stands, from 0 on.
        choices: Bitmap.
        salt: The city's part in the nonce, (16,) bytes.
        key: The voter's part.
        head: The log when the ballot had been added.
        proof: Of inclusion in it, each (32,) bytes.
    """

    vote: int
    definition: bytes
    city: bytes
    index: int
    choices: int
    salt: bytes
    key: str
    head: TreeHead
    proof: tuple[bytes, ...]

    @property
    def ballot(self) -> Ballot:
        """The ballot that it is for."""
        return Ballot(self.choices, nonce_of(self.salt, self.key))

    def as_json(self) -> dict[str, Any]:
        """Return it as values of JSON, bytes in hexadecimal."""
        ballot = self.ballot
        return {
            "format": FORMAT,
            "vote": self.vote,
            "definition": self.definition.hex(),
            "city": self.city.hex(),
            "index": self.index,
            "choices": list(numbers(self.choices)),
            "salt": self.salt.hex(),
            "key": self.key,
            "leaf": ballot.hash(self.definition).hex(),
            "size": self.head.size,
            "root": self.head.root.hex(),
            "signature": self.head.signature.hex(),
            "proof": [one.hex() for one in self.proof],
        }

    def text(self) -> str:
        """Return it as one line of JSON."""
        return canonical(self.as_json())

    def check(self) -> None:
        """Check all that it says by itself.

        Raises:
            ReceiptError: The city did not sign it, or the ballot does not stand in what was signed.
        """
        if not self.head.is_signed_by(self.city, self.definition):
            raise ReceiptError(
                "영수증의 서명이 맞지 않습니다(definition, city, size, root, signature 중 하나).",
                "The receipt's signature does not fit (definition, city, size, root or signature).",
            )
        leaf = self.ballot.hash(self.definition)
        if not verify_inclusion(leaf, self.index, self.head.size, self.proof, self.head.root):
            raise ReceiptError(
                "영수증의 표가 서명된 기록에 들어 있지 않습니다(index, choices, salt, key, proof 중 하나).",
                "The receipt's ballot does not stand in the log that was signed "
                "(index, choices, salt, key or proof).",
            )


def read_receipt(text: str) -> Receipt:
    """Read what :meth:`Receipt.text` wrote; spaces between its values may have changed.

    Raises:
        ReceiptError: It is no receipt.
    """
    if len(text) > LONGEST_RECEIPT:
        raise _unreadable("")
    try:
        value = json.loads(text, object_pairs_hook=_distinct)
    except (ValueError, RecursionError) as error:
        raise _unreadable("") from error
    if not isinstance(value, dict) or value.keys() != _FIELDS.keys():
        raise _unreadable("")
    for name, fits in _FIELDS.items():
        if not fits(value[name]):
            raise _unreadable(name)
    try:
        choices = bitmap(value["choices"], 32)
        key = checked_key(value["key"])
    except BallotRefusedError as error:
        raise _unreadable("choices, key") from error
    head = TreeHead(value["size"], bytes.fromhex(value["root"]), bytes.fromhex(value["signature"]))
    receipt = Receipt(
        value["vote"],
        bytes.fromhex(value["definition"]),
        bytes.fromhex(value["city"]),
        value["index"],
        choices,
        bytes.fromhex(value["salt"]),
        key,
        head,
        tuple(bytes.fromhex(one) for one in value["proof"]),
    )
    if receipt.as_json() != value:
        raise _unreadable("leaf, choices")
    return receipt


def _hexadecimal(size: int) -> Callable[[Any], bool]:
    digits = re.compile(f"[0-9a-f]{{{2 * size}}}")
    return lambda value: isinstance(value, str) and digits.fullmatch(value) is not None


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= LONGEST_PROOF


_HASH = _hexadecimal(32)
_FIELDS = MappingProxyType[str, Callable[[Any], bool]](
    {
        "format": lambda value: value == FORMAT,
        "vote": _is_number,
        "definition": _HASH,
        "city": _HASH,
        "index": _is_number,
        "choices": _is_list,
        "salt": _hexadecimal(16),
        "key": lambda value: isinstance(value, str),
        "leaf": _HASH,
        "size": _is_number,
        "root": _HASH,
        "signature": _hexadecimal(64),
        "proof": lambda value: _is_list(value) and all(map(_HASH, value)),
    }
)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice")
    return value


def _unreadable(where: str) -> ReceiptError:
    ko, en = (f"({where})", f" ({where})") if where else ("", "")
    return ReceiptError(
        f"영수증을 읽을 수 없습니다{ko}. 받은 그대로의 파일인지 확인하세요.",
        f"This is no receipt that can be read{en}. Use the file as it was given.",
    )
