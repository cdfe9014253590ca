"""What reports tell of a stream (RFC 3550, sections 6.4 and A.3 to A.8): counted here, sent by aiortc."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from spatial.kernel import compiled
from streaming.pump.octets import ahead16, ahead32

#: How a stream arrives; `highest` counts without wrapping, `transit` and `jitter` are in samples of 48 kHz.
RECEPTION = np.dtype(
    [
        ("source", np.int64),
        ("base", np.int64),
        ("highest", np.int64),
        ("received", np.int64),
        ("timestamp", np.int64),
        ("clock", np.int64),
        ("transit", np.int64),
        ("jitter", np.float64),
    ]
)
#: How a stream leaves.
SENDING = np.dtype(
    [
        ("source", np.int64),
        ("payload_type", np.int64),
        ("sequence", np.int64),
        ("offset", np.int64),
        ("timestamp", np.int64),
        ("packets", np.int64),
        ("octets", np.int64),
    ]
)
_MOST_JITTER = float(2**32 - 1)


@compiled
def count_received(reception, source, sequence, timestamp, arrival):
    """Count a packet.

    Args:
        reception: A `RECEPTION` record, changed.
        source: SSRC; a new one begins anew.
        sequence: 16 bits.
        timestamp: 32 bits, 48 kHz.
        arrival: On this machine's clock, samples of 48 kHz.
    """
    if reception.source != source:
        reception.source, reception.base, reception.highest = source, sequence, sequence
        reception.received, reception.jitter = 1, 0.0
        reception.timestamp, reception.clock, reception.transit = timestamp, 0, arrival
        return
    step = ahead16(sequence, reception.highest & 0xFFFF)
    reception.highest += max(step, 0)
    reception.received += 1
    reception.clock += ahead32(timestamp, reception.timestamp)
    reception.timestamp = timestamp
    transit = arrival - reception.clock
    change = float(abs(transit - reception.transit))
    reception.transit = transit
    reception.jitter = min(reception.jitter + (change - reception.jitter) / 16.0, _MOST_JITTER)


class Statistics:
    """One stream as aiortc's reports ask for it.

    Args:
        record: A `RECEPTION` record, which kernels go on writing.
    """

    def __init__(self, record: Any) -> None:
        self._record = record
        self._expected_before = 0
        self._received_before = 0

    def items(self) -> Iterable[tuple[int, "Statistics"]]:
        """Return the one stream by its source, once it is there."""
        source = int(self._record["source"])
        return [(source, self)] if source >= 0 else []

    @property
    def packets_received(self) -> int:
        """How many came."""
        return int(self._record["received"])

    @property
    def packets_expected(self) -> int:
        """How many were sent, as far as can be told."""
        return int(self._record["highest"] - self._record["base"]) + 1

    @property
    def packets_lost(self) -> int:
        """How many did not come; what came twice makes up for it. 24 bits with a sign."""
        return min(max(self.packets_expected - self.packets_received, -(1 << 23)), (1 << 23) - 1)

    @property
    def fraction_lost(self) -> int:
        """Share lost since this was asked last, of 256."""
        expected = self.packets_expected - self._expected_before
        received = self.packets_received - self._received_before
        self._expected_before, self._received_before = self.packets_expected, self.packets_received
        if expected <= 0 or received >= expected:
            return 0
        return min((expected - received) * 256 // expected, 255)

    @property
    def max_seq(self) -> int:
        """Highest sequence number with the count of cycles, 32 bits."""
        return int(self._record["highest"]) & 0xFFFFFFFF

    @property
    def jitter(self) -> int:
        """Interarrival jitter, samples."""
        return int(self._record["jitter"])
