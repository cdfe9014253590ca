"""Whose a datagram is: the tables against aioice's STUN, and against who would bend them."""

import os
import struct
from typing import Any

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from streaming import routes as routes_module
from streaming.errors import PortFullError
from streaming.routes import MOST_ADDRESSES, MOST_CHECKS, Route, Routes, Source
from streaming.stun import is_authentic, read_check

OURS, THEIRS = "o" * 24, "t" * 24
PHONE: Source = ("10.0.0.1", "192.0.2.7", 40_000)
ELSEWHERE: Source = ("10.0.0.1", "198.51.100.9", 50_000)
MEDIA = b"\x80" + bytes(40)


def check(route: Route, password: str = OURS, fragment: str | None = None, **attributes: Any) -> bytes:
    """Return a connectivity check for a route, as aioice writes it."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{route.fragment if fragment is None else fragment}:them"
    message.attributes["PRIORITY"] = 1
    message.attributes["USE-CANDIDATE"] = None
    message.attributes.update(attributes)
    message.add_message_integrity(password.encode())
    return bytes(message)


def answer(request: bytes, password: str = THEIRS) -> bytes:
    """Return the answer to a check of ours."""
    message = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, transaction_id=request[8:20])
    message.attributes["XOR-MAPPED-ADDRESS"] = ("10.0.0.1", 8000)
    message.add_message_integrity(password.encode())
    return bytes(message)


def sent_to(routes: Routes, route: Route, to: Source) -> bytes:
    """Let a route send a check, and return it."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.add_message_integrity(THEIRS.encode())
    data = bytes(message)
    routes.sent(route, data, to, THEIRS.encode())
    return data


def test_a_check_finds_its_route_and_from_then_on_its_address_does() -> None:
    routes = Routes()
    ours, other = routes.open(OURS), routes.open(OURS)
    assert routes.find(MEDIA, PHONE) is None
    assert routes.find(check(ours), PHONE) is ours
    assert routes.find(check(other), ELSEWHERE) is other
    assert routes.find(MEDIA, PHONE) is ours
    assert routes.find(MEDIA, ELSEWHERE) is other
    assert routes.find(MEDIA, ("10.0.0.2", *PHONE[1:])) is None
    assert routes.dropped == 2


@pytest.mark.parametrize("password", ["x" * 24, ""])
def test_a_check_without_the_password_is_dropped_and_teaches_nothing(password: str) -> None:
    routes = Routes()
    route = routes.open(OURS)
    assert routes.find(check(route, password), PHONE) is None
    assert routes.find(check(route, fragment="nobody"), PHONE) is None
    assert routes.find(check(route, fragment=""), PHONE) is None
    assert routes.sizes() == (1, 0, 0)


def test_nobody_takes_an_address_with_a_false_sender_address() -> None:
    routes = Routes()
    victim, rascal = routes.open(OURS), routes.open(OURS)
    assert routes.find(check(victim), PHONE) is victim
    # The rascal's own check, with the victim's address as its sender: it is theirs, the address is not.
    assert routes.find(check(rascal), PHONE) is rascal
    assert routes.find(MEDIA, PHONE) is victim
    # Nor does an answer help that was guessed, or comes from where the check was not sent.
    ours = sent_to(routes, rascal, PHONE)
    assert routes.find(answer(os.urandom(20)), PHONE) is None
    assert routes.find(answer(ours, "x" * 24), PHONE) is None
    assert routes.find(answer(ours), ELSEWHERE) is None
    assert routes.find(MEDIA, PHONE) is victim


def test_an_address_changes_hands_to_who_answers_there() -> None:
    """A browser that connects anew may be given the very port that it had."""
    routes = Routes()
    before, after = routes.open(OURS), routes.open(OURS)
    assert routes.find(check(before), PHONE) is before
    ours = sent_to(routes, after, PHONE)
    assert routes.find(answer(ours), PHONE) is after
    assert routes.find(MEDIA, PHONE) is after
    assert routes.find(answer(ours), PHONE) is None
    routes.close(before)
    assert routes.find(MEDIA, PHONE) is after


def test_a_route_that_is_closed_leaves_nothing() -> None:
    routes = Routes()
    route = routes.open(OURS)
    routes.find(check(route), PHONE)
    sent_to(routes, route, PHONE)
    assert routes.sizes() == (1, 1, 1)
    routes.close(route)
    routes.close(route)
    sent_to(routes, route, PHONE)
    assert routes.sizes() == (0, 0, 0)
    assert routes.find(check(route), PHONE) is None
    assert routes.find(MEDIA, PHONE) is None


def test_a_renewed_route_answers_to_its_new_name_alone_and_keeps_its_addresses() -> None:
    routes = Routes()
    route = routes.open(OURS)
    old = check(route)
    routes.find(old, PHONE)
    routes.renew(route, THEIRS)
    assert routes.find(old, ELSEWHERE) is None
    assert routes.find(check(route, OURS), ELSEWHERE) is None
    assert routes.find(MEDIA, PHONE) is route
    assert routes.find(check(route, THEIRS), ELSEWHERE) is route
    routes.close(route)
    assert routes.sizes() == (0, 0, 0)


def test_the_tables_of_one_route_are_bounded_and_keep_what_is_used() -> None:
    routes = Routes()
    route = routes.open(OURS)
    for number in range(3 * MOST_ADDRESSES):
        assert routes.find(check(route), ("10.0.0.1", "192.0.2.8", 1024 + number)) is route
        assert routes.find(check(route), PHONE) is route
    for _ in range(3 * MOST_CHECKS):
        last = sent_to(routes, route, PHONE)
    assert routes.sizes() == (1, MOST_CHECKS, MOST_ADDRESSES)
    assert routes.find(MEDIA, PHONE) is route
    assert routes.find(answer(last), PHONE) is route


def test_no_more_routes_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes_module, "MOST_ROUTES", 2)
    routes = Routes()
    first = routes.open(OURS)
    routes.open(OURS)
    with pytest.raises(PortFullError):
        routes.open(OURS)
    routes.close(first)
    routes.open(OURS)


@given(st.binary(max_size=200), st.integers(0, 3))
def test_any_bytes_of_a_stranger_are_dropped(data: bytes, first: int) -> None:
    routes = Routes()
    routes.open(OURS)
    for one in (data, bytes([first]) + data, struct.pack("!HHI12s", 1, len(data), 0x2112A442, b"t") + data):
        assert routes.find(one, PHONE) is None
    assert routes.sizes() == (1, 0, 0)


@given(st.data())
def test_a_bent_check_is_not_authentic_where_it_is_covered(data: st.DataObject) -> None:
    routes = Routes()
    good = bytearray(check(routes.open(OURS)))
    found = read_check(bytes(good))
    assert found is not None
    end = found.integrity + 24
    assert is_authentic(bytes(good), found, OURS.encode())
    good[data.draw(st.integers(0, end - 1))] ^= 1 << data.draw(st.integers(0, 7))
    bent = read_check(bytes(good))
    assert bent is None or not is_authentic(bytes(good), bent, OURS.encode())


def test_a_check_is_read_as_aioice_reads_it() -> None:
    data = check(Routes().open(OURS), **{"ICE-CONTROLLING": 7, "SOFTWARE": "odd"})
    ours, theirs = read_check(data), stun.parse_message(data)
    assert ours is not None
    assert ours.transaction == theirs.transaction_id
    assert ours.fragment == theirs.attributes["USERNAME"].partition(":")[0]
    assert is_authentic(data, ours, OURS.encode()) is theirs.check_message_integrity(OURS.encode()) is True


def test_an_endless_row_of_attributes_is_given_up() -> None:
    body = struct.pack("!HH", 0x8022, 0) * 200
    assert read_check(struct.pack("!HHI12s", 1, len(body), 0x2112A442, b"t" * 12) + body) is None
