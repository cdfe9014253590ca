"""Telling pages in the city that something changed, so that they fetch it again."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Collection

#: Given a topic and the citizens concerned (None: everybody), tells those who are in the city.
Teller = Callable[[str, Collection[int] | None], None]


class News:
    """Called from any thread; told in the event loop of the city, or to nobody while none runs."""

    def __init__(self) -> None:
        self._told: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._teller: Teller | None = None

    def attach(self, loop: asyncio.AbstractEventLoop, teller: Teller) -> None:
        """Begin to tell."""
        self._loop, self._teller = loop, teller

    def detach(self) -> None:
        """Tell nobody any more."""
        self._loop = self._teller = None

    def told(self, topics: Collection[str]) -> int:
        """Return a number that grows whenever something is told of these topics.

        Args:
            topics: `proposals`: anything of the topic; `proposals/7`: that one; `proposals/*`: many at once.
        """
        return sum(self._told[topic] for topic in topics)

    def tell(self, topic: str, citizens: Collection[int] | None = None, *, about: int | None = None) -> None:
        """Tell that something changed.

        Args:
            topic: What a page fetches again: `wallet`, `proposals`, `votes`, `reports`, `booths`, `rights`.
            citizens: Whom it concerns; None: everybody.
            about: Number of the one thing that changed; None: of any number of them.
        """
        with self._counting:
            self._told[topic] += 1
            self._told[f"{topic}/{'*' if about is None else about}"] += 1
        loop, teller = self._loop, self._teller
        if loop is None or teller is None:
            return
        try:
            loop.call_soon_threadsafe(teller, topic, citizens)
        except RuntimeError:
            self.detach()  # the loop has closed: nobody is in the city any more
