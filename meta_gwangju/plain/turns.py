"""Pages are made a few at a time, so that threads full of them do not keep the city's clock from its turn.

The interpreter lets one thread run at a time and asks it to stop after 5 ms: with forty at work, the event
loop, which is one more, would get every forty-first turn.
"""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

#: Pages made at once: while one waits for the database, another is put together.
_AT_ONCE = 2
_limiter: RunVar[CapacityLimiter] = RunVar("plain pages")

_Result = TypeVar("_Result")
_Arguments = TypeVarTuple("_Arguments")


async def in_turn(make: Callable[[*_Arguments], _Result], *arguments: *_Arguments) -> _Result:
    """Call a function in a thread, when it is its turn."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(_AT_ONCE)
        _limiter.set(limiter)
    return await to_thread.run_sync(make, *arguments, limiter=limiter)
