"""Publishers and watchers who keep no rules: what they cost is bounded, and nobody else notices."""

import asyncio
import os
from collections.abc import Iterator

import httpx
import pytest

from streaming.video import rtcp
from streaming.video.rtp import header
from streaming.video.screens import BoothId
from tests.interop.whip.booths import TOKEN, VISITOR, BoothCity, booth_city
from tests.interop.whip.raw import SOUND_TYPE, VIDEO_TYPE, RawSide
from tests.support.deadline import eventually
from tests.support.loop import LoopThread

PORT = 9120
SSRC = 4242
KEY, DELTA = b"\x10\x10" + b"k" * 60, b"\x10\x11" + b"d" * 60


@pytest.fixture(scope="module")
def booths() -> Iterator[BoothCity]:
    with booth_city(PORT) as city:
        yield city


@pytest.fixture
def loop(booths: BoothCity) -> Iterator[LoopThread]:
    with LoopThread() as loop:
        yield loop
    eventually(lambda: not booths.live._sessions, 30, "sessions are left over")


async def _publisher(booths: BoothCity, *kinds: str) -> RawSide:
    side = RawSide("127.0.0.1")
    await side.open(booths.url("a1", "whip"), TOKEN, *(kinds or ("video",)), direction="sendonly")
    return side


async def _watcher(booths: BoothCity) -> RawSide:
    side = RawSide("127.0.0.1")
    await side.open(booths.url("a1", "whep"), VISITOR, "video", direction="recvonly")
    return side


def _send(side: RawSide, number: int, payload: bytes = DELTA, payload_type: int = VIDEO_TYPE) -> None:
    side.transport.send_rtp(header(payload_type, number, number * 3000, SSRC, marker=True), payload)


def _lit(booths: BoothCity) -> None:
    eventually(lambda: booths.live.lit() == {"a1"}, 10)


def test_lost_packets_are_asked_for_and_sent_again_in_both_directions(
    booths: BoothCity, loop: LoopThread
) -> None:
    async def work() -> None:
        publisher, watcher = await _publisher(booths), await _watcher(booths)
        _send(publisher, 1, KEY)
        await watcher.see(1)
        _send(publisher, 2)
        _send(publisher, 5)
        await watcher.see(3)
        await publisher.until(lambda: any(isinstance(one, rtcp.Losses) for one in publisher.asked))
        asked = next(one for one in publisher.asked if isinstance(one, rtcp.Losses))
        assert asked == rtcp.Losses(SSRC, (3, 4))
        _send(publisher, 3)
        _send(publisher, 4)
        await watcher.see(5)
        numbers = [one.sequence - watcher.got[0].sequence for one in watcher.got]
        assert [number % 65536 for number in numbers] == [0, 1, 4, 2, 3]
        first = watcher.got[0]
        watcher.transport.send_rtcp(
            rtcp.receiver_report(1, []) + rtcp.nack(1, first.ssrc, [(first.sequence + 1) % 65536])
        )
        await watcher.until(lambda: watcher.repeated == 1)
        watcher.transport.send_rtcp(rtcp.receiver_report(1, []) + rtcp.key_wanted(1, first.ssrc))
        await publisher.until(lambda: rtcp.KeyWanted(SSRC) in publisher.asked)
        await watcher.close()
        await publisher.close()

    loop.run(work())


def test_a_publisher_who_floods_is_sent_away(booths: BoothCity, loop: LoopThread) -> None:
    async def work() -> None:
        publisher = await _publisher(booths)
        _lit(booths)
        number = 0
        while not publisher.gone.is_set():
            for _ in range(200):
                number += 1
                _send(publisher, number, bytes(1100))
            await asyncio.sleep(0)
        await publisher.close()

    loop.run(work(), within=30)
    eventually(lambda: booths.live.lit() == set(), 10)


def test_a_publisher_of_broken_packets_is_sent_away(booths: BoothCity, loop: LoopThread) -> None:
    async def work() -> None:
        publisher = await _publisher(booths)
        _lit(booths)
        number = 0
        while not publisher.gone.is_set():
            for _ in range(20):
                number += 1
                # Of a payload type that nobody negotiated, and without the payload that its header promises.
                _send(publisher, number, os.urandom(20), payload_type=120)
                broken = bytes([0x8F]) + header(VIDEO_TYPE, number, 0, SSRC, marker=False)[1:]
                publisher.transport.send_rtp(broken, b"")
            await asyncio.sleep(0)
        await publisher.close()

    loop.run(work(), within=30)


def test_random_reports_and_sounds_disturb_nobody(booths: BoothCity, loop: LoopThread) -> None:
    async def work() -> None:
        publisher, watcher = await _publisher(booths, "video", "audio"), await _watcher(booths)
        _send(publisher, 1, KEY)
        await watcher.see(1)
        for number in range(150):
            junk = bytes([0x80 | number % 32, 200 + number % 8, 0, number % 60]) + os.urandom(number)
            publisher.transport.send_rtcp(junk)
            watcher.transport.send_rtcp(junk)
            watcher.transport.send_rtp(header(96, number, 0, 1, marker=False), os.urandom(50))
            _send(publisher, number, os.urandom(number), payload_type=SOUND_TYPE)
            _send(publisher, 2 + number, os.urandom(30))
            if number % 10 == 0:
                await asyncio.sleep(0.01)
        await watcher.see(151)
        await watcher.close()
        await publisher.close()

    loop.run(work())


def test_a_watcher_may_ask_for_everything_all_the_time_and_gets_only_so_much(
    booths: BoothCity, loop: LoopThread
) -> None:
    async def work() -> tuple[int, int]:
        publisher, watcher, other = await _publisher(booths), await _watcher(booths), await _watcher(booths)
        _send(publisher, 1, KEY)
        for number in range(2, 200):
            _send(publisher, number)
        await watcher.see(199)
        await other.see(199)
        first = watcher.got[0]
        every = [(first.sequence + step) % 65536 for step in range(199)]
        for turn in range(400):
            watcher.transport.send_rtcp(rtcp.receiver_report(1, []) + rtcp.nack(1, first.ssrc, every))
            watcher.transport.send_rtcp(rtcp.receiver_report(1, []) + rtcp.key_wanted(1, first.ssrc))
            if turn % 20 == 0:
                await asyncio.sleep(0.01)
        _send(publisher, 200)
        await other.see(200)
        asked = publisher.asked.count(rtcp.KeyWanted(SSRC))
        for side in (watcher, other, publisher):
            await side.close()
        return watcher.repeated, asked

    repeated, asked = loop.run(work())
    assert 100 < repeated < 700
    assert asked <= 4


def test_a_session_that_never_connects_ends(
    booths: BoothCity, loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streaming.video.session.CONNECT_SECONDS", 0.5)

    async def work() -> int:
        side = RawSide("127.0.0.1")
        text = await side.offer("video", direction="sendonly")
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sdp"}
        async with httpx.AsyncClient() as http:
            answer = await http.post(booths.url("a1", "whip"), content=text, headers=headers)
        await side.close()
        return answer.status_code

    assert loop.run(work()) == 201
    eventually(lambda: not booths.live._sessions, 15)
    assert booths.live.lit() == set()


def test_a_publisher_without_a_picture_is_sent_away(
    booths: BoothCity, loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streaming.video.publisher.SILENT_SECONDS", 0.5)

    async def work() -> None:
        publisher = await _publisher(booths)
        async with asyncio.timeout(10):
            await publisher.gone.wait()
        await publisher.close()

    loop.run(work())


def test_somebody_who_walks_out_of_sight_sees_no_more(
    booths: BoothCity, loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streaming.video.live._ASK_EVERY", 0.2)

    async def work() -> None:
        watcher = await _watcher(booths)
        booths.booths.near.clear()
        async with asyncio.timeout(10):
            await watcher.gone.wait()
        await watcher.close()

    try:
        loop.run(work())
    finally:
        booths.booths.near.add(VISITOR)


def test_a_token_that_is_withdrawn_ends_what_it_began(
    booths: BoothCity, loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streaming.video.live._ASK_EVERY", 0.2)

    async def work() -> None:
        publisher = await _publisher(booths)
        owner = booths.booths.tokens.pop(TOKEN)
        try:
            async with asyncio.timeout(10):
                await publisher.gone.wait()
        finally:
            booths.booths.tokens[TOKEN] = owner
        await publisher.close()

    loop.run(work())


def test_an_officer_sends_a_publisher_away(booths: BoothCity, loop: LoopThread) -> None:
    async def work() -> None:
        publisher = await _publisher(booths)
        _lit(booths)
        booths.loop.run(_send_away(booths))
        async with asyncio.timeout(10):
            await publisher.gone.wait()
        await publisher.close()

    loop.run(work())
    eventually(lambda: booths.live.lit() == set(), 5)


async def _send_away(booths: BoothCity) -> None:
    booths.live.send_away(BoothId("a1"), "the booth was closed")
