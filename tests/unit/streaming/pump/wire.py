"""aiortc's real association on one end of a scripted wire, rows of the pump on the other."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
from aiortc.rtcdatachannel import RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcsctptransport import RTCSctpTransport

from streaming.messages import EVENTS_CHANNEL, STATE_CHANNEL
from streaming.pump import privates
from streaming.pump.acknowledgement import expire
from streaming.pump.association import MOST_PACKET, Associations
from streaming.pump.outbox import Outbox
from streaming.pump.packet import make_packet
from streaming.pump.reassembly import Message, Piece, Reassembly
from streaming.pump.sctp import CHUNK, ENDED, FORWARD_TSN, Inbox, mark_received, take_packet

BINARY, TEXT = 53, 51
ROW = 1
_SERVER = False


class _Dtls:
    """Stands where an association expects its encryption; what it sends goes to the other end."""

    state = "connected"

    def __init__(self, role: str) -> None:
        self._role = role
        self._receiver: Any = None
        self.send: Callable[[bytes], None] = lambda _: None

    def _register_data_receiver(self, receiver: Any) -> None:
        self._receiver = receiver

    def _unregister_data_receiver(self, receiver: Any) -> None:
        del receiver

    async def _send_data(self, data: bytes) -> None:
        self.send(data)

    async def take(self, data: bytes) -> None:
        await self._receiver._handle_data(data)


class Wire:
    """One client of aiortc's, whose association was set up with aiortc's and is then taken over.

    Attributes:
        client: The client's association.
        server: The server's, which keeps what is no data.
        heard: What the client heard on its channels, by label.
        messages: What the pump heard.
        ended: Whether the pump was told of the end.
        faults: How often the pump was told of nonsense.
        lose: Tells of each packet, from the client or not, whether the wire loses it.
        controls: Chunks that went to the server's aiortc.
    """

    def __init__(self) -> None:
        self._dtls = {True: _Dtls("client"), False: _Dtls("server")}
        self.client = RTCSctpTransport(self._dtls[True])  # type: ignore[arg-type]
        self.server = RTCSctpTransport(self._dtls[False])  # type: ignore[arg-type]
        self.heard: dict[str, list[Any]] = {STATE_CHANNEL: [], EVENTS_CHANNEL: []}
        self.messages: list[Message] = []
        self.ended = False
        self.faults = 0
        self.controls: list[int] = []
        self.lose: Callable[[bool, bytes], bool] = lambda _client, _packet: False
        self.rows = Associations(2)
        self.inbox, self.outbox, self.reassembly = Inbox(64, 64_000), Outbox(), Reassembly()
        self._packet = np.zeros(2048, np.uint8)
        self._queue: asyncio.Queue[tuple[bool, bytes]] = asyncio.Queue()
        self._news = asyncio.Event()
        self._taken = False
        self._running: asyncio.Task[None] | None = None
        for client, dtls in self._dtls.items():
            dtls.send = lambda data, client=client: self._put(client, data)  # type: ignore[misc]

    def _put(self, from_client: bool, data: bytes) -> None:  # noqa: FBT001
        if not self.lose(from_client, data):
            self._queue.put_nowait((from_client, data))

    async def connect(self, *, early: Callable[["Wire"], Awaitable[None]] | None = None) -> "Wire":
        """Set the association up with both channels, and take it over."""
        self._running = asyncio.create_task(self._run())
        opened: list[Any] = []
        self.server.on("datachannel", opened.append)
        await self.server.start(RTCSctpTransport.getCapabilities(), 5000)
        await self.client.start(RTCSctpTransport.getCapabilities(), 5000)
        self.channels = {
            STATE_CHANNEL: RTCDataChannel(
                self.client, RTCDataChannelParameters(label=STATE_CHANNEL, ordered=False, maxRetransmits=0)
            ),
            EVENTS_CHANNEL: RTCDataChannel(self.client, RTCDataChannelParameters(label=EVENTS_CHANNEL)),
        }
        for label, channel in self.channels.items():
            channel.on("message", self.heard[label].append)
        await self.until(lambda: len(opened) == 2)
        self.streams = {channel.label: channel.id for channel in opened}
        if early is not None:
            await early(self)
        self._take_over()
        return self

    def _take_over(self) -> None:
        found = privates.take_association(self.server)
        self.rows.open(
            ROW, ports=found.ports, tags=found.tags, cumulative=found.cumulative, tsn=found.tsn,
            acked=found.acked, remote_window=found.remote_window, lossy_stream=self.streams[STATE_CHANNEL],
        )  # fmt: skip
        for tsn, chunk in found.outstanding:
            self.rows.put_outstanding(ROW, tsn, chunk, self.now)
        for tsn in found.beyond:
            mark_received(self.record, self.rows.received[ROW], tsn)
        for stream, sequence in found.sequences.items():
            self.outbox.resume(stream, sequence)
        for stream, sequence in found.expected.items():
            self.reassembly.resume(stream, sequence)
        for piece in found.pieces:
            self.messages += self.reassembly.take(piece)
        privates.divert_messages(self.server, self.outbox.put)
        self._taken = True

    @property
    def record(self) -> Any:
        """The pump's record of the association."""
        return self.rows.records[ROW]

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _run(self) -> None:
        while True:
            self._news.set()
            try:
                async with asyncio.timeout(0.02):
                    from_client, data = await self._queue.get()
            except TimeoutError:
                self.flush()
                continue
            if not from_client:
                await self._dtls[True].take(data)
            elif not self._taken:
                await self._dtls[False].take(data)
            else:
                self.take(data)
                await self._act()

    def take(self, data: bytes) -> None:
        """Let a packet come in."""
        packet = np.zeros(max(len(data), 16), np.uint8)
        packet[: len(data)] = np.frombuffer(data, np.uint8)
        rows, inbox = self.rows, self.inbox
        take_packet(
            self.record, rows.chunks[ROW], rows.received[ROW], rows.heartbeats[ROW], packet, len(data), ROW,
            self.now, inbox.entries, inbox.octets, inbox.used,
        )  # fmt: skip

    async def _act(self) -> None:
        """Read the inbox, as the pump's owner does, and answer."""
        for kind, _, chunk in self.inbox.take():
            if kind == ENDED:
                self.ended = True
            elif kind != CHUNK:
                self.faults += 1
            elif chunk[0] == 0:
                self.messages += self.reassembly.take(Piece.of(chunk))
            elif chunk[0] == FORWARD_TSN:
                self.messages += self.reassembly.skip(chunk)
            else:
                self.controls.append(chunk[0])
                privates.follow(self.server, int(self.record["cumulative"]), int(self.record["tsn"]))
                await privates.take_control(self.server, chunk)
        self.flush()

    def flush(self, message: bytes = b"") -> bool:
        """Send what is due; returns whether the lossy message went."""
        if not self._taken:
            return False
        rows = self.rows
        self.ended = self.ended or not expire(self.record, rows.chunks[ROW], self.now)
        self.outbox.move(rows, ROW)
        data = np.frombuffer(message or b"\0", np.uint8)
        went = False
        for _ in range(200):
            left = 0 if went else len(message)
            size, gone = make_packet(
                self.record, rows.chunks[ROW], rows.received[ROW], rows.slots[ROW], rows.sizes[ROW],
                rows.heartbeats[ROW], data, 0, left, self._packet, self.now,
            )  # fmt: skip
            if size == 0:
                break
            assert size <= MOST_PACKET
            went = went or gone
            self._put(_SERVER, self._packet[:size].tobytes())
        return went

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something that came over the wire has made this true."""
        async with asyncio.timeout(20.0):
            while not true():
                self._news.clear()
                await self._news.wait()

    async def close(self) -> None:
        """Let everything go."""
        for end in (self.client, self.server):
            await end.stop()
        assert self._running is not None
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)


def losing(share: float, seed: int) -> Callable[[bool, bytes], bool]:
    """Return a wire that loses a share of the packets, the same each time."""
    chance = random.Random(seed)
    return lambda _client, _packet: chance.random() < share
