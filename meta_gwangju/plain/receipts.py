"""Receipts of ballots: kept as a file, and checked against the log as it stands."""

from dataclasses import dataclass

from starlette.responses import Response

from meta_gwangju.plain.door import Pages
from meta_gwangju.plain.rendering import Fault
from meta_gwangju.plain.visit import Visit
from municipality.ballot import Receipt, ReceiptError, Vote, read_receipt
from municipality.ballot.merkle import verify_consistency
from municipality.ballot.receipt import LONGEST_RECEIPT
from municipality.errors import NotFoundError

_FILE_BYTES = 128 * 1024

pages = Pages()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        passed: Whether it is as it must be.
        ko, en: What it is.
    """

    passed: bool
    ko: str
    en: str


@pages.post("/votes/receipt")
def keep(visit: Visit) -> Response:
    """Return a receipt as a file; nothing but a receipt comes back."""
    try:
        receipt = read_receipt(visit.form.get("receipt"))
    except ReceiptError as error:
        return _form(visit, error, visit.form.get("receipt"))
    name = f"receipt-{receipt.vote}-{receipt.index}.json"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(receipt.text() + "\n", media_type="application/json", headers=headers)


@pages.get("/votes/verify")
def ask(visit: Visit) -> Response:
    """Ask for a receipt."""
    return _form(visit, None, "")


@pages.post("/votes/verify", most_bytes=_FILE_BYTES)
def check(visit: Visit) -> Response:
    """Check a receipt, pasted or uploaded."""
    uploaded = visit.form.files.get("file", b"")[: LONGEST_RECEIPT + 1]
    text = uploaded.decode("utf-8", errors="replace") or visit.form.get("receipt")
    try:
        receipt = read_receipt(text.strip())
    except ReceiptError as error:
        return _form(visit, error, text[:LONGEST_RECEIPT])
    try:
        vote = visit.offices.votes.get(receipt.vote, now=visit.now)
    except NotFoundError as error:
        return _form(visit, ReceiptError(error.ko, error.en), text)
    checks = _checks(visit, receipt, vote)
    options = [option for n, option in enumerate(vote.definition.draft.options) if receipt.choices >> n & 1]
    return visit.page(
        "receipt_check.html",
        vote=vote,
        receipt=receipt,
        checks=checks,
        passed=all(one.passed for one in checks),
        options=options,
    )


def _checks(visit: Visit, receipt: Receipt, vote: Vote) -> list[Check]:
    return [
        Check(
            _holds_by_itself(receipt),
            "영수증의 서명과 증명이 맞아요: 시가 서명한 기록에 이 표가 들어 있었어요.",
            "The receipt's signature and proof fit: the ballot stood in a log that the city signed.",
        ),
        Check(
            receipt.city == vote.definition.city and receipt.definition == vote.digest,
            "이 도시의 바로 이 투표의 영수증이에요.",
            "It is a receipt of this very vote of this city.",
        ),
        Check(
            _stands(visit, receipt),
            "지금의 기록에도 같은 자리에 이 표가 그대로 있어요.",
            "The ballot stands unchanged at the same place of the log as it is now.",
        ),
        Check(
            _has_only_grown(visit, receipt),
            "영수증을 받은 뒤로 기록은 뒤에 덧붙기만 했어요.",
            "Since the receipt was given, the log has only grown at its end.",
        ),
    ]


def _holds_by_itself(receipt: Receipt) -> bool:
    try:
        receipt.check()
    except ReceiptError:
        return False
    return True


def _stands(visit: Visit, receipt: Receipt) -> bool:
    leaf = receipt.ballot.hash(receipt.definition)
    try:
        return visit.offices.votes.inclusion(receipt.vote, leaf).index == receipt.index
    except NotFoundError:
        return False


def _has_only_grown(visit: Visit, receipt: Receipt) -> bool:
    now = visit.offices.votes.head(receipt.vote)
    if receipt.head.size > now.size:
        return False
    proof = visit.offices.votes.consistency(receipt.vote, receipt.head.size, now.size)
    return verify_consistency(receipt.head.size, now.size, receipt.head.root, now.root, proof)


def _form(visit: Visit, error: ReceiptError | None, text: str) -> Response:
    faults = [] if error is None else [Fault("receipt", error.ko, error.en)]
    return visit.page("receipt_form.html", status=422 if faults else 200, faults=faults, text=text)
