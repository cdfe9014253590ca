import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from meta_gwangju.api import bodies
from meta_gwangju.api.bodies import Bound
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from tests.unit.meta_gwangju.serving import opened

CODE = "/api/v1/session/code"


def send(node: CityNode, settings: Settings, body: AsyncIterator[bytes]) -> httpx.Response:
    async def run() -> httpx.Response:
        async with opened(node, settings) as address, httpx.AsyncClient(timeout=20.0) as client:
            headers = {"content-type": "application/json"}
            return await client.post(f"http://{address}{CODE}", content=body, headers=headers)

    return asyncio.run(run())


async def in_pieces(text: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


def test_a_body_in_pieces_is_read_to_its_end(node: CityNode, settings: Settings) -> None:
    answer = send(node, settings, in_pieces(json.dumps({"code": "AAAAA-AAAAA"}).encode(), 3))
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")


def test_a_body_that_grows_without_end_is_cut_off(node: CityNode, settings: Settings) -> None:
    answer = send(node, settings, in_pieces(b'{"code": "' + b"A" * 2**20, 4096))
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_drips_without_end_is_given_up(
    node: CityNode, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "_JSON", Bound(1024, 0.2))

    async def drip() -> bytes:
        async with opened(node, settings) as address:
            host, port = address.split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            head = f"POST {CODE} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n"
            writer.write(f'{head}content-length: 100\r\n\r\n{{"code": "'.encode())
            try:
                return await asyncio.wait_for(reader.readline(), 10.0)
            finally:
                writer.close()

    assert asyncio.run(drip()).startswith(b"HTTP/1.1 408")


def test_json_that_is_nested_without_end_is_refused(node: CityNode, settings: Settings) -> None:
    answer = send(node, settings, in_pieces(b"[" * 100_000, 65_536))
    assert answer.status_code in {400, 422}
