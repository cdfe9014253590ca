"""Pages for visitors, kept as they were made until what they show is told to have changed, or for a while.

Visitors all read the same pages; those of somebody who is signed in are never kept.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from copy import copy
from dataclasses import dataclass
from weakref import WeakValueDictionary

from starlette.responses import Response

from meta_gwangju.news import News

#: Bytes of all pages together; the longest unread is forgotten. One has about 10 kB.
_MOST_BYTES = 32 * 1024 * 1024
#: A page larger than this is not kept, bytes.
_LARGEST = 512 * 1024
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    response: Response
    told: int
    until: float


class KeptPages:
    """Used in the event loop alone."""

    def __init__(self, news: News, clock: Callable[[], float] = time.monotonic) -> None:
        self._news = news
        self._clock = clock
        self._pages: OrderedDict[_Key, _Kept] = OrderedDict()
        self._bytes = 0
        self._making: WeakValueDictionary[_Key, asyncio.Lock] = WeakValueDictionary()

    async def page(
        self, key: _Key, topics: Collection[str], seconds: float, make: Callable[[], Awaitable[Response]]
    ) -> Response:
        """Return a page as it was made before, or make it; many who ask for it at once wait for one.

        Args:
            key: All that the page depends on, but for what is told.
            topics: What it shows.
            seconds: It is kept so long at most.
            make: Returns it fresh.
        """
        found = self._find(key, topics)
        if found is not None:
            return found
        lock = self._making.get(key)
        if lock is None:
            lock = self._making[key] = asyncio.Lock()
        async with lock:
            found = self._find(key, topics)
            if found is None:
                told = self._news.told(topics)  # before it is made: what changes meanwhile makes it stale
                found = await make()
                self._keep(key, found, told, seconds)
        return found

    def _find(self, key: _Key, topics: Collection[str]) -> Response | None:
        kept = self._pages.get(key)
        if kept is None or kept.told != self._news.told(topics) or kept.until <= self._clock():
            return None
        self._pages.move_to_end(key)
        return _copy(kept.response)

    def _keep(self, key: _Key, response: Response, told: int, seconds: float) -> None:
        if response.status_code != 200 or len(response.body) > _LARGEST:
            return
        before = self._pages.pop(key, None)
        self._bytes += _size(key, response) - (_size(key, before.response) if before else 0)
        self._pages[key] = _Kept(_copy(response), told, self._clock() + seconds)
        while self._bytes > _MOST_BYTES:
            oldest, gone = self._pages.popitem(last=False)
            self._bytes -= _size(oldest, gone.response)


def _size(key: _Key, response: Response) -> int:
    """Return about how many bytes keeping a page takes: addresses may be as long as it is."""
    return len(response.body) + sum(map(len, key)) + 1_000


def _copy(response: Response) -> Response:
    """Return the same answer with headers of its own: what passes it on adds some."""
    fresh = copy(response)
    fresh.raw_headers = list(response.raw_headers)
    return fresh
