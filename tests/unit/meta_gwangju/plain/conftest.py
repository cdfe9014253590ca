import pytest
from fastapi import FastAPI

from meta_gwangju.app import create_app
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from municipality.access import CITY_HALL, Role
from tests.unit.meta_gwangju.callers import Caller, citizen
from tests.unit.meta_gwangju.plain.browser import Browser


@pytest.fixture
def app(node: CityNode, settings: Settings) -> FastAPI:
    return create_app(node, settings)


@pytest.fixture
def visitor(app: FastAPI) -> Browser:
    return Browser(Caller(app))


@pytest.fixture
def author(app: FastAPI, node: CityNode) -> Browser:
    return Browser(citizen(app, node.offices, "보라"))


@pytest.fixture
def neighbour(app: FastAPI, node: CityNode) -> Browser:
    return Browser(citizen(app, node.offices, "이웃"))


@pytest.fixture
def officer(app: FastAPI, node: CityNode) -> Browser:
    return Browser(citizen(app, node.offices, "담당", Role.OFFICER, place=CITY_HALL))
