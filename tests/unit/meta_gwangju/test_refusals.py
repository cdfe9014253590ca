import logging

import pytest

from meta_gwangju.refusals import BURST, RefusalLog


def test_each_refusal_is_one_line_until_there_are_too_many(caplog: pytest.LogCaptureFixture) -> None:
    now = 100.0
    refusals = RefusalLog(lambda: now)
    with caplog.at_level(logging.WARNING):
        for _ in range(1000):
            refusals.note(4001, "malformed")
        assert len(caplog.records) == BURST
        assert caplog.records[0].getMessage() == "refused code=4001 reason=malformed unwritten=0"
        now += 1.0
        refusals.note(4004, "bad_name")
    assert caplog.records[-1].getMessage() == "refused code=4004 reason=bad_name unwritten=980"


def test_a_reason_cannot_forge_a_second_line(caplog: pytest.LogCaptureFixture) -> None:
    refusals = RefusalLog(lambda: 0.0)
    with caplog.at_level(logging.WARNING):
        refusals.note(4001, "bad\nrefused code=1 reason=forged")
    assert "\n" not in caplog.records[0].getMessage()
