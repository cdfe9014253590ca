"""Where the C functions are that kernels call: libopus, libsrtp, OpenSSL and libc, in this process.

Addresses change with every start, and a kernel that is kept on disk would keep them: so they are looked up
here and *passed* to kernels as an array, never taken from a global. The libraries are those that aiortc
works with: what PyAV, pylibsrtp and cryptography brought along.
"""

import ctypes
import ctypes.util
import sys
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from cryptography.hazmat.bindings._rust import _openssl
from numpy.typing import NDArray
from pylibsrtp import _binding

from streaming.errors import PumpUnavailableError

Addresses = NDArray[np.int64]

_OPUS = ("opus_decode", "opus_encode_float")
_SRTP = ("srtp_protect", "srtp_unprotect")
_OPENSSL = ("SSL_read", "SSL_write", "SSL_get_shutdown", "ERR_clear_error", "BIO_read", "BIO_write")
_LIBC = ("recvmmsg", "sendmmsg")
_WORD = 8
#: Places of the addresses in what :func:`addresses` returns.
(
    OPUS_DECODE, OPUS_ENCODE_FLOAT, SRTP_PROTECT, SRTP_UNPROTECT, SSL_READ, SSL_WRITE, SSL_GET_SHUTDOWN,
    ERR_CLEAR_ERROR, BIO_READ, BIO_WRITE, RECVMMSG, SENDMMSG,
) = range(len(_OPUS + _SRTP + _OPENSSL + _LIBC))  # fmt: skip


@cache
def opus() -> ctypes.CDLL:
    """Return PyAV's libopus, or the system's where PyAV uses that.

    Raises:
        PumpUnavailableError: There is none.
    """
    bundled = sorted(Path(av.__file__).parent.parent.glob("av.libs/libopus*"))
    name = str(bundled[0]) if bundled else ctypes.util.find_library("opus")
    if name is None:
        raise PumpUnavailableError("libopus: neither PyAV nor the system brings one")
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        raise PumpUnavailableError(f"libopus: {name} cannot be loaded ({error})") from error


@cache
def addresses() -> Addresses:
    """Return the addresses of all functions that kernels call, in the order of this module's constants.

    Raises:
        PumpUnavailableError: One is missing, or their structures are laid out differently here.
    """
    if sys.platform != "linux" or sys.byteorder != "little" or ctypes.sizeof(ctypes.c_void_p) != _WORD:
        raise PumpUnavailableError(f"{sys.platform}: the pump knows Linux on 64 bits, lowest byte first")
    found = [_in_library(opus(), name) for name in _OPUS]
    found += [_in_binding(_binding.ffi, _binding.lib, "libsrtp", name) for name in _SRTP]
    found += [_in_binding(_openssl.ffi, _openssl.lib, "OpenSSL", name) for name in _OPENSSL]
    found += [_in_library(ctypes.CDLL(None), name) for name in _LIBC]
    result = np.array(found, np.int64)
    result.flags.writeable = False
    return result


def srtp_handle(session: Any) -> int:
    """Return the address of a pylibsrtp session, valid for as long as the session is."""
    return int(_binding.ffi.cast("uintptr_t", session._srtp[0]))  # noqa: SLF001 - see tests/contract


def openssl_handle(pointer: Any) -> int:
    """Return the address of something of OpenSSL's, valid for as long as its owner is."""
    return int(_openssl.ffi.cast("uintptr_t", pointer))


def _in_library(library: ctypes.CDLL, name: str) -> int:
    try:
        address = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
    except AttributeError:
        address = None
    if not address:
        raise PumpUnavailableError(f"{name}: {library} has no such function")
    return address


def _in_binding(ffi: Any, library: Any, title: str, name: str) -> int:
    try:
        return int(ffi.cast("uintptr_t", ffi.addressof(library, name)))
    except (AttributeError, TypeError) as error:
        raise PumpUnavailableError(f"{name}: this build of {title} shows no such function") from error
