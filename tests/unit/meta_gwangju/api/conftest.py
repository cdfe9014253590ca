"""The application over the tiny city, and somebody without an account who asks it."""

import pytest
from fastapi import FastAPI

from meta_gwangju.app import create_app
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from tests.unit.meta_gwangju.callers import Caller


@pytest.fixture
def app(node: CityNode, settings: Settings) -> FastAPI:
    return create_app(node, settings)


@pytest.fixture
def visitor(app: FastAPI) -> Caller:
    return Caller(app)
