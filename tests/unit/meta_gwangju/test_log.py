import json
import logging
import sys
from collections.abc import Iterator

import pytest

from meta_gwangju.log import JsonLines, OneLine, request_id

HOSTILE = "가\n2026-01-01 ERROR root \x1b[31mforged\u202e\u2028"


@pytest.fixture
def asked() -> Iterator[str]:
    """Inside a request."""
    before = request_id.set("0123456789abcdef")
    yield "0123456789abcdef"
    request_id.reset(before)


def record(message: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord("city", logging.WARNING, __file__, 1, message, values, None)


def line(message: str, *values: object) -> dict[str, object]:
    written = JsonLines().format(record(message, *values))
    assert len(written.splitlines()) == 1
    return dict(json.loads(written))


def test_what_a_client_wrote_stays_on_its_line() -> None:
    shown = OneLine().format(record("unknown field `%s`", HOSTILE))
    assert shown.endswith(
        "WARNING city unknown field `가\\n2026-01-01 ERROR root \\x1b[31mforged\\u202e\\u2028`"
    )


def test_a_line_has_an_end() -> None:
    assert len(OneLine().format(record("%s", "x" * 100_000))) < 1100
    assert len(JsonLines().format(record("said=%s and %s", "x" * 100_000, "y" * 100_000))) < 2400


def test_a_line_of_json_tells_when_how_bad_where_and_what() -> None:
    told = line("late missed=%d total=%d share=%.2f", 3, 17, 0.25)
    assert str(told.pop("time")).endswith("Z")
    assert told == {
        "level": "warning",
        "logger": "city",
        "event": "late",
        "fields": {"missed": 3, "total": 17, "share": 0.25},
    }


def test_values_without_a_name_stand_in_the_event() -> None:
    told = line("person %d sent what cannot be used (%s)", 4, "too_large")
    assert told["event"] == "person 4 sent what cannot be used (too_large)"
    assert "fields" not in told


def test_a_client_adds_no_line_and_no_field_to_json() -> None:
    told = line("refused reason=%s", '", "level": "debug", "admin=%s": "' + HOSTILE)
    assert set(told) == {"time", "level", "logger", "event", "fields"}
    assert told["level"] == "warning"
    assert told["fields"] == {
        "reason": '", "level": "debug", "admin=%s": "가\\n2026-01-01 ERROR root \\x1b[31mforged\\u202e\\u2028'
    }


def test_what_json_has_no_number_for_is_text() -> None:
    assert line("took seconds=%f share=%f", float("nan"), float("inf"))["fields"] == {
        "seconds": "nan",
        "share": "inf",
    }


def test_a_percent_sign_is_no_value() -> None:
    assert line("busy at 100%% people=%d", 3)["fields"] == {"people": 3}


def test_lines_of_a_request_carry_its_id(asked: str) -> None:
    assert line("answered status=%d", 200)["request"] == asked
    assert OneLine().format(record("answered")).endswith(f"answered request={asked}")


def test_a_traceback_stays_within_its_line_of_json() -> None:
    failed = record("a step failed tick=%d", 9)
    try:
        int(HOSTILE)
    except ValueError:
        failed.exc_info = sys.exc_info()
    written = JsonLines().format(failed)
    assert len(written.splitlines()) == 1
    assert "ValueError" in json.loads(written)["traceback"]
