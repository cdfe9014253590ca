"""`backup`, `restore` and `migrate` as an operator meets them: what happens is said, and what to do next."""

import datetime as dt
from pathlib import Path

from meta_gwangju.backup import make_backup
from meta_gwangju.config import Settings
from meta_gwangju.console import err, out
from meta_gwangju.errors import BackupError, StartError
from meta_gwangju.restore import restore_backup
from meta_gwangju.verification import verify_city
from municipality.errors import StoreError
from municipality.store import Store, known_revisions, revisions, url_of


def backup(settings: Settings, file: Path) -> None:
    """Make a backup, and say what it holds.

    Raises:
        StartError: It cannot be made.
    """
    _check_database(settings.database)
    if file.is_dir():
        raise BackupError(
            f"{file}은(는) 폴더입니다. 파일 이름을 적으세요(예: {file}/city.tar.gz).",
            f"{file} is a folder. Name a file, for example {file}/city.tar.gz.",
        )
    written = make_backup(settings, file)
    manifest = written.manifest
    size, packed = manifest.size / 1e6, written.size / 1e6
    out.print(
        f"[bold]백업했습니다 · Backed up[/] {file}\n"
        f"파일 {len(manifest.members):,} files · {size:,.1f} MB → {packed:,.1f} MB · "
        f"{manifest.database} · 스키마 {manifest.schema} schema",
        soft_wrap=True,
    )
    err.print(
        "[bold yellow]비밀[/] 이 파일에는 개인정보와 그것을 여는 열쇠, 투표에 서명하는 열쇠가 들어 있습니다. "
        "금고처럼 지키고, 옮길 때는 암호화하세요.\n"
        "[bold yellow]Secret[/] This file holds personal data and the keys that open them, and the key that "
        "signs ballots. Guard it like a safe, and encrypt it before it travels.",
        soft_wrap=True,
    )


def restore(settings: Settings, file: Path, *, replace: bool) -> bool:
    """Put a backup back, check everything in it, and return whether all verifies.

    Raises:
        StartError: It cannot be put back.
    """
    _check_database(settings.database)
    restored = restore_backup(settings, file, dt.datetime.now(dt.UTC), replace=replace)
    manifest = restored.manifest
    out.print(
        f"[bold]되돌렸습니다 · Restored[/] {file}\n"
        f"{manifest.created} · 파일 {len(manifest.members):,} files · {manifest.size / 1e6:,.1f} MB",
        soft_wrap=True,
    )
    if restored.aside:
        out.print(
            f"있던 것은 {restored.aside}에 있습니다 · What was there lies in {restored.aside}", soft_wrap=True
        )
    return verify(settings)


def verify(settings: Settings) -> bool:
    """Check ledger, journals and votes, print each verdict, and return whether all is well.

    Raises:
        StartError: The database cannot be opened.
    """
    passed = True
    try:
        with Store(settings.database) as store:
            for verdict in verify_city(store):
                passed &= verdict.passed
                sign = "[green]✓[/]" if verdict.passed else "[red]✗[/]"
                out.print(f"{sign} {verdict.what:<14} {verdict.ko} · {verdict.en}", soft_wrap=True)
    except StoreError as error:
        raise StartError(error.ko, error.en) from error
    if passed:
        out.print("[bold green]모두 맞습니다 · Everything verifies[/]")
    else:
        out.print("[bold red]맞지 않습니다 · This does not verify[/]")
    return passed


def migrate(settings: Settings, *, only_check: bool) -> bool:
    """Bring the database to this version's tables; returns whether it stands there.

    Args:
        settings: Of the city.
        only_check: Only tell where it stands.

    Raises:
        StartError: It cannot be opened, or was written by a newer version.
    """
    try:
        found, target = revisions(settings.database)
        out.print(f"스키마 · Schema  {found or '–'} → {target}")
        if found is not None and found not in known_revisions():
            raise StartError(
                f"데이터베이스(스키마 {found})를 더 새로운 버전이 만들었습니다. 프로그램을 업데이트하세요.",
                f"The database (schema {found}) was written by a newer version. Update this program.",
            )
        if only_check:
            _tell_standing(current=found == target)
            return found == target
        Store(settings.database).close()
    except StoreError as error:
        raise StartError(error.ko, error.en) from error
    _tell_standing(current=True)
    return True


def _check_database(database: Path | str) -> None:
    try:
        url_of(database)
    except StoreError as error:
        raise StartError(error.ko, error.en) from error


def _tell_standing(*, current: bool) -> None:
    if current:
        out.print("데이터베이스가 이 버전에 맞습니다 · The database is of this version.")
    else:
        out.print(
            "'meta-gwangju backup'으로 먼저 백업한 뒤 'meta-gwangju migrate'를 실행하세요 · "
            "Make a backup first, then run 'meta-gwangju migrate'.",
            soft_wrap=True,
        )
