"""The command line. Each command says what it does, Korean first; what it does stands in other modules."""

from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from meta_gwangju import __version__
from meta_gwangju.cli_api_keys import add_api_keys
from meta_gwangju.cli_keeping import add_keeping
from meta_gwangju.cli_people import add_people
from meta_gwangju.cli_publish import add_publish
from meta_gwangju.cli_votes import add_votes
from meta_gwangju.config import load_settings
from meta_gwangju.console import explain, out
from meta_gwangju.errors import SettingsError, StartError
from meta_gwangju.log import start_log
from meta_gwangju.options import (
    CapacityOption,
    ConfigOption,
    DatabaseOption,
    DataOption,
    HostOption,
    InsecureOption,
    MediaOption,
    PortOption,
    SecondsOption,
    SeedOption,
    ServerOption,
    SpotOption,
    TlsOption,
    UdpPortOption,
)


class _Explaining(TyperGroup):
    """Ends a command that cannot start with a sentence and exit code 1, not with a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except StartError as error:
            explain(error)
            raise typer.Exit(1) from error


class Languages(Enum):
    """Languages of what the city says."""

    KO = "ko"
    EN = "en"


app = typer.Typer(
    name="meta-gwangju",
    cls=_Explaining,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="메타 광주: 함께 걷는 가상 도시를 이 컴퓨터에서 엽니다.\n\n"
    "Meta Gwangju: open a virtual city that people walk through together, on this machine.",
    epilog="처음이라면 [bold]meta-gwangju serve[/], 막히면 [bold]meta-gwangju doctor[/]. · "
    "Start with [bold]serve[/]; when stuck, run [bold]doctor[/].",
)

_CITY = "http://127.0.0.1:8000"


def _show_version(wanted: bool) -> None:  # noqa: FBT001 -- typer's callback form
    if wanted:
        out.print(f"meta-gwangju {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="버전 · Print the version"),
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


@app.command()
def serve(  # noqa: PLR0913 -- typer reads one parameter an option
    *,
    host: HostOption = None,
    port: PortOption = None,
    udp_port: UdpPortOption = None,
    data: DataOption = None,
    database: DatabaseOption = None,
    tls: TlsOption = None,
    capacity: CapacityOption = None,
    media: MediaOption = None,
    config: ConfigOption = None,
) -> None:
    """도시를 엽니다. 처음에는 먼저 짓습니다 · Open the city; the first start builds it.

    표시된 주소를 브라우저로 열고, Ctrl+C로 닫습니다.
    Open the printed address in a browser; Ctrl+C closes the city.
    """
    from meta_gwangju.opening import open_city  # noqa: PLC0415 -- --help need not load the whole city

    given = {
        "host": host, "port": port, "udp_port": udp_port, "data": data, "database": database, "tls": tls,
        "capacity": capacity, "media": media,
    }  # fmt: skip
    settings = load_settings(given, file=config)
    start_log(settings.log_level, settings.log_format)
    open_city(settings)


@app.command("build-city")
def build_city_command(
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="지을 폴더 · Folder to build into [dim](var/city/gwangju)[/]"),
    ] = None,
    seed: SeedOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """도시를 다시 짓습니다: 3D Tiles 1.1 · Build the city anew, as 3D Tiles 1.1.

    땅·경계·명소·역은 실제 자료, 건물은 씨앗에서 나온 합성 모형입니다.
    Land, boundaries, landmarks and stations are real data; buildings are synthetic, from the seed.
    """
    from meta_gwangju.city import build_city  # noqa: PLC0415 -- --help need not load the whole city

    settings = load_settings({"seed": seed, "data": data}, file=config)
    folder = output or settings.city
    built = build_city(folder, settings.seed)
    out.print(
        f"도시를 지었습니다 · Built the city: {folder}\n"
        f"타일 {built.tiles:,} tiles · 합성 건물 {built.buildings:,} synthetic buildings · "
        f"씨앗 {built.seed} seed · {built.size / 1e6:,.0f} MB",
        soft_wrap=True,
    )


@app.command()
def doctor(  # noqa: PLR0913 -- typer reads one parameter an option
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON으로 · Print findings as JSON")] = False,
    host: HostOption = None,
    port: PortOption = None,
    udp_port: UdpPortOption = None,
    data: DataOption = None,
    database: DatabaseOption = None,
    tls: TlsOption = None,
    config: ConfigOption = None,
) -> None:
    """이 컴퓨터를 살피고 할 일을 알려 줍니다 · Check this machine, and say what to do about each finding.

    꼭 필요한 것이 없으면 1로 끝납니다.
    Ends with 1 when something needed is missing.
    """
    from meta_gwangju.doctor import examine, report  # noqa: PLC0415 -- --help need not load the whole city

    given = {
        "host": host, "port": port, "udp_port": udp_port, "data": data, "database": database, "tls": tls,
    }  # fmt: skip
    settings = load_settings(given, file=config)
    if not report(examine(settings), as_json=as_json):
        raise typer.Exit(1)


@app.command()
def headset(  # noqa: PLR0913 -- typer reads one parameter an option
    *,
    server: ServerOption = _CITY,
    name: Annotated[str, typer.Option("--name", help="이름 · Your name, 1 to 24 characters")] = "헤드셋",
    colour: Annotated[int, typer.Option("--colour", min=0, max=9, help="외투 색 · Colour of your coat")] = 0,
    spot: SpotOption = None,
    language: Annotated[Languages, typer.Option("--language", help="언어 · Language")] = Languages.KO,
    inspect: Annotated[
        bool,
        typer.Option(
            "--inspect", help="보고 듣는 것을 JSON 줄로 · Print what is seen and heard, as JSON lines"
        ),
    ] = False,
    inspect_interval: Annotated[
        float, typer.Option("--inspect-interval", min=0.02, help="그 간격(초) · Seconds between two lines")
    ] = 1.0,
    muted: Annotated[
        bool, typer.Option("--muted", help="마이크를 끄고 시작합니다 · Begin with the microphone muted")
    ] = False,
    seconds: SecondsOption = None,
    insecure: InsecureOption = False,
) -> None:
    """이 컴퓨터의 OpenXR 헤드셋으로 도시에 들어갑니다 · Enter a city with this machine's OpenXR headset.

    머리와 두 손, 소리를 보냅니다. 화면 그리기는 아직 없습니다.
    Sends head, hands and sound; drawing the picture comes later.
    Exit code 3: no headset, 4: no city.
    """
    from meta_gwangju.headset import HeadsetOptions, run_headset  # noqa: PLC0415 -- --help need not load OpenXR

    start_log("warning")
    options = HeadsetOptions(
        server=server,
        name=name,
        colour=colour,
        spot=spot,
        language=language.value,
        inspect=inspect,
        inspect_interval=inspect_interval,
        seconds=seconds,
        insecure=insecure,
        muted=muted,
    )
    raise typer.Exit(run_headset(options))


@app.command()
def simulate(  # noqa: PLR0913 -- typer reads one parameter an option
    *,
    citizens: Annotated[
        int, typer.Option("--citizens", "-n", min=1, max=2000, help="들어올 사람 수 · How many come in")
    ] = 10,
    talkers: Annotated[
        int, typer.Option("--talkers", "-t", min=0, help="그중 말하는 사람 수 · How many of them speak")
    ] = 2,
    server: ServerOption = _CITY,
    spot: SpotOption = "may18_square",
    seconds: SecondsOption = None,
    seed: Annotated[int, typer.Option("--seed", help="이름과 길의 씨앗 · Seed of names and ways")] = 1,
    insecure: InsecureOption = False,
    link: Annotated[
        Literal["peer", "socket"],
        typer.Option(
            "--link",
            help="WebRTC, 또는 UDP 없이 웹소켓(소리 없음) · WebRTC, or the WebSocket, without UDP and sound",
        ),
    ] = "peer",
) -> None:
    """걷고 말하는 가상 시민을 들여보냅니다 · Let simulated citizens walk in; some of them speak.

    시연과 부하 시험에 씁니다. 모두 진짜 WebRTC로 들어옵니다(--link socket이면 웹소켓으로).
    For demonstrations and load; each of them comes in over real WebRTC, unless --link says otherwise.
    """
    from meta_gwangju.simulate import SimulationSettings, run  # noqa: PLC0415 -- --help need not load WebRTC

    if talkers > citizens:
        raise SettingsError(
            f"말하는 사람({talkers})이 들어올 사람({citizens})보다 많습니다. --talkers를 줄이세요.",
            f"More people would speak ({talkers}) than come in ({citizens}). Lower --talkers.",
        )
    start_log("warning")
    run(
        SimulationSettings(
            server=server,
            citizens=citizens,
            talkers=talkers,
            spot=spot,
            seconds=seconds,
            seed=seed,
            verify_tls=not insecure,
            link=link,
        )
    )


@app.command("export-ledger")
def export_ledger_command(
    file: Annotated[Path, typer.Argument(help="쓸 파일 · File to write", show_default=False)],
    *,
    data: DataOption = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
) -> None:
    """원장을 파일로 내보냅니다 · Write the ledger to a file that anybody can audit.

    계정은 번호뿐이고 이름은 없습니다. 도시가 열려 있어도 됩니다.
    Accounts are numbers, without names. The city may be open meanwhile.
    """
    from meta_gwangju.auditing import export_ledger  # noqa: PLC0415 -- --help need not load the whole city

    settings = load_settings({"data": data, "database": database}, file=config)
    entries = export_ledger(settings.database, file)
    out.print(f"거래 {entries:,}건을 내보냈습니다 · Wrote {entries:,} entries: {file}", soft_wrap=True)


@app.command("audit")
def audit_command(
    file: Annotated[Path, typer.Argument(help="내보낸 원장 · An exported ledger", show_default=False)],
    *,
    receipts: Annotated[
        list[str] | None,
        typer.Option(
            "--receipt",
            metavar="NUMBER:HASH",
            help="영수증이 들어 있는지도 확인 · Must be in it; may be repeated",
        ),
    ] = None,
) -> None:
    """내보낸 원장을 검사합니다. 서버는 필요 없습니다 · Check an exported ledger, with no server at hand.

    해시 사슬, 규칙, 잔액을 처음부터 다시 계산합니다. 틀리면 1로 끝납니다.
    Recomputes chain, rules and balances from the first entry; ends with 1 when something is wrong.
    """
    from meta_gwangju.auditing import audit_file  # noqa: PLC0415 -- --help need not load the whole city

    if not audit_file(file, receipts or []):
        raise typer.Exit(1)


add_api_keys(app)
add_keeping(app)
add_people(app)
add_publish(app)
add_votes(app)
