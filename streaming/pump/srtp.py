"""Sealing and opening RTP (RFC 3711), in sessions of the pump's own.

libsrtp's sessions are not for two threads, and aiortc's serve its reports: so the pump makes its own from
the same exported keys (RFC 5764, section 4.2). Two sessions under one key are safe because they never seal
packets of the same kind: the pump seals RTP alone and aiortc RTCP alone.
"""

from dataclasses import dataclass

import numpy as np
from pylibsrtp import Policy, Session

from spatial.kernel import compiled
from streaming.pump.calls import address_of, call3
from streaming.pump.functions import SRTP_PROTECT, SRTP_UNPROTECT, srtp_handle
from streaming.pump.octets import get32

#: What sealing may add: the longest tag, and a master key identifier (libsrtp's SRTP_MAX_TRAILER_LEN).
TRAILER = 16 + 128
#: Sources of one connection: libsrtp holds a window for each that it ever opened a packet of.
MOST_SOURCES = 16
_WINDOW = 1024
_LEAST = 12 + 10

#: What the pump knows of a peer's keys: addresses of its sessions, and the sources that were heard.
KEYS = np.dtype(
    [("seal", np.int64), ("open", np.int64), ("known", np.int64), ("sources", np.int64, (MOST_SOURCES,))]
)


@dataclass(frozen=True, slots=True, eq=False)
class Sessions:
    """Both directions of one peer; to be held for as long as their addresses are."""

    seal: Session
    open: Session

    @staticmethod
    def of(profile: int, seal: bytes, opening: bytes) -> "Sessions":
        """Make both from a profile of pylibsrtp's and the master keys with salts."""
        return Sessions(
            seal=Session(_policy(profile, seal, Policy.SSRC_ANY_OUTBOUND)),
            open=Session(_policy(profile, opening, Policy.SSRC_ANY_INBOUND)),
        )

    def handles(self) -> tuple[int, int]:
        """Return the addresses that :func:`seal_packet` and :func:`open_packet` take."""
        return srtp_handle(self.seal), srtp_handle(self.open)


def _policy(profile: int, key: bytes, kind: int) -> Policy:
    policy = Policy(key=key, ssrc_type=kind, srtp_profile=profile)
    policy.window_size = _WINDOW
    return policy


@compiled
def seal_packet(functions, keys, packet, size, length):
    """Encrypt a packet where it stands; return its new size, or -1.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        keys: A `KEYS` record.
        packet: (≥ size + TRAILER,) uint8, changed.
        size: Bytes of the packet.
        length: (1,) int32, scratch.
    """
    if keys.seal == 0 or size + TRAILER > packet.size:
        return -1
    length[0] = size
    if call3(functions[SRTP_PROTECT], keys.seal, address_of(packet), address_of(length)) != 0:
        return -1
    return np.int64(length[0])


@compiled
def open_packet(functions, keys, packet, size, length):
    """Decrypt a packet where it stands; return its new size, or -1 when it is not authentic or came before.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        keys: A `KEYS` record, changed.
        packet: (≥ size,) uint8, changed.
        size: Bytes of the packet.
        length: (1,) int32, scratch.
    """
    if keys.open == 0 or size < _LEAST or size > packet.size:
        return -1
    source, found = get32(packet, 8), False
    for index in range(keys.known):
        found = found or keys.sources[index] == source
    if not found and keys.known >= MOST_SOURCES:
        return -1
    length[0] = size
    if call3(functions[SRTP_UNPROTECT], keys.open, address_of(packet), address_of(length)) != 0:
        return -1
    if not found:
        # Only what carried the right key counts.
        keys.sources[keys.known] = source
        keys.known += 1
    return np.int64(length[0])
