import os

import pytest

from bench.sink import connections, framed


@pytest.mark.parametrize(
    ("size", "head"),
    [(0, b"\x82\x00"), (125, b"\x82\x7d"), (126, b"\x82\x7e\x00\x7e"), (256, b"\x82\x7e\x01\x00")],
)
def test_a_packet_is_framed_as_rfc_6455_does(size: int, head: bytes) -> None:
    packet = os.urandom(size)
    assert framed(packet) == head + packet


def test_connections_take_more_than_they_could_hold_unread() -> None:
    with connections(2) as opened:
        for one in opened:
            one.settimeout(20.0)
            one.sendall(bytes(20_000_000))
