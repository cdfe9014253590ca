"""The log: one line an event, as text for people or as JSON for programs, whatever clients wrote into it."""

import datetime as dt
import json
import logging
import re
import sys
from contextvars import ContextVar
from typing import Any

#: Of the request that is being answered; empty outside one. Made by us, never taken from a client.
request_id: ContextVar[str] = ContextVar("request_id", default="")

#: Characters of a message, or of one field.
_LONGEST = 1000
#: A conversion of %-formatting, and the name before it when it reads `name=%s`.
_CONVERSION = re.compile(r"(?:\b(\w+)=)?%[#0\- +]*\d*(?:\.\d+)?([diouxXeEfFgGcrsa%])")


def legible(text: str) -> str:
    """Return a text that stays on its line: control and format characters spelled out, no end left out."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


class OneLine(logging.Formatter):
    """Lines for people. A traceback, which is ours, follows on lines of its own."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's name
        """Format a record, with the request that it belongs to."""
        current = request_id.get()
        record.message = legible(record.message) + (f" request={current}" if current else "")
        return super().formatMessage(record)


class JsonLines(logging.Formatter):
    """One JSON object a line: `time` (RFC 3339), `level`, `logger`, `event`, `fields`, `request`.

    What a message says as `name=%s` becomes a field of its own type; the names are those of the program's
    text, so that nothing a client wrote can add or change one.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Format a record; a traceback becomes one string."""
        event, fields = _parts(record)
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event,
        }
        if fields:
            line["fields"] = fields
        if current := request_id.get():
            line["request"] = current
        if record.exc_info:
            told = self.formatException(record.exc_info).split("\n")
            line["traceback"] = "\n".join(map(legible, told))
        return json.dumps(line, ensure_ascii=False)


def start_log(level: str, form: str = "text") -> None:
    """Send the log to standard error.

    Args:
        level: The least that is written.
        form: `text` or `json`.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else OneLine())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # What these say of every client at "info" and "warning" is said by this program in a line of its own.
    for chatty in ("aioice", "aiortc", "websockets"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _parts(record: logging.LogRecord) -> tuple[str, dict[str, object]]:
    """Take a record apart: what happened, and the values that its text names."""
    template, values = str(record.msg), record.args
    if not isinstance(values, tuple) or not values:
        return legible(record.getMessage()), {}
    fields: dict[str, object] = {}
    unnamed = False
    left = list(values)
    for found in _CONVERSION.finditer(template):
        if found[2] == "%" or not left:
            continue
        value = left.pop(0)
        if found[1]:
            fields[found[1]] = _plain(value)
        else:
            unnamed = True
    if unnamed:
        return legible(record.getMessage()), fields
    return legible(" ".join(_CONVERSION.sub("", template).split())), fields


def _plain(value: Any) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return round(value, 3) if abs(value) < float("inf") else str(value)  # JSON has no NaN and no infinity
    return legible(str(value))
