"""The compiled media path of Linux: aiortc negotiates, the pump moves."""

import asyncio

import numpy as np

from streaming.audio.hrtf import kemar
from streaming.audio.mixer import Heads, Ids, Samples
from streaming.audio.scene import Scene
from streaming.audio.sources import Sources
from streaming.link import LinkEvents
from streaming.mux import Mux
from streaming.pump.effort import Effort
from streaming.pump.pump import Pump
from streaming.pump.seat import PumpSeat

#: Seconds between two looks at where ICE reaches everybody.
_FOLLOW_SECONDS = 0.25


class PumpPath:
    """Implements :class:`streaming.media.MediaPath` with one :class:`streaming.pump.pump.Pump`.

    Args:
        mux: The one UDP port.
        capacity: So many people at once.
        effort: How hard its encoders try.

    Raises:
        PumpUnavailableError: This machine lacks something.
    """

    name = "pump"

    def __init__(self, mux: Mux, capacity: int, effort: Effort) -> None:
        self._mux = mux
        self._scene = Scene(kemar())
        self._sources = Sources(self._scene)
        self.pump = Pump(self._mix, effort, capacity=capacity)
        self._seats: set[PumpSeat] = set()

    @property
    def sounds(self) -> Sources:
        """The mix, for sounds that are no person's."""
        return self._sources

    @property
    def speaking(self) -> frozenset[int]:
        """Who speaks, as of the last frame."""
        return self.pump.speaking

    @property
    def lost_frames(self) -> int:
        """Frames that were not mixed, because the machine was too busy."""
        return self.pump.lost_frames

    def look(self, heads: Heads) -> None:
        """Tell where everybody's head is now."""
        self._scene.look(heads)

    def open(self, person: int, events: LinkEvents) -> PumpSeat:
        """Return a seat to negotiate with."""
        seat = PumpSeat(self.pump, self._mux, person, events, self._seats.discard)
        self._seats.add(seat)
        return seat

    async def run(self) -> None:
        """Move media until cancelled."""
        self.pump.start()
        self._mux.listen(self.pump)
        try:
            while True:
                await asyncio.sleep(_FOLLOW_SECONDS)
                for seat in self._seats:
                    seat.follow()
        finally:
            await self.pump.stop()
            self._mux.listen()

    def _mix(self, listeners: Ids, voices: Ids, samples: Samples) -> tuple[Ids, Samples]:
        """Mix, in the pump's thread."""
        placed = self._sources.frames()
        if placed:
            voices = np.concatenate([voices, np.fromiter(placed, np.int64, len(placed))])
            samples = np.concatenate([samples, np.array(list(placed.values()), np.float32)])
        return self._scene.mix(listeners, voices, samples)
