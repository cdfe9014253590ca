"""`export-vote` and `verify-vote`: a vote written out, and checked by anybody from the file."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from meta_gwangju.console import out
from meta_gwangju.errors import ExportError, SettingsError, StartError
from municipality.ballot import Receipt, ReceiptError, State, Verification, export, read_receipt, verify
from municipality.ballot.receipt import LONGEST_RECEIPT
from municipality.errors import NotFoundError, StoreError
from municipality.store import Store

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_ROOT = re.compile(r"([1-9][0-9]{0,15}):([0-9a-f]{64})")


def export_vote(database: Path | str, vote: int, file: Path) -> None:
    """Write a vote of a city, which may be open meanwhile.

    Raises:
        StartError: There is no such database or vote, or the file cannot be written.
    """
    if isinstance(database, Path) and not database.is_file():
        raise ExportError(
            f"데이터베이스 {database}이(가) 없습니다. --data로 도시의 폴더를 알려 주세요.",
            f"There is no database {database}. Name the city's folder with --data.",
        )
    try:
        with Store(database) as store:
            parts = export(store, vote)
            first = next(parts)  # a vote that is not there leaves no file behind
            with file.open("w", encoding="utf-8", newline="\n") as opened:
                opened.write(first)
                opened.writelines(parts)
    except (StoreError, NotFoundError) as error:
        raise StartError(error.ko, error.en) from error
    except OSError as error:
        raise ExportError(
            f"{file}에 쓸 수 없습니다: {error.strerror}. 경로와 남은 공간을 확인하세요.",
            f"{file} cannot be written: {error.strerror}. Check the path and the space left.",
        ) from error


def verify_vote(
    file: Path, receipts: Sequence[str], fingerprint: str | None, roots: Sequence[str] = ()
) -> bool:
    """Check an export, print what was found, and return whether all is well.

    Args:
        file: What `export-vote` or `/api/v1/votes/N/export` wrote.
        receipts: Files of receipts; `-` reads one from the standard input.
        fingerprint: What the city's key must have; None takes the key in the export.
        roots: That the log had earlier, as printed: size and hash, `41:3f…`.

    Raises:
        StartError: A file cannot be read, the fingerprint is none, or a root is none.
    """
    expected = None if fingerprint is None else _fingerprint(fingerprint)
    seen = dict(_root(text) for text in roots)
    read, unreadable = list[Receipt](), list[tuple[str, ReceiptError]]()
    for name in receipts:
        try:
            read.append(read_receipt(_text(name)))
        except ReceiptError as error:
            unreadable.append((name, error))
    try:
        with out.status("투표를 다시 셉니다 · Recounting the vote"), file.open("rb") as opened:
            found = verify(opened, read, expected, seen)
    except OSError as error:
        raise _unreadable(str(file), error) from error
    for name, wrong in unreadable:
        found.blame(f"{name}: {wrong.ko}", f"{name}: {wrong.en}")
    _tell(found, len(receipts), pinned=expected is not None)
    return found.passed


def _fingerprint(text: str) -> str:
    plain = text.strip().lower().replace(":", "")
    if not _FINGERPRINT.fullmatch(plain):
        raise SettingsError(
            f"지문 {text!r}을(를) 읽을 수 없습니다. 16진수 64자로 적어 주세요.",
            f"{text!r} is no fingerprint. Write it as 64 hexadecimal digits.",
        )
    return plain


def _root(text: str) -> tuple[int, str]:
    found = _ROOT.fullmatch(text.strip().lower())
    if found is None:
        raise SettingsError(
            f"뿌리 {text!r}을(를) 읽을 수 없습니다. 크기:해시(16진수 64자)로 적어 주세요.",
            f"{text!r} is no root. Write it as SIZE:HASH, the hash as 64 hexadecimal digits.",
        )
    return int(found[1]), found[2]


def _text(name: str) -> str:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LONGEST_RECEIPT + 1)
        else:
            with Path(name).open("rb") as opened:
                data = opened.read(LONGEST_RECEIPT + 1)
    except OSError as error:
        raise _unreadable(name, error) from error
    return data.decode("utf-8", errors="replace")


def _unreadable(name: str, error: OSError) -> ExportError:
    return ExportError(
        f"{name}을(를) 읽을 수 없습니다: {error.strerror}. 경로를 확인하세요.",
        f"{name} cannot be read: {error.strerror}. Check the path.",
    )


def _tell(found: Verification, receipts: int, *, pinned: bool) -> None:
    for ko, en in found.faults:
        out.print(f"틀림 · Wrong  {ko} · {en}", markup=False, soft_wrap=True)
    if found.wrong > len(found.faults):
        out.print(f"… 모두 {found.wrong:,}건 · {found.wrong:,} faults in all")
    if found.definition is not None:
        title = found.definition.draft.title
        out.print(
            f"투표 · Vote {found.definition.vote}  {title.ko} · {title.en}", markup=False, soft_wrap=True
        )
        _tell_count(found)
    out.print(
        f"표 {found.ballots:,} ballots · 서명된 나무 머리 {found.heads:,} signed tree heads · "
        f"영수증 {receipts} receipts",
        soft_wrap=True,
    )
    out.print(f"뿌리 · Root  {found.ballots}:{found.root}", soft_wrap=True)
    check = "" if pinned else "  (시청이 알리는 지문과 견주세요 · compare with the one City Hall publishes)"
    out.print(f"도시의 열쇠 · City's key  {found.fingerprint}{check}", soft_wrap=True)
    if found.passed:
        out.print("[bold green]모두 맞습니다 · Everything verifies[/]")
    else:
        out.print("[bold red]맞지 않습니다 · This does not verify[/]")


def _tell_count(found: Verification) -> None:
    if found.definition is None:
        return
    if found.counted is None:
        cancelled = found.ending is not None and found.ending.state is State.CANCELLED
        out.print(
            "취소된 투표라 세지 않습니다 · Cancelled: not counted"
            if cancelled
            else "아직 끝나지 않아 세지 않습니다 · Not over yet: not counted"
        )
        return
    for option, approvals in zip(found.definition.draft.options, found.approvals, strict=True):
        out.print(f"  {approvals:>9,}  {option.ko} · {option.en}", markup=False, soft_wrap=True)
    out.print(f"  {found.counted.get(0, 0):>9,}  백지 · Blank")
