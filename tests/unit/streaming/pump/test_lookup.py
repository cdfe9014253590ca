"""Whose an address is: every peer is found from the socket that it is reached by, and nobody else is."""

from ipaddress import ip_address

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.pump.lookup import address_tuple, find, rebuild, socket_address

_address = st.one_of(
    st.tuples(st.ip_addresses(v=4).map(str), st.integers(0, 65535)),
    st.tuples(st.ip_addresses(v=6).map(str), st.integers(0, 65535), st.integers(0, 9), st.integers(0, 9)),
    # Neighbours in a network, whose addresses differ by little.
    st.tuples(st.integers(0, 5).map(lambda last: f"10.0.0.{last}"), st.integers(1, 4)),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(_address, st.integers(3, 5)), max_size=24), st.lists(_address, max_size=8), st.data()
)
def test_who_is_attached_is_found_and_nobody_else(
    peers: list[tuple[tuple[str, int], int]], strangers: list[tuple[str, int]], data: st.DataObject
) -> None:
    peers = list({(where[:2], near): (where, near) for where, near in peers}.values())
    attached = np.array([data.draw(st.booleans()) for _ in peers], np.int64)
    sockets = np.array([near for _, near in peers], np.int64)
    places = np.stack([socket_address(where) for where, _ in peers] or [np.zeros(32, np.uint8)])
    keys, holders = np.zeros((64, 4), np.uint64), np.zeros(64, np.int64)
    rebuild(keys, holders, places, sockets, attached)
    for row, (where, near) in enumerate(peers):
        assert find(keys, holders, socket_address(where), near) == (row if attached[row] else -1)
    known = {(where[:2], near) for where, near in peers}
    for stranger in strangers:
        if (stranger[:2], 3) not in known:
            assert find(keys, holders, socket_address(stranger), 3) == -1


@settings(deadline=None)
@given(_address)
def test_an_address_is_read_as_it_was_written(address: tuple[str, int]) -> None:
    read = address_tuple(socket_address(address).tobytes())
    assert ip_address(read[0]) == ip_address(address[0])
    assert read[1:] == address[1:]


def test_a_name_is_no_address() -> None:
    with pytest.raises(OSError, match="illegal"):
        socket_address(("example.org", 80))
