"""The commands about votes: `export-vote`, `verify-vote`."""

from pathlib import Path
from typing import Annotated

import typer

from meta_gwangju.config import load_settings
from meta_gwangju.console import out
from meta_gwangju.options import ConfigOption, DatabaseOption, DataOption


def add_votes(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("export-vote")(export_vote)
    app.command("verify-vote")(verify_vote)


def export_vote(
    vote: Annotated[int, typer.Argument(min=1, help="투표 번호 · Number of the vote", show_default=False)],
    file: Annotated[Path, typer.Argument(help="쓸 파일 · File to write", show_default=False)],
    *,
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """투표를 파일로 내보냅니다 · Write a vote to a file that anybody can recount.

    누가 던졌는지는 들어 있지 않습니다. 도시가 열려 있어도 됩니다. 페이지에서도 같은 파일을 받습니다.
    It says nothing of who voted. The city may be open meanwhile; its page gives the same file.
    """
    from meta_gwangju import voting  # noqa: PLC0415 -- --help need not load the whole city

    voting.export_vote(load_settings({"data": data, "database": database}, file=config).database, vote, file)
    out.print(f"투표 {vote}을(를) 내보냈습니다 · Wrote vote {vote}: {file}", soft_wrap=True)


def verify_vote(
    file: Annotated[Path, typer.Argument(help="내보낸 투표 · An exported vote", show_default=False)],
    *,
    receipts: Annotated[
        list[str] | None,
        typer.Option(
            "--receipt",
            metavar="FILE|-",
            help="영수증의 표가 들어 있는지도 확인 · Its ballot must be in the log; may be repeated",
        ),
    ] = None,
    roots: Annotated[
        list[str] | None,
        typer.Option(
            "--root",
            metavar="SIZE:HASH",
            help="전에 본 기록의 뿌리 · A root that the log had earlier; may be repeated",
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            metavar="FINGERPRINT",
            help="도시의 열쇠 지문 · Fingerprint that the city's key must have",
        ),
    ] = None,
) -> None:
    """투표를 다시 세고 서명과 영수증을 검사합니다. 서버는 필요 없습니다 · Recount a vote, with no server.

    기록의 나무(RFC 9162)와 결과를 처음부터 다시 계산합니다. 틀리면 1로 끝납니다.
    Recomputes the log's tree (RFC 9162) and the result from the first ballot; ends with 1 when something
    is wrong.
    """
    from meta_gwangju import voting  # noqa: PLC0415 -- --help need not load the whole city

    if not voting.verify_vote(file, receipts or [], key, roots or []):
        raise typer.Exit(1)
