"""What the pump knows of an SCTP association (RFC 9260), as rows of arrays.

The pump owns the transmission sequence numbers (TSN) of both directions. Two kinds of messages share them:
*lossy* ones, one chunk each, which are sent once and then given up (RFC 3758), and *reliable* ones, whose
chunks stay in a ring of slots until they are acknowledged.
"""

import numpy as np

#: Bytes of the largest SCTP packet; with DTLS and UDP around it, it fits the least MTU of IPv6, 1,280.
MOST_PACKET = 1188
COMMON_HEADER, DATA_HEADER = 12, 16
#: User data of one chunk.
MOST_DATA = MOST_PACKET - COMMON_HEADER - DATA_HEADER
#: Chunks that may be on their way, and those of them that are reliable.
OUTSTANDING, SLOTS = 256, 64
#: How far beyond the first missing chunk others are taken.
AHEAD = 1024
#: What a client may send without its being read: our window, bytes.
WINDOW = 128 * 1024
#: The longest heartbeat that is answered, bytes.
MOST_HEARTBEAT = 256
#: Congestion window at first (RFC 9260, section 7.2.1), bytes.
FIRST_WINDOW = 4 * MOST_PACKET
#: Timeouts for retransmission, seconds: at first, at least, at most. The least is dcSCTP's (Chromium's), not
#: the RFC's second: what somebody says should not wait so long.
RTO_FIRST, RTO_LEAST, RTO_MOST = 1.0, 0.4, 10.0
#: Timeouts in a row after which the other side counts as gone (Association.Max.Retrans).
MOST_FAILURES = 10

#: States of a chunk on its way.
FREE, SENT, ACKED, AGAIN, ABANDONED = range(5)

ASSOCIATION = np.dtype(
    [
        ("open", np.int64),
        ("closed", np.int64),
        ("local_port", np.int64),
        ("remote_port", np.int64),
        ("local_tag", np.int64),
        ("remote_tag", np.int64),
        # Receiving: the last TSN before a gap, how many came beyond it, what is to be answered.
        ("cumulative", np.int64),
        ("beyond", np.int64),
        ("unanswered", np.int64),
        ("answer_now", np.int64),
        ("answer_by", np.float64),
        ("window", np.int64),
        ("heartbeat", np.int64),
        ("shutdown", np.int64),
        # Sending: the next TSN, the last acknowledged in order, the last given up in order (RFC 3758, C2).
        ("tsn", np.int64),
        ("acked", np.int64),
        ("advanced", np.int64),
        ("forward", np.int64),
        ("lossy_stream", np.int64),
        # Slots, counted without wrapping: the oldest in use, the next to be sent, the next to be filled.
        ("first", np.int64),
        ("next", np.int64),
        ("filled", np.int64),
        # How many reliable chunks are lost and not sent again yet.
        ("again", np.int64),
        # Congestion control, bytes.
        ("flight", np.int64),
        ("congestion", np.int64),
        ("threshold", np.int64),
        ("partial", np.int64),
        ("remote_window", np.int64),
        ("recovery", np.int64),
        ("rto", np.float64),
        ("smoothed", np.float64),
        ("variation", np.float64),
        ("expires", np.float64),
        ("failures", np.int64),
        # Counted: lossy messages sent, held back, and given up; chunks sent again; nonsense received.
        ("sent", np.int64),
        ("held_back", np.int64),
        ("given_up", np.int64),
        ("sent_again", np.int64),
        ("faults", np.int64),
    ]
)

#: A chunk on its way; `slot` is -1 for lossy ones.
CHUNK = np.dtype(
    [
        ("state", np.int64),
        ("slot", np.int64),
        ("size", np.int64),
        ("count", np.int64),
        ("misses", np.int64),
        ("when", np.float64),
    ]
)


class Associations:
    """Rows of associations.

    Attributes:
        records: (count,) of `ASSOCIATION`.
        chunks: (count, OUTSTANDING) of `CHUNK`, by TSN.
        received: (count, AHEAD) uint8, whether a TSN beyond the first gap came.
        slots: (count, SLOTS, MOST_PACKET) uint8, whole DATA chunks but for their TSN.
        sizes: (count, SLOTS) int64, bytes of those chunks, without padding.
        heartbeats: (count, MOST_HEARTBEAT) uint8, what is to be sent back.
    """

    def __init__(self, count: int) -> None:
        self.records = np.zeros(count, ASSOCIATION)
        self.chunks = np.zeros((count, OUTSTANDING), CHUNK)
        self.received = np.zeros((count, AHEAD), np.uint8)
        self.slots = np.zeros((count, SLOTS, MOST_PACKET), np.uint8)
        self.sizes = np.zeros((count, SLOTS), np.int64)
        self.heartbeats = np.zeros((count, MOST_HEARTBEAT), np.uint8)

    def clear(self, row: int) -> None:
        """Forget an association; nothing is sent or taken for the row until it is opened."""
        self.records[row] = np.zeros((), ASSOCIATION)
        self.chunks[row] = np.zeros((), CHUNK)
        self.received[row] = 0

    def open(  # noqa: PLR0913 - what two ends have agreed on
        self,
        row: int,
        *,
        ports: tuple[int, int],
        tags: tuple[int, int],
        cumulative: int,
        tsn: int,
        acked: int,
        remote_window: int,
        lossy_stream: int,
    ) -> None:
        """Begin, or take an association over.

        Args:
            row: Which row.
            ports: Local and remote.
            tags: Verification tags, local and remote.
            cumulative: The last TSN that came in order.
            tsn: The next TSN to be sent.
            acked: The last TSN that the other side acknowledged.
            remote_window: What the other side takes, bytes.
            lossy_stream: Stream of the lossy messages.
        """
        self.clear(row)
        record = self.records[row]
        record["local_port"], record["remote_port"] = ports
        record["local_tag"], record["remote_tag"] = tags
        record["cumulative"], record["tsn"] = cumulative, tsn
        record["acked"] = record["advanced"] = acked
        record["remote_window"] = record["threshold"] = remote_window
        record["lossy_stream"], record["window"] = lossy_stream, WINDOW
        record["congestion"], record["rto"], record["recovery"] = FIRST_WINDOW, RTO_FIRST, -1
        record["open"] = 1

    def put_outstanding(self, row: int, tsn: int, chunk: bytes, now: float) -> None:
        """Take over a chunk that is on its way already; in the order of their TSNs, before anything else."""
        record = self.records[row]
        place = self.chunks[row, tsn % OUTSTANDING]
        place["state"], place["slot"], place["count"] = SENT, int(record["filled"]) % SLOTS, 2
        place["size"], place["when"] = len(chunk) - DATA_HEADER, now
        self.fill(row, chunk)
        record["next"] = record["filled"]
        record["flight"] += len(chunk) - DATA_HEADER
        record["expires"] = now + RTO_FIRST

    def room(self, row: int) -> int:
        """Return how many more reliable chunks a row can hold."""
        record = self.records[row]
        return SLOTS - int(record["filled"] - record["first"])

    def fill(self, row: int, chunk: bytes) -> None:
        """Take one reliable chunk, whole but for its TSN; there must be room."""
        record = self.records[row]
        slot = int(record["filled"]) % SLOTS
        self.slots[row, slot, : len(chunk)] = np.frombuffer(chunk, np.uint8)
        self.sizes[row, slot] = len(chunk)
        record["filled"] += 1
