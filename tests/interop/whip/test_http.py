"""The doors of a screen as RFC 9725 and the draft of WHEP say, over a real server."""

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from streaming.video import fragment, offer
from tests.interop.whip.booths import OTHER_TOKEN, TOKEN, VISITOR, BoothCity, booth_city
from tests.support.deadline import eventually
from tests.unit.streaming.video import descriptions

PORT = 9130
SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
OFFER = descriptions.offer(descriptions.AUDIO, descriptions.VIDEO)
WATCH = descriptions.offer(descriptions.changed(descriptions.VIDEO, "a=sendonly", "a=recvonly"), bundle="1")
OURS = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef012345\r\n"
CANDIDATE = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n"


@pytest.fixture(scope="module")
def booths() -> Iterator[BoothCity]:
    with booth_city(PORT) as city:
        yield city


@pytest.fixture
def http(booths: BoothCity) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{booths.origin}/api/v1/booths", timeout=20) as client:
        yield client
    booths.loop.run(_everybody_goes(booths))
    eventually(lambda: not booths.live._sessions, 20, "sessions are left over")


async def _everybody_goes(booths: BoothCity) -> None:
    for session in booths.live._sessions:
        session.end("the test is over")


def _headers(token: str | None = TOKEN, media: str = SDP, **more: str) -> dict[str, str]:
    bearer = {} if token is None else {"Authorization": f"Bearer {token}"}
    return {**bearer, "Content-Type": media, **more}


def _publish(http: httpx.Client) -> httpx.Response:
    answer = http.post("/a1/whip", content=OFFER, headers=_headers())
    assert answer.status_code == 201, answer.text
    return answer


def _is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert any("가" <= letter <= "힣" for letter in body["ko"])
    assert body["en"]


def test_a_publisher_gets_an_answer_a_place_and_a_tag(http: httpx.Client) -> None:
    answer = _publish(http)
    assert answer.headers["content-type"] == SDP
    assert answer.text.startswith("v=0\r\n")
    assert answer.headers["location"].startswith("/api/v1/booths/a1/whip/")
    assert answer.headers["etag"].startswith('"')
    assert answer.headers["accept-patch"] == FRAGMENT
    assert answer.headers["access-control-allow-origin"] == "*"


def test_candidates_are_added_and_the_session_ends(http: httpx.Client) -> None:
    answer = _publish(http)
    place, tag = answer.headers["location"], answer.headers["etag"]
    headers = _headers(media=FRAGMENT, **{"If-Match": tag})
    added = http.patch(f"http://127.0.0.1:{PORT}{place}", content=OURS + CANDIDATE, headers=headers)
    assert (added.status_code, added.content) == (204, b"")
    ended = http.delete(f"http://127.0.0.1:{PORT}{place}", headers=_headers())
    assert ended.status_code == 200
    again = http.delete(f"http://127.0.0.1:{PORT}{place}", headers=_headers())
    _is_problem(again, 404, "no_such_session")


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [(None, 401, "token_missing"), (OTHER_TOKEN, 403, "not_this_booth"), ("nonsense", 403, "not_this_booth")],
)
def test_who_has_no_token_of_the_booth_publishes_nothing(
    http: httpx.Client, booths: BoothCity, token: str | None, status: int, code: str
) -> None:
    refused = http.post("/a1/whip", content=OFFER, headers=_headers(token))
    _is_problem(refused, status, code)
    assert not booths.live._sessions
    if status == 401:
        assert refused.headers["www-authenticate"] == "Bearer"


def test_who_is_out_of_sight_watches_nothing(http: httpx.Client, booths: BoothCity) -> None:
    _is_problem(http.post("/a1/whep", content=WATCH, headers=_headers("elsewhere")), 403, "not_this_booth")
    _is_problem(http.post("/a1/whep", content=WATCH, headers=_headers(None)), 401, "token_missing")
    _is_problem(http.post("/b9/whep", content=WATCH, headers=_headers(VISITOR)), 403, "not_this_booth")
    assert not booths.live._sessions


def test_a_publishing_token_watches_nothing_and_a_visitors_publishes_nothing(http: httpx.Client) -> None:
    _is_problem(http.post("/a1/whep", content=WATCH, headers=_headers(TOKEN)), 403, "not_this_booth")
    _is_problem(http.post("/a1/whip", content=OFFER, headers=_headers(VISITOR)), 403, "not_this_booth")


@pytest.mark.parametrize(
    ("content", "media", "status", "code"),
    [
        (OFFER, "text/plain", 415, "wrong_type"),
        (OFFER, FRAGMENT, 415, "wrong_type"),
        (b"v=0\r\n\xff\xfe", SDP, 415, "wrong_type"),
        ("v=0\r\n" + "a=x\r\n" * 8000, SDP, 413, "too_large"),
        ("hello", SDP, 400, "bad_description"),
        (OFFER.replace("a=rtcp-mux", "a=x"), SDP, 400, "bad_description"),
        (WATCH, SDP, 406, "no_common_codec"),
        (descriptions.offer(descriptions.AUDIO, bundle="0"), SDP, 406, "no_common_codec"),
    ],
)
def test_an_offer_that_cannot_be_taken_is_refused_as_the_standard_says(
    http: httpx.Client, booths: BoothCity, content: str | bytes, media: str, status: int, code: str
) -> None:
    _is_problem(http.post("/a1/whip", content=content, headers=_headers(media=media)), status, code)
    assert not booths.live._sessions


def test_an_endless_body_is_not_read_to_its_end(http: httpx.Client) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 10_000
            yield b"a=" + b"x" * 9998

    # The server closes while the rest is on its way.
    with contextlib.suppress(httpx.TransportError):
        _is_problem(http.post("/a1/whip", content=endless(), headers=_headers()), 413, "too_large")
    assert sent < 50_000_000


def test_a_patch_needs_the_tag_of_its_session_and_starts_nothing_anew(http: httpx.Client) -> None:
    answer = _publish(http)
    place, tag = f"http://127.0.0.1:{PORT}{answer.headers['location']}", answer.headers["etag"]

    def patch(text: str, *, token: str = TOKEN, media: str = FRAGMENT, **more: str) -> httpx.Response:
        return http.patch(place, content=text, headers=_headers(token, media, **more))

    _is_problem(patch(OURS + CANDIDATE), 428, "tag_missing")
    _is_problem(patch(OURS + CANDIDATE, **{"If-Match": '"other"'}), 412, "session_changed")
    _is_problem(patch(OURS + CANDIDATE, **{"If-Match": "*"}), 422, "no_restart")
    anew = OURS.replace("abcd", "efgh") + CANDIDATE
    _is_problem(patch(anew, **{"If-Match": tag}), 422, "no_restart")
    _is_problem(patch(OURS, media=SDP, **{"If-Match": tag}), 415, "wrong_type")
    _is_problem(patch("nonsense", **{"If-Match": tag}), 400, "bad_description")
    _is_problem(patch("a=x\r\n" * 9000, **{"If-Match": tag}), 413, "too_large")
    _is_problem(patch(OURS, token=OTHER_TOKEN, **{"If-Match": tag}), 403, "not_this_booth")
    assert patch(OURS + CANDIDATE, **{"If-Match": tag}).status_code == 204


def test_a_session_belongs_to_its_booth_its_door_and_who_opened_it(http: httpx.Client) -> None:
    place = _publish(http).headers["location"]
    session = place.rpartition("/")[2]
    for path in (f"/a2/whip/{session}", f"/a1/whep/{session}", "/a1/whip/unknown"):
        _is_problem(http.delete(path, headers=_headers()), 404, "no_such_session")
    _is_problem(http.delete(f"/a1/whip/{session}", headers=_headers(OTHER_TOKEN)), 403, "not_this_booth")
    assert http.delete(f"/a1/whip/{session}", headers=_headers()).status_code == 200


def test_one_person_watches_only_so_many_screens_at_once(
    http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streaming.video.live.MOST_EACH", 2)
    for _ in range(2):
        assert http.post("/a1/whep", content=WATCH, headers=_headers(VISITOR)).status_code == 201
    refused = http.post("/a1/whep", content=WATCH, headers=_headers(VISITOR))
    _is_problem(refused, 429, "too_many_screens")
    assert int(refused.headers["retry-after"]) > 0


def test_a_screen_and_the_city_have_only_so_much_room(
    http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        assert http.post("/a1/whip", content=OFFER, headers=_headers()).status_code == 201
    refused = http.post("/a1/whip", content=OFFER, headers=_headers())
    _is_problem(refused, 503, "full")
    assert int(refused.headers["retry-after"]) > 0
    monkeypatch.setattr("streaming.video.sessions.MOST_SESSIONS", 4)
    _is_problem(http.post("/a1/whep", content=WATCH, headers=_headers(VISITOR)), 503, "full")


def test_methods_that_mean_nothing_are_not_allowed_and_options_tell_what_is(http: httpx.Client) -> None:
    session = _publish(http).headers["location"].rpartition("/")[2]
    for path in ("/a1/whip", f"/a1/whip/{session}", "/a1/whep"):
        for method in ("GET", "HEAD", "PUT"):
            assert http.request(method, path, headers=_headers()).status_code == 405
        told = http.options(path)
        assert told.status_code == 204
        assert told.headers["accept-post"] == SDP
        assert "authorization" in told.headers["access-control-allow-headers"].lower()


def test_the_limits_of_bodies_are_those_of_the_readers() -> None:
    assert len(OFFER) < offer.MOST_BYTES
    assert len(OURS + CANDIDATE) < fragment.MOST_BYTES


def test_dark_screens_are_not_listed(http: httpx.Client, booths: BoothCity) -> None:
    assert http.get(f"{booths.origin}/api/v1/screens").json() == {"live": []}
