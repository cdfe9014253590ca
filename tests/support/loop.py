"""An event loop in a thread, on a machine of the network: aiortc peers beside synchronous tests."""

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.support.namespaces import Machine

T = TypeVar("T")


class LoopThread:
    """Runs coroutines for a thread that is not asynchronous.

    ```python
    with LoopThread(machine) as loop:
        answer = loop.run(ask(), within=5)
    ```
    """

    def __init__(self, machine: Machine | None = None) -> None:
        self._machine = machine
        self._loop = asyncio.new_event_loop()
        self._joined = threading.Event()
        self._thread = threading.Thread(target=self._body, name="loop", daemon=True)

    def _body(self) -> None:
        if self._machine is not None:
            self._machine.join()
        asyncio.set_event_loop(self._loop)
        self._loop.call_soon(self._joined.set)
        self._loop.run_forever()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._joined.wait(5), "the loop did not start"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Not by `run`: its own task would be among those that are cancelled.
        asyncio.run_coroutine_threadsafe(self._wind_up(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _wind_up(self) -> None:
        """Cancel what still runs, so that no task is destroyed while pending."""
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    def run(self, work: Coroutine[Any, Any, T], within: float = 30.0) -> T:
        """Run a coroutine and return its result.

        Raises:
            TimeoutError: It took longer; it is cancelled.
        """
        future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, within), self._loop)
        return future.result(within + 5.0)
