"""What the operator reads: sentences on standard error, results on standard output, a log of plain lines."""

import logging
import sys

from rich.console import Console
from rich.markup import escape

from meta_gwangju.errors import StartError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def explain(error: StartError) -> None:
    """Print what is wrong and what to do, Korean first."""
    err.print(f"[bold red]오류[/] {escape(error.ko)}", soft_wrap=True)
    err.print(f"[bold red]Error[/] {escape(error.en)}", soft_wrap=True)


def start_log(level: str) -> None:
    """Send the log to standard error, one line an event."""
    logging.basicConfig(
        level=level.upper(),
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        force=True,
    )
    # What these say of every client at "info" and "warning" is said by this program in a line of its own.
    for chatty in ("aioice", "aiortc", "websockets"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
