"""The commands about programs that file reports: `api-key issue | list | revoke`."""

from typing import Annotated

import typer

from meta_gwangju.config import load_settings
from meta_gwangju.options import ConfigOption, DatabaseOption, DataOption


def add_api_keys(app: typer.Typer) -> None:
    """Add the commands to the program."""
    keys = typer.Typer(
        no_args_is_help=True,
        help="Open311로 신고하는 프로그램의 열쇠 · Keys of programs that report through Open311.",
    )
    keys.command("issue")(issue)
    keys.command("list")(show)
    keys.command("revoke")(revoke)
    app.add_typer(keys, name="api-key")


def issue(
    name: Annotated[str, typer.Argument(help="프로그램의 이름 · Name of the program", show_default=False)],
    *,
    citizen: Annotated[
        int | None,
        typer.Option(
            "--citizen", min=1, help="이 시민의 이름으로 · In this citizen's name [dim](a new one)[/]"
        ),
    ] = None,
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """새 열쇠를 만들어 한 번 보여 줍니다 · Make a key, and show it this once.

    프로그램은 한 시민의 이름으로 신고합니다. 도시가 열려 있어도 됩니다.
    A program reports in one citizen's name. The city may be open meanwhile.
    """
    from meta_gwangju import api_keys  # noqa: PLC0415 -- --help need not load the whole city

    settings = load_settings({"data": data, "database": database}, file=config)
    api_keys.issue(settings, name, citizen)


def show(
    *,
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """열쇠 목록 · List the keys."""
    from meta_gwangju import api_keys  # noqa: PLC0415 -- --help need not load the whole city

    api_keys.show(load_settings({"data": data, "database": database}, file=config))


def revoke(
    number: Annotated[
        int, typer.Argument(min=1, max=2**53 - 1, help="열쇠 번호 · Number of the key", show_default=False)
    ],
    *,
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """열쇠를 바로 못 쓰게 합니다 · End a key at once."""
    from meta_gwangju import api_keys  # noqa: PLC0415 -- --help need not load the whole city

    api_keys.revoke(load_settings({"data": data, "database": database}, file=config), number)
