"""Waiting for something to become true, with a deadline instead of a guess at how long it takes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(
    condition: Callable[[], T], within: float, saying: Callable[[], object] | str = "", every: float = 0.05
) -> T:
    """Ask again and again until the answer is true, and return it.

    Args:
        condition: What is asked. An `AssertionError` of it counts as "not yet", and is shown at the end.
        within: Seconds until the test fails.
        saying: What to show on failure; a callable is asked only then.
        every: Seconds between two questions.

    Raises:
        AssertionError: The answer stayed false.
    """
    end = time.monotonic() + within
    while True:
        answer: T | None = None
        objection = ""
        try:
            answer = condition()
        except AssertionError as error:
            objection = str(error)
        if answer:
            return answer
        if time.monotonic() >= end:
            said = saying() if callable(saying) else saying
            raise AssertionError(f"not within {within:g} s: {said} {objection} (last answer: {answer!r})")
        time.sleep(every)


def holds(
    condition: Callable[[], object],
    during: float,
    saying: Callable[[], object] | str = "",
    every: float = 0.1,
) -> None:
    """Check that something stays true for some seconds.

    Raises:
        AssertionError: It was false at one of the looks.
    """
    end = time.monotonic() + during
    while time.monotonic() < end:
        if not condition():
            raise AssertionError(f"did not hold for {during:g} s: {saying() if callable(saying) else saying}")
        time.sleep(every)
