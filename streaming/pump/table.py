"""Every attached peer as a row of arrays."""

import secrets
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from streaming.audio import FRAME
from streaming.audio.opus import MOST_SAMPLES
from streaming.pump.association import Associations
from streaming.pump.datagrams import ADDRESS
from streaming.pump.dtls import CONNECTION
from streaming.pump.established import Established
from streaming.pump.gate import GATE
from streaming.pump.jitter import Buffers
from streaming.pump.lookup import rebuild
from streaming.pump.opus import decoders, encoders, make_decoder, make_encoder, set_complexity
from streaming.pump.rtcp import RECEPTION, SENDING
from streaming.pump.sctp import mark_received
from streaming.pump.srtp import KEYS

Array = NDArray[Any]


class Rows(NamedTuple):
    """The arrays, as kernels take them: the first axis is the row, but for the table of addresses.

    `attached` and `live` tell whether a row is anybody's and whether its microphone may be heard; `sockets`
    are descriptors; `frames` and `sounds` are the newest 20 ms of each and whether there is anything to hear
    in them; `heard` is when a packet of sound last came, seconds. The others are those of the modules that
    their names say.
    """

    attached: Array
    live: Array
    sockets: Array
    addresses: Array
    address_keys: Array
    address_rows: Array
    keys: Array
    connections: Array
    associations: Array
    chunks: Array
    received: Array
    slots: Array
    slot_sizes: Array
    heartbeats: Array
    receptions: Array
    streams: Array
    numbers: Array
    sizes: Array
    packets: Array
    ready: Array
    heard: Array
    decoders: Array
    gates: Array
    frames: Array
    sounds: Array
    encoders: Array
    sendings: Array


class Scratch(NamedTuple):
    """Room that kernels work in: an SCTP packet, a length for libsrtp, decoded and interleaved samples."""

    packet: Array
    length: Array
    samples: Array
    stereo: Array


def scratch() -> Scratch:
    """Return room for one thread."""
    return Scratch(
        packet=np.zeros(2048, np.uint8),
        length=np.zeros(1, np.int32),
        samples=np.zeros(MOST_SAMPLES, np.int16),
        stereo=np.zeros(2 * FRAME, np.float32),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """What a row is given of a peer.

    Attributes:
        established: Its association.
        lossy_stream: Stream of the messages that are not sent again.
        srtp: Addresses of the sessions that seal and open.
        connection: Addresses of the DTLS connection and of the buffers into and out of it.
        sent_as: SSRC and payload type of the sound that it is sent.
        complexity: Of its encoder.
    """

    established: Established
    lossy_stream: int
    srtp: tuple[int, int]
    connection: tuple[int, int, int]
    sent_as: tuple[int, int]
    complexity: int


class Table:
    """Room for so many peers.

    Attributes:
        associations: The rows of SCTP.
        rows: All arrays.
    """

    def __init__(self, capacity: int) -> None:
        self.associations = Associations(capacity)
        self._buffers = Buffers(capacity)
        places = max(4 * capacity, 16)
        self.rows = Rows(
            attached=np.zeros(capacity, np.int64),
            live=np.zeros(capacity, np.int64),
            sockets=np.zeros(capacity, np.int64),
            addresses=np.zeros((capacity, ADDRESS), np.uint8),
            address_keys=np.zeros((places, 4), np.uint64),
            address_rows=np.full(places, -1, np.int64),
            keys=np.zeros(capacity, KEYS),
            connections=np.zeros(capacity, CONNECTION),
            associations=self.associations.records,
            chunks=self.associations.chunks,
            received=self.associations.received,
            slots=self.associations.slots,
            slot_sizes=self.associations.sizes,
            heartbeats=self.associations.heartbeats,
            receptions=np.zeros(capacity, RECEPTION),
            streams=self._buffers.streams,
            numbers=self._buffers.numbers,
            sizes=self._buffers.sizes,
            packets=self._buffers.packets,
            ready=self._buffers.ready,
            heard=np.zeros(capacity, np.float64),
            decoders=decoders(capacity),
            gates=np.zeros(capacity, GATE),
            frames=np.zeros((capacity, FRAME), np.float32),
            sounds=np.zeros(capacity, np.uint8),
            encoders=encoders(capacity),
            sendings=np.zeros(capacity, SENDING),
        )

    def take(self, row: int, place: Place, now: float) -> None:
        """Make a row somebody's; nothing moves for it until it is reached by an address."""
        rows, found = self.rows, place.established
        self._buffers.clear(row)
        make_decoder(rows.decoders[row])
        make_encoder(rows.encoders[row], place.complexity)
        rows.receptions[row] = np.zeros((), RECEPTION)
        rows.receptions[row]["source"] = -1
        rows.heard[row] = now
        sending = rows.sendings[row]
        sending["source"], sending["payload_type"] = place.sent_as
        # Beginnings that cannot be foreseen (RFC 3550, section 5.1); the count wraps no sooner than it must.
        sending["sequence"], sending["offset"] = secrets.randbits(15), secrets.randbits(32)
        rows.keys[row]["seal"], rows.keys[row]["open"] = place.srtp
        rows.connections[row] = place.connection
        self.associations.open(
            row, ports=found.ports, tags=found.tags, cumulative=found.cumulative, tsn=found.tsn,
            acked=found.acked, remote_window=found.remote_window, lossy_stream=place.lossy_stream,
        )  # fmt: skip
        for tsn, chunk in found.outstanding:
            self.associations.put_outstanding(row, tsn, chunk, now)
        for tsn in found.beyond:
            mark_received(rows.associations[row], rows.received[row], tsn)

    def listen(self, row: int, *, live: bool) -> None:
        """Say whether a row's microphone may be heard."""
        self.rows.live[row] = live

    def tune(self, complexity: int) -> None:
        """Have the encoders of all rows that are somebody's try so hard."""
        for row in np.flatnonzero(self.rows.attached).tolist():
            set_complexity(self.rows.encoders[row], complexity)

    def progress(self, row: int) -> tuple[int, int]:
        """Return the last TSN that came in order, and the next to be sent."""
        record = self.rows.associations[row]
        return int(record["cumulative"]), int(record["tsn"])

    def reach(self, row: int, descriptor: int, address: Array) -> None:
        """Say by which socket a row's peer is reached, and where, (ADDRESS,) uint8; again when it moves."""
        self.rows.addresses[row], self.rows.sockets[row] = address, descriptor
        self.rows.attached[row] = 1
        self._index()

    def cut(self, descriptor: int) -> None:
        """Forget a socket: whoever is reached by it is reached by none until they move."""
        self.rows.sockets[self.rows.sockets == descriptor] = -1
        self._index()

    def free(self, row: int) -> None:
        """Let go of a row: from now on no kernel knows its addresses, in memory or on the network."""
        rows = self.rows
        rows.attached[row] = rows.live[row] = 0
        rows.sounds[row] = 0
        for array in (rows.keys, rows.connections, rows.gates, rows.sendings):
            array[row] = np.zeros((), array.dtype)
        self.associations.clear(row)
        self._index()

    def _index(self) -> None:
        rows = self.rows
        rebuild(rows.address_keys, rows.address_rows, rows.addresses, rows.sockets, rows.attached)
