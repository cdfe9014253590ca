import asyncio
import gzip
import os
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from meta_gwangju.files import IMMUTABLE, REVALIDATE, Files, city_caching, page_caching

GLB = b"glTF" + bytes(range(256)) * 16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tiles").mkdir()
    (tmp_path / "tiles" / "0.glb").write_bytes(GLB)
    (tmp_path / "tiles" / "0.glb.gz").write_bytes(gzip.compress(GLB))
    (tmp_path / "tileset.json").write_text('{"asset": {"version": "1.1"}}')
    (tmp_path / "0_0.f32").write_bytes(bytes(16))
    return tmp_path


def get(folder: Path, path: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        app = Starlette(routes=[Mount("/tiles", Files(folder, city_caching, shared=True))])
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://city") as client:
            return await client.get(f"/tiles/{path}", headers={"accept-encoding": "identity"} | headers)

    return asyncio.run(ask())


def test_tiles_have_their_registered_types(folder: Path) -> None:
    types = {
        name: get(folder, name).headers["content-type"] for name in ("tiles/0.glb", "tileset.json", "0_0.f32")
    }
    assert types == {
        "tiles/0.glb": "model/gltf-binary",
        "tileset.json": "application/json",
        "0_0.f32": "application/octet-stream",
    }


def test_the_compressed_sibling_goes_to_clients_that_take_it(folder: Path) -> None:
    packed = get(folder, "tiles/0.glb", **{"accept-encoding": "br, gzip;q=0.8"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == "model/gltf-binary"
    assert int(packed.headers["content-length"]) < len(GLB)
    assert packed.content == GLB
    for refusing in ("identity", "br", "gzip;q=0"):
        plain = get(folder, "tiles/0.glb", **{"accept-encoding": refusing})
        assert "content-encoding" not in plain.headers
        assert plain.content == GLB
        assert plain.headers["vary"] == "accept-encoding"


def test_a_sibling_older_than_its_file_is_left_alone(folder: Path) -> None:
    os.utime(folder / "tiles" / "0.glb.gz", (1.0, 1.0))
    assert "content-encoding" not in get(folder, "tiles/0.glb", **{"accept-encoding": "gzip"}).headers


def test_what_did_not_change_is_not_sent_again(folder: Path) -> None:
    for encoding in ("identity", "gzip"):
        first = get(folder, "tiles/0.glb", **{"accept-encoding": encoding})
        again = get(
            folder, "tiles/0.glb", **{"accept-encoding": encoding, "if-none-match": first.headers["etag"]}
        )
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["cache-control"] == REVALIDATE
    (folder / "tiles" / "0.glb").write_bytes(GLB + b"changed")
    assert get(folder, "tiles/0.glb", **{"if-none-match": first.headers["etag"]}).status_code == 200


def test_plain_and_compressed_have_tags_of_their_own(folder: Path) -> None:
    tags = {
        get(folder, "tiles/0.glb", **{"accept-encoding": e}).headers["etag"] for e in ("identity", "gzip")
    }
    assert len(tags) == 2


def test_viewers_of_other_origins_may_read_the_city(folder: Path) -> None:
    assert get(folder, "tileset.json").headers["access-control-allow-origin"] == "*"


def test_a_range_is_cut_from_the_plain_file(folder: Path) -> None:
    part = get(folder, "tiles/0.glb", range="bytes=0-3", **{"accept-encoding": "gzip"})
    assert (part.status_code, part.content) == (206, b"glTF")


@pytest.mark.parametrize(
    "path", ["../secret", "%2e%2e/secret", "..%2fsecret", "tiles/../../secret", "link/secret"]
)
def test_nothing_outside_the_folder_is_served(folder: Path, path: str) -> None:
    city = folder / "city"
    city.mkdir()
    (folder / "secret").write_text("secret")
    (city / "link").symlink_to(folder)
    assert get(city, path).status_code == 404


def test_hashed_names_are_kept_for_good_and_others_asked_for_again() -> None:
    assert page_caching(Path("assets/main-a1b2.js")) == IMMUTABLE
    assert page_caching(Path("index.html")) == REVALIDATE
    assert city_caching(Path("assets/0.glb")) == REVALIDATE
