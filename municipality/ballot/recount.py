"""Anybody's check of a vote from its export alone: every signature, the log, the count, and receipts."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import BinaryIO

from municipality.ballot.ballot import Ballot
from municipality.ballot.city_key import fingerprint_of, signed
from municipality.ballot.definition import Definition, digest
from municipality.ballot.export import FORMAT
from municipality.ballot.merkle import Tree
from municipality.ballot.receipt import Receipt, ReceiptError
from municipality.ballot.statements import Ending, State, TreeHead, ending_statement
from municipality.ballot.verification import UnreadableError, Verification, unreadable
from municipality.journal import canonical

#: Bytes; a definition with the longest texts in it has about 40,000.
LONGEST_LINE = 65_536
_HASH = "([0-9a-f]{64})"
_NUMBER = "(0|[1-9][0-9]{0,15})"
_BALLOT = re.compile(f'{{"choices":{_NUMBER},"nonce":"{_HASH}"}}')
_LEAF = re.compile(f'{{"leaf":"{_HASH}"}}')
_HEAD = re.compile(f'{{"root":"{_HASH}","signature":"([0-9a-f]{{128}})","size":{_NUMBER}}}')
_ENDING = re.compile(r'\{"ending":(\{.*\}),"signature":"([0-9a-f]{128})"\}')
_GOES_ON = '{"ending":null}'


def verify(
    file: BinaryIO,
    receipts: Sequence[Receipt] = (),
    fingerprint: str | None = None,
    roots: Mapping[int, str] = MappingProxyType({}),
) -> Verification:
    """Check an export.

    Args:
        file: What :func:`municipality.ballot.export.export` wrote, in UTF-8.
        receipts: Must be of this vote, and in its log.
        fingerprint: What the city's key must have, hexadecimal; None takes the key in the export at its word.
        roots: Roots of the log that somebody saw earlier, by its size, hexadecimal.
    """
    found = Verification()
    try:
        _Check(found, receipts, fingerprint, roots).read(_lines(file))
    except UnreadableError as error:
        found.blame(*error.args)
    return found


def _lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise unreadable(number) from None
        if not text.endswith("\n"):
            raise UnreadableError(
                f"{number}째 줄이 끝나지 않았거나 너무 깁니다.",
                f"Line {number} does not end, or is too long.",
            )
        yield number, text[:-1]


class _Check:
    """Reads an export line by line."""

    def __init__(
        self,
        found: Verification,
        receipts: Sequence[Receipt],
        fingerprint: str | None,
        roots: Mapping[int, str],
    ) -> None:
        self._found = found
        self._receipts = receipts
        self._seen = dict(roots)
        self._fingerprint = fingerprint
        self._tree = Tree()
        self._tally: dict[int, int] = {}
        self._sealed = 0
        self._digest = b""
        self._city = b""
        self._options = 0
        #: Size of the last signed head that the ballots make; where they first do not, all later differ.
        self._good = -1
        self._broken = False
        #: Receipts by the index of their ballot, and by the size of the log that was signed for them.
        self._expected: dict[int, list[Receipt]] = {}
        self._promised: dict[int, list[Receipt]] = {}

    def read(self, lines: Iterable[tuple[int, str]]) -> None:
        """Check all.

        Raises:
            UnreadableError: The rest cannot be understood.
        """
        found, ended, text = self._found, False, ""
        numbered = iter(lines)
        self._read_definition(numbered)
        for number, text in numbered:
            if ended:
                raise unreadable(number)
            if ballot := _BALLOT.fullmatch(text):
                self._ballot(number, Ballot(int(ballot[1]), bytes.fromhex(ballot[2])))
            elif leaf := _LEAF.fullmatch(text):
                self._sealed += 1
                self._append(number, bytes.fromhex(leaf[1]))
            elif head := _HEAD.fullmatch(text):
                self._head(number, TreeHead(int(head[3]), bytes.fromhex(head[1]), bytes.fromhex(head[2])))
            else:
                self._end(number, text)
                ended = True
        found.ballots, found.root = self._tree.size, self._tree.root.hex()
        if not ended:
            raise UnreadableError("파일이 끝까지 있지 않습니다.", "The file is not complete.")
        self._missing()

    def _missing(self) -> None:
        """Blame what the log never came to."""
        for late in (receipt for some in self._promised.values() for receipt in some):
            self._found.blame(
                f"영수증의 표 {late.index}이(가) 있던 기록이 여기서는 더 짧습니다.",
                f"The log that the receipt of ballot {late.index} was signed for is cut short here.",
            )
        for size in sorted(self._seen):
            self._found.blame(
                f"전에 본 기록(표 {size}장)보다 여기의 기록이 짧습니다.",
                f"The log of {size} ballots that was seen before is cut short here.",
            )

    def _read_definition(self, lines: Iterator[tuple[int, str]]) -> None:
        found = self._found
        first, second = next(lines, (1, ""))[1], next(lines, (2, ""))[1]
        self._digest = digest(second)
        if first != canonical({"format": FORMAT, "definition": self._digest.hex()}):
            raise UnreadableError(
                "1째 줄이 투표 내보내기의 머리가 아니거나, 2째 줄(투표의 정의)이 그 해시와 다릅니다.",
                "Line 1 does not head a vote's export, or line 2 (its definition) differs from its hash.",
            )
        try:
            found.definition = Definition.from_json(json.loads(second))
        except (ValueError, TypeError, KeyError, RecursionError):
            raise unreadable(2) from None
        self._city = found.definition.city
        self._options = len(found.definition.draft.options)
        found.fingerprint = fingerprint_of(self._city)
        if self._fingerprint is not None and self._fingerprint != found.fingerprint:
            found.blame(
                f"도시의 열쇠가 다릅니다: 지문 {found.fingerprint}, 기대한 지문 {self._fingerprint}.",
                f"The city's key is another: its fingerprint is {found.fingerprint}, "
                f"not {self._fingerprint}.",
            )
        for receipt in self._receipts:
            self._expect(receipt)

    def _expect(self, receipt: Receipt) -> None:
        try:
            receipt.check()
        except ReceiptError as error:
            self._found.blame(error.ko, error.en)
            return
        if receipt.definition != self._digest or receipt.city != self._city:
            self._found.blame(
                f"영수증은 다른 투표({receipt.vote})의 것입니다.",
                f"The receipt is of another vote ({receipt.vote}).",
            )
            return
        definition = self._found.definition
        if definition is not None and receipt.vote != definition.vote:
            self._found.blame(
                "영수증의 투표 번호(vote)가 다릅니다.",
                "The number of the vote on the receipt (vote) is wrong.",
            )
        self._expected.setdefault(receipt.index, []).append(receipt)
        self._promised.setdefault(receipt.head.size, []).append(receipt)

    def _ballot(self, number: int, ballot: Ballot) -> None:
        if ballot.choices >> self._options:
            self._found.blame(
                f"{number}째 줄의 표 {self._tree.size}에 없는 선택지가 있습니다.",
                f"Line {number}: ballot {self._tree.size} approves of options that are not there.",
            )
            return
        self._tally[ballot.choices] = self._tally.get(ballot.choices, 0) + 1
        self._append(number, ballot.hash(self._digest))

    def _append(self, number: int, leaf: bytes) -> None:
        for receipt in self._expected.pop(self._tree.size, ()):
            if receipt.ballot.hash(self._digest) != leaf:
                self._found.blame(
                    f"{number}째 줄의 표 {receipt.index}이(가) 영수증과 다릅니다.",
                    f"Line {number}: ballot {receipt.index} differs from the receipt.",
                )
        if not self._found.heads and not self._tree.size:
            self._found.blame(
                f"{number}째 줄: 빈 기록의 서명된 나무 머리가 빠졌습니다.",
                f"Line {number}: the signed tree head of the empty log is missing.",
            )
        self._tree.append(leaf)
        self._compare_seen(number)
        for receipt in self._promised.pop(self._tree.size, ()):
            if receipt.head.root != self._tree.root:
                self._found.blame(
                    f"{number}째 줄: 표 {self._tree.size}장의 기록이 영수증에 서명된 기록과 다릅니다.",
                    f"Line {number}: the log of {self._tree.size} ballots is not "
                    "the one signed on the receipt.",
                )

    def _compare_seen(self, number: int) -> None:
        if self._seen.pop(self._tree.size, root := self._tree.root.hex()) != root:
            self._found.blame(
                f"{number}째 줄: 표 {self._tree.size}장의 기록이 전에 본 뿌리와 다릅니다.",
                f"Line {number}: the log of {self._tree.size} ballots has another root than was seen before.",
            )

    def _head(self, number: int, head: TreeHead) -> None:
        found, size = self._found, self._tree.size
        found.heads += 1
        if not head.is_signed_by(self._city, self._digest):
            found.blame(
                f"{number}째 줄: 나무 머리의 서명이 맞지 않습니다.",
                f"Line {number}: the signature of the tree head does not fit.",
            )
        elif not self._broken and (head.size != size or head.root != self._tree.root):
            self._broken = True
            suspects = f"{max(self._good, 0)}–{max(size, 1) - 1}"
            found.blame(
                f"{number}째 줄: 표 {suspects} 가운데 하나가 서명된 기록과 다릅니다.",
                f"Line {number}: one of the ballots {suspects} is not as the signed log has it.",
            )
        elif not self._broken:
            if size == self._good:
                found.blame(
                    f"{number}째 줄: 같은 나무 머리가 또 있습니다.",
                    f"Line {number}: a tree head comes twice.",
                )
            self._good = size

    def _end(self, number: int, text: str) -> None:
        found = self._found
        if self._good != self._tree.size and not self._broken:
            found.blame(
                f"{number}째 줄: 마지막 표들에 서명된 나무 머리가 없습니다.",
                f"Line {number}: the last ballots have no signed tree head.",
            )
        if text == _GOES_ON:
            if self._tally:
                found.blame(
                    "끝나지 않은 투표의 표가 열려 있습니다.", "A vote that goes on shows its ballots."
                )
            return
        ending = _ENDING.fullmatch(text)
        if ending is None:
            raise unreadable(number)
        statement = ending_statement(self._digest, ending[1])
        if not signed(self._city, statement, bytes.fromhex(ending[2])):
            found.blame(
                f"{number}째 줄: 결과의 서명이 맞지 않습니다.",
                f"Line {number}: the signature of the result does not fit.",
            )
            return
        try:
            found.ending = Ending.from_json(json.loads(ending[1]))
        except (ValueError, TypeError, KeyError, RecursionError):
            raise unreadable(number) from None
        self._compare(number, found.ending)

    def _compare(self, number: int, ending: Ending) -> None:
        found = self._found
        if (ending.size, ending.root) != (self._tree.size, self._tree.root):
            found.blame(
                f"{number}째 줄: 결과에 적힌 기록(표 {ending.size}장)이 "
                f"여기의 기록(표 {self._tree.size}장)과 다릅니다.",
                f"Line {number}: the result is of another log ({ending.size} ballots) than this "
                f"({self._tree.size} ballots).",
            )
        if ending.state is State.CANCELLED:
            return
        found.counted = self._tally
        if self._sealed:
            found.blame("닫힌 투표의 표가 가려져 있습니다.", "A vote that is closed hides ballots.")
        ours = (self._tally.get(0, 0), found.approvals)
        if (ending.blank, ending.approvals) != ours:
            found.blame(
                f"{number}째 줄: 적힌 결과 {ending.approvals}, 백지 {ending.blank}이(가) "
                f"다시 센 {ours[1]}, 백지 {ours[0]}과 다릅니다.",
                f"Line {number}: the result says {ending.approvals} and {ending.blank} blank, "
                f"a recount says {ours[1]} and {ours[0]} blank.",
            )
