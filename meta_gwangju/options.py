"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[
    Path | None, typer.Option("--data", help="모든 것을 두는 폴더 · Where everything is kept [dim](var)[/]")
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="FILE|URL",
        help="데이터베이스: SQLite 파일이나 postgresql://… · SQLite file or PostgreSQL URL "
        "[dim](var/meta-gwangju.sqlite3)[/]",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        envvar="META_GWANGJU_CONFIG",
        help="설정 파일(TOML) · Settings file; variables META_GWANGJU_… and options override it",
    ),
]
HostOption = Annotated[
    str | None,
    typer.Option("--host", help="기다릴 주소 · Address to listen on [dim](127.0.0.1, with --tls 0.0.0.0)[/]"),
]
PortOption = Annotated[
    int | None, typer.Option("--port", "-p", help="포트 · Port of page and signalling [dim](8000)[/]")
]
UdpPortOption = Annotated[
    int | None,
    typer.Option(
        "--udp-port",
        metavar="N",
        help="음성·화면·움직임의 UDP 포트: 방화벽에는 이것 하나만 엽니다 · UDP port of voice, screens and "
        "movement, the one a firewall opens [dim](the number of --port)[/]",
    ),
]
TlsOption = Annotated[
    bool | None,
    typer.Option(
        "--tls/--no-tls",
        help="https로 엽니다. 휴대전화와 헤드셋의 마이크·VR에 필요 · "
        "Serve https with a certificate of its own; phones and headsets need it for microphone and VR",
    ),
]
CapacityOption = Annotated[
    int | None,
    typer.Option(
        "--capacity",
        min=1,
        help="함께 들어올 수 있는 사람 수; 그다음 사람은 차례를 기다립니다 · "
        "Most people at once; others wait for their turn [dim](as many as the cores carry)[/]",
    ),
]
MediaOption = Annotated[
    str | None,
    typer.Option(
        "--media",
        metavar="auto|pump|portable",
        help="음성과 상태를 나르는 길 · What moves voice and state: compiled (pump, Linux) or plain Python "
        "[dim](auto: the pump where it runs)[/]",
    ),
]
SeedOption = Annotated[
    int | None, typer.Option("--seed", help="합성 건물의 씨앗 · Seed of the synthetic buildings")
]

ServerOption = Annotated[
    str, typer.Option("--server", "-s", metavar="URL", help="도시의 주소 · Address of the city")
]
SpotOption = Annotated[
    str | None,
    typer.Option("--spot", help="도착할 장소 · Landmark to arrive at [dim](may18_square, acc, …)[/]"),
]
SecondsOption = Annotated[
    float | None,
    typer.Option("--seconds", min=0.0, help="머물 시간 · How long to stay [dim](until Ctrl+C)[/]"),
]
InsecureOption = Annotated[
    bool,
    typer.Option(
        "--insecure", help="직접 만든 인증서도 받아들입니다 · Accept a self-made certificate (serve --tls)"
    ),
]
