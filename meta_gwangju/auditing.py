"""`export-ledger` and `audit`: the city's money written out, and checked by anybody from the file."""

import re
from collections.abc import Sequence
from pathlib import Path

from meta_gwangju.console import out
from meta_gwangju.errors import ExportError, SettingsError, StartError
from municipality.errors import StoreError
from municipality.ledger import Audit, Statements, audit, export
from municipality.store import Store

_RECEIPT = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


def export_ledger(database: Path | str, file: Path) -> int:
    """Write the ledger of a city, which may be open meanwhile; returns the number of entries.

    Raises:
        StartError: There is no such database, it cannot be opened, or the file cannot be written.
    """
    if isinstance(database, Path) and not database.is_file():
        raise ExportError(
            f"데이터베이스 {database}이(가) 없습니다. --data로 도시의 폴더를 알려 주세요.",
            f"There is no database {database}. Name the city's folder with --data.",
        )
    try:
        with Store(database) as store, file.open("w", encoding="utf-8") as opened:
            return export(Statements(store), opened)
    except StoreError as error:
        raise StartError(error.ko, error.en) from error
    except OSError as error:
        raise ExportError(
            f"{file}에 쓸 수 없습니다: {error.strerror}. 경로와 남은 공간을 확인하세요.",
            f"{file} cannot be written: {error.strerror}. Check the path and the space left.",
        ) from error


def audit_file(file: Path, receipts: Sequence[str]) -> bool:
    """Check an export, print what was found, and return whether all is well.

    Args:
        file: What `export-ledger` wrote.
        receipts: As printed on receipts: number and hash, `7:3f…`.

    Raises:
        StartError: The file cannot be read, or a receipt is none.
    """
    published = dict(_receipt(text) for text in receipts)
    try:
        with out.status("원장을 검사합니다 · Auditing the ledger"):
            found = audit(file, published)
    except OSError as error:
        raise ExportError(
            f"{file}을(를) 읽을 수 없습니다: {error.strerror}. 경로를 확인하세요.",
            f"{file} cannot be read: {error.strerror}. Check the path.",
        ) from error
    _tell(found, len(published))
    return found.passed


def _receipt(text: str) -> tuple[int, str]:
    found = _RECEIPT.fullmatch(text.strip().lower())
    if found is None:
        raise SettingsError(
            f"영수증 {text!r}을(를) 읽을 수 없습니다. 번호:해시(16진수 64자)로 적어 주세요.",
            f"{text!r} is no receipt. Write it as NUMBER:HASH, the hash as 64 hexadecimal digits.",
        )
    return int(found[1]), found[2]


def _tell(found: Audit, receipts: int) -> None:
    for ko, en in found.faults:
        out.print(f"틀림 · Wrong  {ko} · {en}", markup=False, soft_wrap=True)
    if found.wrong > len(found.faults):
        out.print(f"… 모두 {found.wrong:,}건 · {found.wrong:,} faults in all")
    out.print(
        f"거래 {found.entries:,} entries · 계정 {len(found.balances):,} accounts · "
        f"유통 중 {found.outstanding:,} outstanding · 영수증 {receipts} receipts",
        soft_wrap=True,
    )
    out.print(f"마지막 해시 · Head  {found.entries}:{found.head}", soft_wrap=True)
    if found.passed:
        out.print("[bold green]모두 맞습니다 · Everything verifies[/]")
    else:
        out.print("[bold red]맞지 않습니다 · This does not verify[/]")
