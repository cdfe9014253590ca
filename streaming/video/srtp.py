"""SRTP at the price of one call into libsrtp (RFC 3711), through pylibsrtp's own binding.

pylibsrtp's methods copy each packet three times; a screen sends each packet to everybody who watches. The
binding is private: ``tests/contract/test_aiortc_privates.py`` fails when it moves.
"""

from typing import Any

import pylibsrtp
from pylibsrtp._binding import ffi, lib

#: A packet and what SRTP or SRTCP adds.
_ROOM = 2048
_MOST_BYTES = 1600
#: Sources of one connection: libsrtp holds a window for each that it ever saw.
_MOST_SOURCES = 16


class _Box:
    """A libsrtp session and a buffer that it works in."""

    def __init__(self, session: pylibsrtp.Session) -> None:
        # The session is freed with its Python object: it is held here for as long as its address is.
        self._session = session
        self._handle: Any = session._srtp[0]  # noqa: SLF001 - see the module's paragraph
        self._bytes = ffi.new("char[]", _ROOM)
        self._length = ffi.new("int *")
        self._view = memoryview(ffi.buffer(self._bytes))


class Sealer(_Box):
    """Encrypts what goes out. What a method returns is valid until the next call."""

    def rtp(self, header: bytes, payload: bytes) -> memoryview | None:
        """Seal a packet of a twelve-byte header and a payload; None when it cannot be."""
        size = 12 + len(payload)
        self._view[:12] = header
        self._view[12:size] = payload
        self._length[0] = size
        if lib.srtp_protect(self._handle, self._bytes, self._length):
            return None
        return self._view[: self._length[0]]

    def rtcp(self, data: bytes) -> memoryview | None:
        """Seal a compound packet; None when it cannot be."""
        if len(data) > _MOST_BYTES:
            return None
        self._view[: len(data)] = data
        self._length[0] = len(data)
        if lib.srtp_protect_rtcp(self._handle, self._bytes, self._length):
            return None
        return self._view[: self._length[0]]


class Opener(_Box):
    """Decrypts what comes in, of few sources."""

    def __init__(self, session: pylibsrtp.Session) -> None:
        super().__init__(session)
        self._sources: set[bytes] = set()

    def rtp(self, data: bytes) -> bytes | None:
        """Open a packet; None when it was not sealed with the right key, or came before."""
        return self._opened(data, data[8:12], lib.srtp_unprotect)

    def rtcp(self, data: bytes) -> bytes | None:
        """Open a compound packet; None when it was not sealed with the right key, or came before."""
        return self._opened(data, data[4:8], lib.srtp_unprotect_rtcp)

    def _opened(self, data: bytes, source: bytes, unprotect: Any) -> bytes | None:
        size = len(data)
        if size > _MOST_BYTES or len(source) < 4:
            return None
        if source not in self._sources and len(self._sources) >= _MOST_SOURCES:
            return None
        self._view[:size] = data
        self._length[0] = size
        if unprotect(self._handle, self._bytes, self._length):
            return None
        self._sources.add(source)
        return bytes(self._view[: self._length[0]])
