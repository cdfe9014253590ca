"""DTLS records through OpenSSL's own connection and its two memory buffers (RFC 9147, RFC 6347). Kernels.

Once a peer is attached, only the pump touches its connection: two threads in one fail. So all records go this
way, those of a handshake that is told twice included; OpenSSL answers them by itself.
"""

import numpy as np

from spatial.kernel import compiled
from streaming.pump.calls import address_of, call0, call1, call3
from streaming.pump.functions import (
    BIO_READ,
    BIO_WRITE,
    ERR_CLEAR_ERROR,
    SSL_GET_SHUTDOWN,
    SSL_READ,
    SSL_WRITE,
)

#: Addresses of a connection (`SSL *`) and of the buffers into it and out of it (`BIO *`).
CONNECTION = np.dtype([("ssl", np.int64), ("into", np.int64), ("out", np.int64)])
_RECEIVED_SHUTDOWN = 2


@compiled
def put_record(functions, connection, datagram, size):
    """Hand a datagram of records over; return whether it was taken."""
    if connection.ssl == 0 or size <= 0 or size > datagram.size:
        return False
    taken = call3(functions[BIO_WRITE], connection.into, address_of(datagram), np.int32(size))
    return np.int64(taken) == size


@compiled
def read_data(functions, connection, data):
    """Write the next data that records carried; return its size, 0 when there is no more.

    Args:
        functions: See :func:`streaming.pump.functions.addresses`.
        connection: A `CONNECTION` record.
        data: uint8, written.
    """
    if connection.ssl == 0:
        return 0
    size = np.int64(call3(functions[SSL_READ], connection.ssl, address_of(data), np.int32(data.size)))
    if size > 0:
        return size
    # What is not authentic is dropped without a word, but a fault may be noted in the thread's list.
    call0(functions[ERR_CLEAR_ERROR])
    return 0


@compiled
def is_closed(functions, connection):
    """Tell whether the other side said that it closes (close_notify), or failed."""
    return (
        connection.ssl != 0 and call1(functions[SSL_GET_SHUTDOWN], connection.ssl) & _RECEIVED_SHUTDOWN != 0
    )


@compiled
def write_data(functions, connection, data, size):
    """Encrypt data; return whether it lies in the buffer out of the connection now."""
    if connection.ssl == 0 or size <= 0 or size > data.size:
        return False
    written = call3(functions[SSL_WRITE], connection.ssl, address_of(data), np.int32(size))
    if np.int64(written) == size:
        return True
    call0(functions[ERR_CLEAR_ERROR])
    return False


@compiled
def take_record(functions, connection, datagram):
    """Write what waits in the buffer out of the connection; return its size, 0 when nothing does."""
    if connection.ssl == 0:
        return 0
    size = call3(functions[BIO_READ], connection.out, address_of(datagram), np.int32(datagram.size))
    return max(np.int64(size), np.int64(0))
