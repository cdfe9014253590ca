"""The commands about people: `operator`."""

from typing import Annotated

import typer

from meta_gwangju.config import load_settings
from meta_gwangju.options import ConfigOption, DatabaseOption, DataOption


def add_people(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("operator")(operator)


def operator(  # noqa: PLR0913 -- typer reads one parameter an option
    name: Annotated[
        str | None, typer.Argument(help="새 시민의 이름 · Name of a new citizen", show_default=False)
    ] = None,
    *,
    citizen: Annotated[
        int | None,
        typer.Option("--citizen", min=1, help="이미 시민이면 그 번호 · Number of somebody who is a citizen"),
    ] = None,
    role: Annotated[
        str, typer.Option("--role", help="operator 또는 officer(담당자) · operator or officer")
    ] = "operator",
    place: Annotated[
        str, typer.Option("--place", help="맡을 곳 · Where: city, city/city_hall, city/kdj_center")
    ] = "city",
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """운영자나 담당자를 정하고 코드를 줍니다 · Name an operator or officer, and give a code to come in.

    첫 운영자는 이렇게 정합니다. 코드는 한 시간 안에 한 번, 페이지의 시민 카드에서 씁니다.
    그 뒤 패스키를 더하세요. 도시가 열려 있어도 됩니다.
    The first operator is made so. The code works once, within an hour, in the page's citizen card; add a
    passkey there afterwards. The city may be open meanwhile.
    """
    from meta_gwangju.operators import name_operator  # noqa: PLC0415 -- --help need not load the whole city

    settings = load_settings({"data": data, "database": database}, file=config)
    name_operator(settings, name=name, citizen=citizen, role=role, place=place)
