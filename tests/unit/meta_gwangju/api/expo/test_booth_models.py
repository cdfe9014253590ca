"""Models of booths over HTTP: what comes in, what is kept, what is refused."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from meta_gwangju import uploads
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from meta_gwangju.sockets import ImpatientHttp
from meta_gwangju.uploads import Models, UploadError, received
from scenes.inspection.limits import FILE_BYTES
from tests.unit.meta_gwangju.api.expo.booth_builders import (
    A1,
    GLB,
    kept,
    refusal,
    told,
)
from tests.unit.meta_gwangju.callers import Caller
from tests.unit.meta_gwangju.serving import opened
from tests.unit.scenes.uploads import picture, png_claiming, triangle


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
    monkeypatch: pytest.MonkeyPatch,
    pieces: int | None,
) -> None:
    if pieces is None:
        # Whoever goes on after the answer has as long as for a next request.
        monkeypatch.setattr(ImpatientHttp, "seconds_to_ask", 1.0)

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


def test_inspections_leave_the_event_loops_threads_to_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_COMMAND", (sys.executable, "-I", "-c", "while True: pass"))
    monkeypatch.setattr(uploads, "INSPECTION_SECONDS", 1.0)

    async def crowd() -> list[bool]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        models = Models(tmp_path)
        inspections = [asyncio.create_task(models.inspect(b"glb")) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.to_thread(bool)  # as a payment looks up an account
        done = [one.done() for one in inspections]
        await asyncio.gather(*inspections)
        return done

    assert asyncio.run(crowd()) == [False, False, False]
