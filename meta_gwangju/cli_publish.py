"""The command that publishes to a booth's screen: `publish`."""

from typing import Annotated

import typer

from meta_gwangju.log import start_log
from meta_gwangju.options import InsecureOption, SecondsOption, ServerOption


def add_publish(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("publish")(publish_command)


def publish_command(  # noqa: PLR0913 -- typer reads one parameter an option
    source: Annotated[
        str,
        typer.Argument(
            help="카메라 번호, 스트림 주소, 영상 파일 · A camera's number, a stream's address, or a file",
            show_default=False,
        ),
    ],
    *,
    booth: Annotated[str, typer.Option("--booth", "-b", help="부스 · The booth")],
    token: Annotated[
        str,
        typer.Option(
            "--token",
            envvar="META_GWANGJU_PUBLISH_TOKEN",
            help="부스의 송출 열쇠 · The booth's publishing token",
        ),
    ],
    server: ServerOption = "http://127.0.0.1:8000",
    microphone: Annotated[
        bool,
        typer.Option(
            "--microphone", help="카메라와 함께 마이크도 · This machine's microphone with the camera"
        ),
    ] = False,
    repeat: Annotated[
        bool, typer.Option("--repeat", help="파일을 되풀이 · Begin a file anew at its end")
    ] = False,
    seconds: SecondsOption = None,
    insecure: InsecureOption = False,
) -> None:
    """카메라나 파일을 부스 화면에 송출합니다 · Show a camera or a file live on a booth's screen.

    WHIP(RFC 9725)으로 보내므로 OBS나 브라우저로도 할 수 있습니다.
    It is sent by WHIP (RFC 9725); OBS or a browser can do the same.
    """
    from meta_gwangju.publish import PublishSettings, publish  # noqa: PLC0415 -- --help need not load WebRTC

    start_log("warning")
    publish(
        PublishSettings(
            source=source,
            booth=booth,
            token=token,
            server=server,
            microphone=microphone,
            seconds=seconds,
            repeat=repeat,
            verify_tls=not insecure,
        )
    )
