"""The commands that keep a city's data: `backup`, `restore`, `migrate`."""

from pathlib import Path
from typing import Annotated

import typer

from meta_gwangju.config import load_settings
from meta_gwangju.options import ConfigOption, DatabaseOption, DataOption


def add_keeping(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("migrate")(migrate)


def backup(
    file: Annotated[Path, typer.Argument(help="쓸 파일 · File to write", show_default=False)],
    *,
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """도시의 모든 것을 한 파일에 담습니다. 도시가 열려 있어도 됩니다 · Put all of the city into one file.

    데이터베이스, 올린 파일, 열쇠가 들어 있으니 금고처럼 지키세요.
    The city may be open meanwhile. The file holds the database, uploads and keys: guard it like a safe.
    """
    from meta_gwangju import keeping  # noqa: PLC0415 -- --help need not load the whole city

    keeping.backup(load_settings({"data": data, "database": database}, file=config), file)


def restore(
    file: Annotated[Path, typer.Argument(help="백업 파일 · A backup", show_default=False)],
    *,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="지금 있는 것을 옆에 두고 되돌립니다 · Put what is there now aside"),
    ] = False,
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """백업을 되돌리고 모두 검사합니다. 도시는 닫혀 있어야 합니다 · Put a backup back, and check all of it.

    먼저 파일을 끝까지 검사합니다. 손상되었으면 아무것도 바꾸지 않습니다. 맞지 않는 것이 있으면 1로 끝납니다.
    The city must be closed. A damaged file changes nothing. Ends with 1 when something does not verify.
    """
    from meta_gwangju import keeping  # noqa: PLC0415 -- --help need not load the whole city

    settings = load_settings({"data": data, "database": database}, file=config)
    if not keeping.restore(settings, file, replace=replace):
        raise typer.Exit(1)


def migrate(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="알려 주기만 합니다 · Only tell; ends with 1 when there is work")
    ] = False,
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """데이터베이스를 이 버전에 맞춥니다 · Bring the database to this version.

    도시를 열 때도 저절로 합니다. 먼저 백업하세요.
    Opening the city does so, too. Make a backup first.
    """
    from meta_gwangju import keeping  # noqa: PLC0415 -- --help need not load the whole city

    settings = load_settings({"data": data, "database": database}, file=config)
    if not keeping.migrate(settings, only_check=check):
        raise typer.Exit(1)
