"""Having the pump's kernels compiled before somebody waits for them."""

import socket
import time

import numpy as np

from streaming.audio import FRAME
from streaming.audio.opus import COMPLEXITY
from streaming.pump.established import Established
from streaming.pump.lookup import socket_address
from streaming.pump.table import Place
from streaming.pump.turns import Turns


def rehearse() -> None:
    """Run each kernel once, for a peer that has no keys: nothing can come of it.

    Raises:
        PumpUnavailableError: This machine lacks what the pump needs.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
        here.bind(("127.0.0.1", 0))
        turns, now = Turns(2), time.monotonic()
        turns.open(here.fileno())
        established = Established((5000, 5000), (1, 1), 0, 1, 0, 0, beyond=[2])
        turns.table.take(0, Place(established, 0, (0, 0), (0, 0, 0), (0, 0), COMPLEXITY), now)
        turns.table.reach(0, here.fileno(), socket_address(here.getsockname()))
        turns.take(0, bytes(40), now)
        turns.sweep(now)
        turns.play()
        turns.speak(np.zeros(0, np.int64), np.zeros((0, 2, FRAME), np.float32))
        turns.deliver({0: b"state"}, now)
        turns.pass_on(0, bytes(40))
        turns.table.free(0)
