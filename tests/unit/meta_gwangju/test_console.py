import logging

from meta_gwangju.console import OneLine


def shown(message: str, *values: object) -> str:
    record = logging.LogRecord("city", logging.WARNING, __file__, 1, message, values, None)
    return OneLine("%(levelname)s %(message)s").format(record)


def test_what_a_client_wrote_stays_on_its_line() -> None:
    line = shown("unknown field `%s`", "가\n2026-01-01 ERROR root \x1b[31mforged\u202e\u2028")
    assert line == "WARNING unknown field `가\\n2026-01-01 ERROR root \\x1b[31mforged\\u202e\\u2028`"


def test_a_line_has_an_end() -> None:
    assert len(shown("%s", "x" * 100_000)) < 1100
