import asyncio
import io
import json
import random
from dataclasses import dataclass, replace

import pytest

from municipality.ballot import (
    CityKey,
    Receipt,
    ReceiptError,
    State,
    Verification,
    export,
    read_receipt,
    verify,
)
from municipality.ballot.ballot import Ballot
from municipality.ballot.city_key import fingerprint_of
from municipality.ballot.definition import digest
from municipality.ballot.merkle import Tree, leaf_hash
from municipality.ballot.receipt import LONGEST_RECEIPT
from municipality.ballot.statements import Ending, TreeHead, ending_statement
from municipality.errors import NotFoundError, VoteNotOpenError
from municipality.journal import canonical
from municipality.store import Store
from tests.support.voters import KEY, START, officer, polls


@dataclass(frozen=True)
class Told:
    """What a vote left behind.

    Attributes:
        counted: Its export, closed.
        going_on: Its export before.
        receipts: Of all its ballots.
    """

    counted: bytes
    going_on: bytes
    receipts: tuple[Receipt, ...]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    store = Store(tmp_path_factory.mktemp("told") / "city.sqlite3")

    async def body() -> Told:
        async with polls(store) as city:
            vote = city.open().definition.vote
            receipts = [await city.cast(1, vote, 0, 1)]
            receipts += await asyncio.gather(*(city.cast(n, vote, n % 3) for n in range(2, 8)))
            receipts.append(await city.cast(8, vote))
            going_on = text(store, vote)
            city.clock.now += 3600
            with pytest.raises(VoteNotOpenError):
                await city.cast(9, vote)
            return Told(text(store, vote), going_on, tuple(receipts))

    with store:
        return asyncio.run(body())


def text(store: Store, vote: int) -> bytes:
    return "".join(export(store, vote)).encode()


def check(data: bytes, *receipts: Receipt, fingerprint: str | None = KEY.fingerprint) -> Verification:
    return verify(io.BytesIO(data), receipts, fingerprint)


def test_an_export_verifies_and_is_recounted(told: Told) -> None:
    found = check(told.counted, *told.receipts)
    assert found.passed, found.faults
    assert (found.ballots, found.heads) == (8, 4)
    assert found.approvals == (3, 3, 2)
    assert found.counted == {0: 1, 1: 2, 2: 2, 4: 2, 3: 1}
    assert found.ending is not None
    assert found.ending.state is State.CLOSED
    assert found.fingerprint == fingerprint_of(KEY.public)


def test_a_vote_that_goes_on_verifies_without_a_count(told: Told) -> None:
    found = check(told.going_on, *told.receipts)
    assert found.passed, found.faults
    assert (found.counted, found.ending, found.approvals) == (None, None, ())
    assert b"choices" not in told.going_on.split(b"\n", 2)[2]


def test_the_log_of_a_vote_that_went_on_is_the_beginning_of_the_counted_one(told: Told) -> None:
    assert check(told.going_on).root == check(told.counted).root


@pytest.mark.parametrize("which", ["counted", "going_on"])
def test_one_flipped_byte_anywhere_does_not_verify_and_is_said_where(told: Told, which: str) -> None:
    data, chance = getattr(told, which), random.Random(518)
    for at in range(len(data)):
        bad = bytearray(data)
        bad[at] ^= 1 << chance.randrange(8)
        found = check(bytes(bad), fingerprint=None)
        assert not found.passed, (at, bytes(bad[at - 20 : at + 20]))
        ko, en = found.faults[0]
        assert any(word in en for word in ("Line ", "Lines ", "complete", "hides", "shows")), en
        assert ko


def test_each_flipped_bit_of_one_ballot_names_its_line(told: Told) -> None:
    lines = told.counted.split(b"\n")
    number = next(at for at, line in enumerate(lines) if b"nonce" in line)
    for at in range(len(lines[number])):
        for bit in range(8):
            bad = bytearray(lines[number])
            bad[at] ^= 1 << bit
            found = check(b"\n".join([*lines[:number], bytes(bad), *lines[number + 1 :]]))
            assert not found.passed
            first = found.faults[0][1]
            assert f"Line {number + 1}" in first or f"Line {number + 2}" in first, first


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: lines[:-2],
        lambda lines: lines[:3] + lines[4:],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines, b"{}\n"],
        lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
        lambda lines: [*lines[:3], lines[3], lines[3], *lines[4:]],
        lambda lines: lines[:2] + lines[3:],
        lambda lines: [*lines[:2], *[line for line in lines[2:-1] if b"root" not in line], lines[-1]],
        lambda lines: [*lines[:-1], b'{"ending":null}\n'],
        lambda lines: [b"\n", *lines],
        lambda lines: lines[1:],
        lambda lines: lines[:0],
        lambda lines: [lines[0]],
        lambda lines: lines[:2],
        lambda lines: [b"[" * 60_000 + lines[0][-1:]],
        lambda lines: [*lines[:2], b"x" * 100_000],
        lambda lines: [line.replace(b"\n", b"\r\n") for line in lines],
    ],
)
def test_what_is_missing_added_or_moved_does_not_verify(told: Told, change: object) -> None:
    lines = told.counted.splitlines(keepends=True)
    found = check(b"".join(change(lines)))  # type: ignore[operator] -- a list of lambdas
    assert not found.passed
    assert found.faults


def test_a_result_that_the_city_did_not_count_is_found_even_when_it_is_signed(told: Told) -> None:
    lines = told.counted.splitlines(keepends=True)
    ending = json.loads(lines[-1])["ending"]
    for change in ({"approvals": [4, 3, 2]}, {"blank": 0}, {"size": 7}, {"root": "00" * 32}):
        said = canonical(ending | change)
        signature = KEY.sign(ending_statement(digest(lines[1][:-1].decode()), said))
        forged = f'{{"ending":{said},"signature":"{signature.hex()}"}}\n'.encode()
        found = check(b"".join([*lines[:-1], forged]))
        assert not found.passed
        assert "result" in found.faults[0][1]


def test_another_citys_key_is_noticed_when_one_is_expected(told: Told) -> None:
    assert not check(told.counted, fingerprint=CityKey(bytes(32)).fingerprint).passed
    assert check(told.counted, fingerprint=None).passed


def test_a_receipt_that_says_anything_else_does_not_verify(told: Told) -> None:
    mine = told.receipts[3]
    value = mine.as_json()
    for at, character in enumerate(mine.text()):
        for other in {chr(ord(character) ^ 1), chr(ord(character) ^ 2), "0", "f", " "} - {character}:
            text = mine.text()[:at] + other + mine.text()[at + 1 :]
            try:
                if json.loads(text) == value:
                    continue  # says the same
            except ValueError:
                pass
            try:
                read = read_receipt(text)
            except ReceiptError:
                continue
            found = check(told.counted, read)
            assert not found.passed, text


def test_a_receipt_for_another_ballot_or_vote_does_not_verify(told: Told) -> None:
    mine = told.receipts[3]
    for other in (
        replace(mine, vote=mine.vote + 1),
        replace(mine, definition=bytes(32)),
        replace(mine, choices=mine.choices ^ 1),
        replace(mine, index=mine.index + 1),
        replace(mine, key="another"),
        replace(mine, head=told.receipts[0].head),
    ):
        found = check(told.counted, other)
        assert not found.passed
        assert "receipt" in found.faults[0][1]


def test_two_logs_signed_by_one_city_are_told_apart_by_a_receipt(told: Told) -> None:
    """The city shows one voter a log of their own, which holds their ballot where the public one does."""
    mine = told.receipts[0]
    other = Tree()
    for leaf in (mine.ballot.hash(mine.definition), leaf_hash(b"another")):
        other.append(leaf)
    head = TreeHead.sign(KEY, mine.definition, 2, other.root)
    split = replace(mine, head=head, proof=(leaf_hash(b"another"),))
    split.check()
    found = check(told.counted, split)
    assert [en for _, en in found.faults] == [
        "Line 6: the log of 2 ballots is not the one signed on the receipt."
    ]


class Forger:
    """The city itself writes an export by hand, and signs whatever it likes."""

    def __init__(self, told: Told) -> None:
        self.lines = told.counted.splitlines()[:2]
        self.digest = digest(self.lines[1].decode())
        self.tree = Tree()
        self.head()

    def head(self, size: int | None = None) -> None:
        size = self.tree.size if size is None else size
        head = TreeHead.sign(KEY, self.digest, size, self.tree.root)
        self.add({"root": head.root.hex(), "signature": head.signature.hex(), "size": size})

    def ballot(self, choices: int, *, sealed: bool = False) -> None:
        ballot = Ballot(choices, bytes(31) + bytes([self.tree.size]))
        self.tree.append(ballot.hash(self.digest))
        shown = {"choices": choices, "nonce": ballot.nonce.hex()}
        self.add({"leaf": ballot.hash(self.digest).hex()} if sealed else shown)

    def end(self, blank: int, *approvals: int) -> bytes:
        text = Ending(State.CLOSED, START, self.tree.size, self.tree.root, blank, approvals).text()
        signature = KEY.sign(ending_statement(self.digest, text)).hex()
        self.lines.append(f'{{"ending":{text},"signature":"{signature}"}}'.encode())
        return b"".join(line + b"\n" for line in self.lines)

    def add(self, value: dict[str, object]) -> None:
        self.lines.append(canonical(value).encode())


def faults(data: bytes, *receipts: Receipt) -> list[str]:
    return [en for _, en in check(data, *receipts).faults]


def test_what_the_city_forges_with_its_own_key_is_found(told: Told) -> None:
    honest = Forger(told)
    honest.ballot(1)
    honest.head()
    assert faults(honest.end(0, 1, 0, 0)) == []

    other_size = Forger(told)
    other_size.ballot(1)
    other_size.head(size=2)
    assert any("not as the signed log has it" in en for en in faults(other_size.end(0, 1, 0, 0)))

    uncovered = Forger(told)
    uncovered.ballot(1)
    assert faults(uncovered.end(0, 1, 0, 0)) == ["Line 5: the last ballots have no signed tree head."]

    twice = Forger(told)
    twice.head()
    assert faults(twice.end(0, 0, 0, 0)) == ["Line 4: a tree head comes twice."]

    beyond = Forger(told)
    beyond.ballot(9)
    beyond.head()
    assert any("options that are not there" in en for en in faults(beyond.end(0, 1, 0, 0)))

    hidden = Forger(told)
    hidden.ballot(1, sealed=True)
    hidden.head()
    assert faults(hidden.end(0, 0, 0, 0)) == ["A vote that is closed hides ballots."]


def test_a_ballot_that_the_city_exchanged_is_named_by_the_receipt(told: Told) -> None:
    forged = Forger(told)
    for _ in told.receipts:
        forged.ballot(1)
    forged.head()
    found = faults(forged.end(0, 8, 0, 0), told.receipts[3])
    assert found[0] == "Line 7: ballot 3 differs from the receipt."


def test_a_true_receipt_of_another_vote_is_told_apart(told: Told, sqlite_store: Store) -> None:
    async def body() -> Receipt:
        async with polls(sqlite_store) as city:
            for _ in range(2):
                vote = city.open().definition.vote
            return await city.cast(1, vote, 0, 1)

    other = asyncio.run(body())
    other.check()
    assert faults(told.counted, other) == ["The receipt is of another vote (2)."]
    assert faults(told.counted, replace(told.receipts[0], vote=2)) == [
        "The number of the vote on the receipt (vote) is wrong."
    ]


def test_a_receipt_whose_ballot_was_taken_out_does_not_verify(told: Told) -> None:
    """The city signs another log than it gave a receipt for: the one thing that it must not get away with."""
    shorter = told.counted.splitlines(keepends=True)
    found = check(b"".join([*shorter[:5], shorter[-1]]), told.receipts[-1])
    assert any("receipt" in en for _, en in found.faults)


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", "7", '"x"', "[" * 5000, "{" * 5000, "x" * (LONGEST_RECEIPT + 1), '{"format":1}'],
)
def test_what_is_no_receipt_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ReceiptError) as refused:
        read_receipt(text)
    assert "영수증" in refused.value.ko


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "meta-gwangju receipt 2"),
        ("vote", -1),
        ("vote", 1.0),
        ("vote", True),
        ("index", 2**53),
        ("choices", [0, 0]),
        ("choices", [32]),
        ("choices", "0"),
        ("choices", [1, 0]),
        ("key", ""),
        ("key", "a b"),
        ("leaf", "00" * 32),
        ("root", "AA" * 32),
        ("proof", ["00" * 32] * 55),
        ("proof", ["00"]),
        ("proof", {}),
        ("more", 1),
    ],
)
def test_a_receipt_with_a_strange_value_is_refused(told: Told, name: str, value: object) -> None:
    with pytest.raises(ReceiptError):
        read_receipt(json.dumps(told.receipts[0].as_json() | {name: value}))
    assert read_receipt(json.dumps(told.receipts[0].as_json(), indent=2)) == told.receipts[0]


def test_exports_of_every_state_verify_on_both_databases(store: Store) -> None:
    async def body() -> None:
        async with polls(store) as city:
            empty, cancelled = city.open().definition.vote, city.open().definition.vote
            await asyncio.gather(*(city.cast(n, cancelled, 0) for n in range(1, 20)))
            city.votes.cancel(officer(), cancelled, "잘못 물었어요.", now=START)
            assert check(text(store, empty)).passed
            city.clock.now += 3600
            await city.has_closed.wait()
            for vote, state in ((empty, State.CLOSED), (cancelled, State.CANCELLED)):
                found = check(text(store, vote))
                assert found.passed, found.faults
                assert found.ending is not None
                assert found.ending.state is state
            assert b"choices" not in text(store, cancelled).split(b"\n", 2)[2]
            with pytest.raises(NotFoundError):
                text(store, 99)

    asyncio.run(body())
