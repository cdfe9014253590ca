"""A city with the hall of Gwangju, and an organisation that holds a slot in it."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI

from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from municipality.access import EXPO, Role
from scenes.hall import halls_document
from scenes.layout import layout_of
from scenes.sources import load_sources
from spatial.frames import GWANGJU
from tests.unit.meta_gwangju.api.expo.booth_builders import A1, found, says
from tests.unit.meta_gwangju.callers import Caller, citizen


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
def rival(app: FastAPI, node: CityNode) -> Caller:
    caller = citizen(app, node.offices, "경쟁")
    found(caller)
    return caller


@pytest.fixture
def officer(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "담당", Role.OFFICER, place=EXPO)


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


@pytest.fixture
def one_line(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """The lines of refusals in the log."""
    with caplog.at_level(logging.WARNING):
        yield lambda: [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]
