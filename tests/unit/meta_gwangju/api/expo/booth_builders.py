"""What the tests of booths over HTTP share: addresses, what a booth says, what is left behind."""

from pathlib import Path
from typing import Any

from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from municipality.journal import entries, verify
from tests.unit.meta_gwangju.callers import Caller

A1, A2 = "/api/v1/booths/kdj_center-a1", "/api/v1/booths/kdj_center-a2"
GLB = {"content-type": "model/gltf-binary"}
CONTACT = {"name": "나은", "email": "naeun@example.org", "consent": True}


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
