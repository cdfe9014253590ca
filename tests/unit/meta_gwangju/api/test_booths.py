"""Booths over HTTP: an organisation builds one, everybody visits it, nobody else touches it."""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from meta_gwangju import expo_rounds, footfall, uploads
from meta_gwangju.app import create_app
from meta_gwangju.config import Settings
from meta_gwangju.halls import Halls
from meta_gwangju.node import CityNode
from meta_gwangju.uploads import Models, UploadError, received
from municipality.access import EXPO, Actor, Role
from municipality.journal import entries, verify
from municipality.schema import booth_visits
from scenes.glb import parse
from scenes.hall import halls_document
from scenes.inspection.limits import FILE_BYTES
from scenes.layout import layout_of
from scenes.sources import load_sources
from spatial.frames import GWANGJU
from tests.support.deadline import eventually
from tests.unit.meta_gwangju.callers import Caller, citizen
from tests.unit.meta_gwangju.serving import opened
from tests.unit.scenes.uploads import picture, png_claiming, triangle
from world.entity import Appearance, PersonId

A1, A2 = "/api/v1/booths/kdj_center-a1", "/api/v1/booths/kdj_center-a2"
GLB = {"content-type": "model/gltf-binary"}
CONTACT = {"name": "나은", "email": "naeun@example.org", "consent": True}


@pytest.fixture(scope="session")
def hall_file() -> bytes:
    """The hall that build-city writes."""
    return json.dumps(halls_document(layout_of(GWANGJU, load_sources())), ensure_ascii=False).encode()


@pytest.fixture
def settings(settings: Settings, hall_file: bytes) -> Settings:
    """A city with a hall."""
    (settings.city / "halls.json").write_bytes(hall_file)
    return settings


@pytest.fixture
def app(node: CityNode, settings: Settings) -> FastAPI:
    return create_app(node, settings)


@pytest.fixture
def visitor(app: FastAPI) -> Caller:
    return Caller(app)


@pytest.fixture
def rival(app: FastAPI, node: CityNode) -> Caller:
    caller = citizen(app, node.offices, "경쟁")
    found(caller)
    return caller


@pytest.fixture
def officer(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "담당", Role.OFFICER, place=EXPO)


def found(caller: Caller) -> int:
    answer = caller.ask("POST", "/api/v1/organisations", json={"name_ko": "로봇", "name_en": "Robots"})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def says(organisation: int, **more: object) -> dict[str, object]:
    return {
        "organisation": organisation,
        "title_ko": "빛고을 로봇",
        "title_en": "Bitgoeul Robots",
        "summary_ko": "배달 로봇을 만나요",
        "summary_en": "Meet delivery robots",
        **more,
    }


@pytest.fixture
def organisation(owner: Caller) -> int:
    return found(owner)


@pytest.fixture
def owner(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "보라")


@pytest.fixture
def exhibitor(owner: Caller, organisation: int) -> Caller:
    """The owner, with slot a1 written up."""
    answer = owner.ask("PUT", A1, json=says(organisation))
    assert answer.status_code == 200, answer.text
    return owner


def told(node: CityNode) -> list[str]:
    with node.offices.store.engine.connect() as connection:
        assert verify(connection, "expo") == []
        return [entry.kind for entry in entries(connection, "expo")]


def kept(settings: Settings) -> list[Path]:
    folder = settings.data / "uploads"
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def refusal(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code
    assert any("가" <= sign <= "힣" for sign in body["ko"])
    return body


@pytest.fixture
def one_line(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """The lines of refusals in the log."""
    with caplog.at_level(logging.WARNING):
        yield lambda: [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]


def test_the_halls_are_those_of_the_built_city(visitor: Caller, hall_file: bytes) -> None:
    answer = visitor.ask("GET", "/api/v1/halls")
    assert answer.status_code == 200, answer.text
    assert answer.json() == json.loads(hall_file)


def test_at_first_every_slot_is_free(visitor: Caller) -> None:
    booths = visitor.ask("GET", "/api/v1/booths").json()
    assert [booth["number"] for booth in booths] == [f"{row}{k}" for row in "ABC" for k in range(1, 5)]
    assert {booth["state"] for booth in booths} == {"free"}
    assert booths[0]["place"] == "city/kdj_center/a1"
    refusal(visitor.ask("GET", "/api/v1/booths/kdj_center-z1"), 404, "not_found")


def test_a_booth_is_built_and_opened(
    exhibitor: Caller, visitor: Caller, node: CityNode, settings: Settings
) -> None:
    mine = exhibitor.ask("GET", A1).json()
    assert (mine["state"], mine["mine"], mine["title_en"]) == ("draft", True, "Bitgoeul Robots")
    seen = visitor.ask("GET", A1).json()
    assert (seen["state"], seen["mine"], seen["title_en"]) == ("draft", False, None)
    assert seen["organisation"]["name_ko"] == "로봇"

    uploaded = exhibitor.ask("PUT", f"{A1}/model", content=triangle(image=picture()), headers=GLB)
    assert uploaded.status_code == 200, uploaded.text
    model = uploaded.json()
    assert (model["figures"]["triangles"], model["figures"]["textures"]) == (1, 1)
    assert model["findings"] == []
    refusal(visitor.ask("GET", model["url"]), 404, "not_found")
    draft = exhibitor.ask("GET", model["url"])
    assert draft.headers["cache-control"] == "private, no-store"

    opened = exhibitor.ask("POST", f"{A1}/open").json()
    assert (opened["state"], opened["model"]["sha256"]) == ("open", model["sha256"])
    assert visitor.ask("GET", A1).json()["title_ko"] == "빛고을 로봇"
    served = visitor.ask("GET", model["url"])
    assert served.status_code == 200
    assert parse(served.content)[0]["asset"]["generator"] == "meta-gwangju"
    assert served.headers["content-type"] == "model/gltf-binary"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-disposition"] == 'attachment; filename="kdj_center-a1.glb"'
    assert "immutable" in served.headers["cache-control"]
    again = visitor.ask("GET", f"{A1}/model", headers={"if-none-match": served.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(kept(settings)) == 1
    assert kept(settings)[0].name == f"{model['sha256']}.glb"
    assert told(node) == ["take", "model", "open"]

    closed = exhibitor.ask("POST", f"{A1}/close").json()
    assert closed["state"] == "closed"
    refusal(visitor.ask("GET", model["url"]), 404, "not_found")


def test_replaced_and_removed_models_leave_the_disk(exhibitor: Caller, settings: Settings) -> None:
    first = exhibitor.ask("PUT", f"{A1}/model", content=triangle(), headers=GLB).json()
    second = exhibitor.ask("PUT", f"{A1}/model", content=triangle(image=picture()), headers=GLB).json()
    assert first["sha256"] != second["sha256"]
    assert [path.stem for path in kept(settings)] == [second["sha256"]]
    assert exhibitor.ask("DELETE", f"{A1}/model").status_code == 204
    assert kept(settings) == []
    exhibitor.ask("PUT", f"{A1}/model", content=triangle(), headers=GLB)
    assert exhibitor.ask("POST", f"{A1}/release", json={}).json()["state"] == "free"
    assert kept(settings) == []
    refusal(exhibitor.ask("GET", f"{A1}/model"), 404, "not_found")


def test_taking_a_slot_gives_rights_there_at_once(exhibitor: Caller, node: CityNode) -> None:
    session = exhibitor.ask("GET", "/api/v1/session").json()
    assert {"role": "exhibitor", "place": f"{EXPO}/a1"} in session["roles"]
    assert exhibitor.ask("POST", f"{A1}/release", json={}).status_code == 200
    session = exhibitor.ask("GET", "/api/v1/session").json()
    assert all(role["role"] != "exhibitor" for role in session["roles"])
    assert told(node) == ["take", "free"]


def test_the_publishing_token_is_shown_once_and_ends(exhibitor: Caller, node: CityNode) -> None:
    made = exhibitor.ask("POST", f"{A1}/publish-token")
    assert made.status_code == 201
    token = made.json()["token"]
    assert made.json()["whip"] == f"{A1}/whip"
    booth = node.offices.expo.publishing.publisher(token)
    assert booth is not None
    assert booth.slot == "kdj_center-a1"
    assert token not in exhibitor.ask("GET", A1).text
    assert exhibitor.ask("GET", A1).json()["token_made_at"] == made.json()["made_at"]
    other = exhibitor.ask("POST", f"{A1}/publish-token").json()["token"]
    assert node.offices.expo.publishing.publisher(token) is None
    assert exhibitor.ask("DELETE", f"{A1}/publish-token").status_code == 204
    assert node.offices.expo.publishing.publisher(other) is None
    refusal(exhibitor.ask("DELETE", f"{A1}/publish-token"), 404, "not_found")


def test_a_contact_goes_to_the_organisation_and_can_be_taken_back(
    exhibitor: Caller, visitor: Caller, rival: Caller, node: CityNode
) -> None:
    refusal(visitor.ask("POST", f"{A1}/contacts", json=CONTACT), 409, "conflict")
    exhibitor.ask("POST", f"{A1}/open")
    by_visitor = visitor.ask("POST", f"{A1}/contacts", json=CONTACT)
    assert by_visitor.status_code == 201, by_visitor.text
    number, token = by_visitor.json()["id"], by_visitor.json()["token"]
    by_rival = rival.ask("POST", f"{A1}/contacts", json=CONTACT | {"name": "경쟁"}).json()
    assert by_rival["token"] is None
    found = exhibitor.ask("GET", f"{A1}/contacts").json()
    assert [one["contact"]["name"] for one in found] == ["경쟁", "나은"]
    for stranger in (visitor, rival):
        refusal(stranger.ask("GET", f"{A1}/contacts"), 403, "not_allowed")
    assert [one["id"] for one in rival.ask("GET", "/api/v1/contacts").json()] == [by_rival["id"]]

    contact = f"/api/v1/contacts/{number}"
    refusal(visitor.ask("DELETE", contact), 404, "not_found")
    refusal(rival.ask("DELETE", contact), 404, "not_found")
    assert visitor.ask("DELETE", contact, headers={"x-contact-token": token}).status_code == 204
    assert rival.ask("DELETE", f"/api/v1/contacts/{by_rival['id']}").status_code == 204
    left = exhibitor.ask("GET", f"{A1}/contacts").json()
    assert [(one["state"], one["contact"]) for one in left] == [("withdrawn", None)] * 2
    assert told(node).count("contact_withdrawn") == 2


@pytest.mark.parametrize("change", [{"consent": False}, {"email": ""}, {"name": ""}, {"email": "nobody"}])
def test_a_contact_without_consent_or_address_is_refused(
    exhibitor: Caller, visitor: Caller, change: dict[str, object]
) -> None:
    exhibitor.ask("POST", f"{A1}/open")
    assert visitor.ask("POST", f"{A1}/contacts", json=CONTACT | change).status_code == 422
    assert exhibitor.ask("GET", f"{A1}/contacts").json() == []


def test_visits_are_shown_to_the_exhibitor(exhibitor: Caller, visitor: Caller, node: CityNode) -> None:
    exhibitor.ask("POST", f"{A1}/open")
    assert node.offices.expo.visits.visit(Actor(), "kdj_center-a1", 7200.0)
    assert exhibitor.ask("GET", f"{A1}/visits").json()["total"] == 1
    refusal(visitor.ask("GET", f"{A1}/visits"), 403, "not_allowed")


def test_who_stays_in_an_open_booth_is_counted(
    exhibitor: Caller, node: CityNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibitor.ask("POST", f"{A1}/open")
    monkeypatch.setattr(expo_rounds, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(footfall, "STAY_SECONDS", 0.05)
    visitor = PersonId(7)
    x, z = np.mean(node.offices.halls.slots[0].corners, axis=0)
    node.world.position[node.world.add(visitor, Appearance("나은", 0, "browser"))] = (x, 43.6, z)

    async def watch() -> None:
        rounds = asyncio.create_task(expo_rounds.make_expo_rounds(node.offices, node.world))
        await asyncio.to_thread(eventually, lambda: hours_counted(node) == 1, 10.0)
        rounds.cancel()

    asyncio.run(watch())
    assert exhibitor.ask("GET", f"{A1}/visits").json()["total"] == 1


def hours_counted(node: CityNode) -> int:
    with node.offices.store.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(booth_visits)).scalar_one())


def test_an_officer_frees_a_slot_with_a_reason(exhibitor: Caller, officer: Caller) -> None:
    refusal(officer.ask("POST", f"{A1}/release", json={}), 422, "text_refused")
    freed = officer.ask("POST", f"{A1}/release", json={"reason": "행사가 끝났어요"})
    assert freed.json()["state"] == "free"
    refusal(exhibitor.ask("POST", f"{A1}/open"), 404, "not_found")


FORBIDDEN: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", f"{A1}/model", {"content": triangle(), "headers": GLB}),
    ("DELETE", f"{A1}/model", {}),
    ("POST", f"{A1}/open", {}),
    ("POST", f"{A1}/close", {}),
    ("POST", f"{A1}/release", {"json": {}}),
    ("POST", f"{A1}/publish-token", {}),
    ("DELETE", f"{A1}/publish-token", {}),
    ("GET", f"{A1}/visits", {}),
    ("GET", f"{A1}/contacts", {}),
]


@pytest.mark.parametrize(("method", "path", "more"), FORBIDDEN)
@pytest.mark.usefixtures("exhibitor")
def test_another_organisation_is_refused_with_one_line(
    rival: Caller,
    visitor: Caller,
    node: CityNode,
    settings: Settings,
    one_line: Callable[[], list[str]],
    method: str,
    path: str,
    more: dict[str, Any],
) -> None:
    before = told(node), kept(settings)
    for stranger in (rival, visitor):
        lines = len(one_line())
        refusal(stranger.ask(method, path, **more), 403, "not_allowed")
        assert len(one_line()) == lines + 1
    assert (told(node), kept(settings)) == before


def test_a_slot_of_others_and_a_slot_too_many_are_refused(
    exhibitor: Caller, rival: Caller, organisation: int, node: CityNode
) -> None:
    refusal(rival.ask("PUT", A1, json=says(found(rival))), 409, "conflict")
    refusal(rival.ask("PUT", A2, json=says(organisation)), 403, "not_allowed")
    assert exhibitor.ask("PUT", A2, json=says(organisation)).status_code == 200
    refusal(exhibitor.ask("PUT", "/api/v1/booths/kdj_center-b1", json=says(organisation)), 409, "conflict")
    assert told(node) == ["take", "take"]


def test_a_stale_invitation_opens_no_booth(
    app: FastAPI, exhibitor: Caller, organisation: int, node: CityNode
) -> None:
    late = citizen(app, node.offices, "늦은이")
    invited = exhibitor.ask(
        "POST", f"/api/v1/organisations/{organisation}/invitations", json={"rank": "staff"}
    ).json()
    withdrawn = f"/api/v1/organisations/{organisation}/invitations/{invited['id']}"
    assert exhibitor.ask("DELETE", withdrawn).status_code == 204
    refusal(late.ask("POST", "/api/v1/invitations/accept", json={"token": invited["token"]}), 401, "sign_in")
    refusal(late.ask("PUT", A1, json=says(organisation)), 403, "not_allowed")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/booths/..%2f..%2fetc%2fpasswd/model",
        "/api/v1/booths/%2e%2e/model",
        "/api/v1/booths/kdj_center-a1/model?v=../../../../etc/passwd",
        f"/api/v1/booths/kdj_center-a1/model?v={'A' * 64}",
        "/api/v1/booths/kdj_center-a1%00/model",
        "/api/v1/booths/KDJ/model",
    ],
)
@pytest.mark.usefixtures("exhibitor")
def test_no_path_leads_out_of_the_store(visitor: Caller, path: str) -> None:
    answer = visitor.ask("GET", path)
    assert answer.status_code in {404, 422}
    assert b"root:" not in answer.content


def test_the_store_opens_nothing_but_its_own_names(tmp_path: Path) -> None:
    (tmp_path / "secret.glb").write_bytes(b"x")
    models = Models(tmp_path / "models")
    for name in ("../secret", "../../secret" + "0" * 50, "/etc/passwd", "", "é" * 64):
        assert models.find(name) is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_glb"),
        (b"PK\x03\x04" + b"\0" * 200, "not_glb"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_glb"),
        (triangle()[:-9], "truncated"),
        (triangle(image=png_claiming(30_000, 30_000)), "image_too_large"),
        (triangle(change=lambda d: d["buffers"][0].update(uri="http://example.org")), "external_uri"),
        (triangle(change=lambda d: d["accessors"][0].update(count=2_000_000_000)), "accessor_out_of_bounds"),
        (triangle([[0, 0, 0], [float("nan"), 0, 0], [0, 1, 0]]), "not_finite"),
    ],
)
def test_hostile_models_are_refused_with_their_findings(
    exhibitor: Caller,
    node: CityNode,
    settings: Settings,
    one_line: Callable[[], list[str]],
    body: bytes,
    code: str,
) -> None:
    answer = exhibitor.ask("PUT", f"{A1}/model", content=body, headers=GLB)
    problem = refusal(answer, 422, "model_refused")
    assert code in [finding["code"] for finding in problem["findings"]]
    assert told(node) == ["take"]
    assert kept(settings) == []
    assert len(one_line()) == 1


def test_what_is_no_glb_by_its_type_is_not_even_read(exhibitor: Caller) -> None:
    for kind in ("image/svg+xml", "text/html", "multipart/form-data", ""):
        answer = exhibitor.ask("PUT", f"{A1}/model", content=triangle(), headers={"content-type": kind})
        refusal(answer, 415, "wrong_type")


def test_an_upload_that_says_it_is_too_large_is_refused_at_once(exhibitor: Caller) -> None:
    headers = GLB | {"content-length": str(FILE_BYTES + 1)}
    refusal(exhibitor.ask("PUT", f"{A1}/model", content=b"glTF", headers=headers), 413, "too_large")


def test_an_endless_upload_ends_at_its_limit(exhibitor: Caller, settings: Settings) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1 << 20
            yield b"\0" * (1 << 20)

    refusal(exhibitor.ask("PUT", f"{A1}/model", content=endless(), headers=GLB), 413, "too_large")
    assert taken <= 3 * FILE_BYTES + (4 << 20)
    assert kept(settings) == []


async def never() -> AsyncIterator[bytes]:
    """A client that sends a little and then nothing."""
    yield b"glTF"
    await asyncio.Event().wait()


def test_an_upload_that_stalls_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PIECE_SECONDS", 0.01)
    with pytest.raises(UploadError) as refused:
        asyncio.run(received(never(), uploads.MEDIA_TYPE, None))
    assert (refused.value.status, refused.value.code) == (408, "too_slow")


def test_no_more_uploads_come_in_than_there_is_room_for(exhibitor: Caller, node: CityNode) -> None:
    with ExitStack() as full:
        for number in range(uploads.AT_A_TIME):
            full.enter_context(node.offices.models.passage(f"booth {number}"))
        answer = exhibitor.ask("PUT", f"{A1}/model", content=triangle(), headers=GLB)
        refusal(answer, 503, "busy")
        assert answer.headers["retry-after"] == "30"
    with node.offices.models.passage("kdj_center-a1"):
        refusal(exhibitor.ask("PUT", f"{A1}/model", content=triangle(), headers=GLB), 409, "uploading")
    assert exhibitor.ask("PUT", f"{A1}/model", content=triangle(), headers=GLB).status_code == 200


@pytest.mark.parametrize("pieces", [400, None])
def test_over_a_real_socket_too_large_an_upload_is_told_so_and_an_endless_one_ends(
    exhibitor: Caller,
    node: CityNode,
    settings: Settings,
    one_line: Callable[[], list[str]],
    pieces: int | None,
) -> None:
    async def run() -> bytes:
        async with opened(node, settings) as address:
            return await upload_in_chunks(address, exhibitor.headers, pieces)

    answer = asyncio.run(run())
    assert answer.startswith(b"HTTP/1.1 413") or (pieces is None and not answer)
    assert len(one_line()) == 1
    assert told(node) == ["take"]
    assert kept(settings) == []


async def upload_in_chunks(address: str, headers: dict[str, str], pieces: int | None) -> bytes:
    """Send pieces of 64 KiB without saying how many (None: without end), and return what comes back."""
    host, port = address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    sent = headers | GLB | {"host": address, "origin": f"http://{address}", "transfer-encoding": "chunked"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    writer.write(f"PUT {A1}/model HTTP/1.1\r\n{lines}\r\n".encode())
    piece = b"10000\r\n" + b"\0" * 0x10000 + b"\r\n"
    try:
        for _ in range(pieces) if pieces is not None else iter(int, 1):
            writer.write(piece)
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "program",
    [
        "import os; os._exit(1)",
        "import os; os.abort()",
        "while True: pass",
        "print('nonsense')",
        "x = bytearray(1 << 40)",
    ],
)
def test_a_model_that_breaks_its_inspection_breaks_nothing_else(
    monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(uploads, "_COMMAND", (sys.executable, "-I", "-c", program))
    monkeypatch.setattr(uploads, "INSPECTION_SECONDS", 0.5)
    found = uploads.inspected(triangle())
    assert found.kept is None
    assert [finding["code"] for finding in found.findings] == ["inspection_failed"]


@pytest.mark.parametrize("field", ["title_ko", "title_en", "summary_ko", "summary_en", "description_ko"])
def test_html_is_kept_as_text_in_every_field(owner: Caller, organisation: int, field: str) -> None:
    html = "<img src=x onerror=alert(1)>'; DROP TABLE booths;--"
    answer = owner.ask("PUT", A1, json=says(organisation, **{field: html}))
    assert answer.json()[field] == html
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("link", "javascript:alert(1)"),
        ("link", "http://example.org"),
        ("title_ko", "\u202e뒤집힌 제목"),
        ("title_en", "x" * 61),
    ],
)
def test_texts_that_may_not_be_shown_change_nothing(
    owner: Caller, organisation: int, node: CityNode, field: str, value: str
) -> None:
    refusal(owner.ask("PUT", A1, json=says(organisation, **{field: value})), 422, "text_refused")
    assert told(node) == []


def test_a_city_without_a_hall_has_no_booths(visitor: Caller, settings: Settings) -> None:
    (settings.city / "halls.json").unlink()
    halls = Halls.load(settings.city)
    assert (halls.slots, halls.staff) == ((), ())
    assert visitor.ask("GET", "/api/v1/booths").status_code == 200
