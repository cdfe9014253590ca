"""The whole pump on one real socket, with real aiortc clients on the other end."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiortc.rtp import RtcpRrPacket, RtcpSrPacket

from streaming.errors import NotEstablishedError
from tests.unit.streaming.pump.crowd import Crowd


def _in_a_crowd(
    monkeypatch: pytest.MonkeyPatch, count: int, check: Callable[[Crowd], Awaitable[None]]
) -> None:
    async def body() -> None:
        crowd = await Crowd(monkeypatch).join(count)
        try:
            await check(crowd)
        finally:
            await crowd.close()

    asyncio.run(body())


def test_state_events_and_sound_go_through_the_pump(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(crowd: Crowd) -> None:
        client, server, attached = crowd.clients[0], crowd.servers[0], crowd.links[0]
        before = len(crowd.port.fed)
        for number in range(20):
            crowd.pump.send_lossy(attached, b"down %d" % number)
            assert crowd.tell(0, f"아래 {number}")
            client.peer.send_state(b"up %d" % number)
            client.peer.send_event(f"위 {number}")
            await asyncio.sleep(0.02)
        await crowd.until(lambda: len(client.events) == 20 and len(server.events) == 20)
        assert client.events == [f"아래 {number}" for number in range(20)]
        assert server.events == [f"위 {number}" for number in range(20)]
        assert len(client.states) >= 15
        assert len(server.states) >= 15
        # The second speaks, one metre to the right of the first.
        crowd.talk(1)
        await crowd.until(lambda: client.packets > 30)
        left, right = client.ears.levels()
        assert left is not None
        assert right is not None
        assert right - left > 3.0
        assert crowd.pump.speaking == {2}
        # Nobody hears themselves.
        assert crowd.clients[1].packets == 0
        assert server.faults == []
        # What reached the event loop since: checks and reports, no data; reports begin as sound does.
        assert all(first < 2 or first >= 128 for first in crowd.port.fed[before:])
        assert len(crowd.port.fed) - before < 20

    _in_a_crowd(monkeypatch, 2, check)


def test_a_client_that_closes_is_told_of_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(crowd: Crowd) -> None:
        await crowd.clients[0].peer.close()
        await crowd.until(lambda: crowd.servers[0].gone)
        await crowd.pump.detach(crowd.links[0])
        await crowd.servers[0].peer.close()
        crowd.pump.send_lossy(crowd.links[0], b"nobody")
        assert crowd.tell(1, "아직 여기")
        await crowd.until(lambda: crowd.clients[1].events == ["아직 여기"])

    _in_a_crowd(monkeypatch, 2, check)


def test_a_server_that_detaches_and_closes_is_noticed_by_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(crowd: Crowd) -> None:
        await crowd.pump.detach(crowd.links[0])
        await crowd.servers[0].peer.close()
        await crowd.until(lambda: crowd.clients[0].gone)

    _in_a_crowd(monkeypatch, 1, check)


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = threading.active_count()

    async def check(crowd: Crowd) -> None:
        crowd.talk(0)
        await asyncio.sleep(0.1)

    _in_a_crowd(monkeypatch, 2, check)
    assert threading.active_count() <= before


def test_reports_tell_of_what_the_pump_sent_and_took(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(crowd: Crowd) -> None:
        crowd.talk(0)
        crowd.talk(1)
        reports: list[Any] = []
        for end in ("receiver", "sender"):
            (transceiver,) = crowd.clients[0].peer._connection.getTransceivers()
            one: Any = getattr(transceiver, end)
            handle = one._handle_rtcp_packet

            async def noting(packet: Any, handle: Any = handle) -> None:
                reports.append(packet)
                crowd.clients[0].news.set()
                await handle(packet)

            one._handle_rtcp_packet = noting

        def told() -> bool:
            sent = [
                one for one in reports if isinstance(one, RtcpSrPacket) and one.sender_info.packet_count > 20
            ]
            taken = [one for one in reports if isinstance(one, RtcpRrPacket) and one.reports]
            return bool(sent and taken)

        await crowd.until(told)
        rows, client = crowd.pump._turns.table.rows, crowd.clients[0]
        row = crowd.links[0].row
        (sent, *_) = [one for one in reversed(reports) if isinstance(one, RtcpSrPacket)]
        assert 20 < sent.sender_info.packet_count <= rows.sendings[row]["packets"]
        assert sent.sender_info.octet_count > 20 * sent.sender_info.packet_count
        (taken, *_) = [one for one in reversed(reports) if isinstance(one, RtcpRrPacket)]
        (block,) = taken.reports
        assert block.ssrc == client.peer._connection.getSenders()[0]._ssrc
        assert (block.packets_lost, block.fraction_lost) == (0, 0)
        assert block.jitter < 960 * 4

    _in_a_crowd(monkeypatch, 2, check)


def test_who_cannot_be_taken_over_is_refused_and_stays_aiortcs(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(crowd: Crowd) -> None:
        server = crowd.servers[0]
        await crowd.pump.detach(crowd.links[0])
        await server.peer.close()
        with pytest.raises(NotEstablishedError):
            await crowd.attach(1, server)

    _in_a_crowd(monkeypatch, 1, check)


def test_many_come_and_go_while_sound_flows(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(crowd: Crowd) -> None:
        crowd.talk(0)
        rows = set()
        for number in range(3):
            await crowd.enter(2)
            rows.add(crowd.links[-1].row)
            assert crowd.tell(-1, f"{number}")
            await crowd.until(lambda: bool(crowd.clients[-1].events) and crowd.clients[-1].packets > 2)
            await crowd.pump.detach(crowd.links[-1])
            with pytest.raises(NotEstablishedError, match="attached before"):
                await crowd.attach(2, crowd.servers[-1])
            await crowd.servers[-1].peer.close()
        assert len(rows) == 1
        assert crowd.pump._turns.table.rows.attached.sum() == 1

    _in_a_crowd(monkeypatch, 1, check)


def test_a_client_that_never_reads_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(crowd: Crowd) -> None:
        taken = [crowd.tell(0, "x" * 60_000) for _ in range(6)]
        assert taken == [True] * 4 + [False] * 2
        await crowd.until(lambda: len(crowd.clients[0].events) == 4)
        assert crowd.links[0].waiting == 0
        assert not crowd.tell(0, "")

    _in_a_crowd(monkeypatch, 1, check)
