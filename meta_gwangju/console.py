"""What the operator reads: sentences on standard error, results on standard output, a log of plain lines."""

import logging
import sys

from rich.console import Console
from rich.markup import escape

from meta_gwangju.errors import StartError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
#: Characters of a message in the log.
_LONGEST_LINE = 1000


def explain(error: StartError) -> None:
    """Print what is wrong and what to do, Korean first."""
    err.print(f"[bold red]오류[/] {escape(error.ko)}", soft_wrap=True)
    err.print(f"[bold red]Error[/] {escape(error.en)}", soft_wrap=True)


class OneLine(logging.Formatter):
    """Keeps a message on its line, whatever a client wrote into it: control characters are spelled out."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's name
        """Format a record; the traceback, which is ours, follows on lines of its own."""
        shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in record.message)
        record.message = shown if len(shown) <= _LONGEST_LINE else f"{shown[:_LONGEST_LINE]}…"
        return super().formatMessage(record)


def start_log(level: str) -> None:
    """Send the log to standard error, one line an event."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # What these say of every client at "info" and "warning" is said by this program in a line of its own.
    for chatty in ("aioice", "aiortc", "websockets"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
