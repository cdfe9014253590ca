"""A tiny city on disk and a node in it: the real program over a flat land of 400 m."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from meta_gwangju.config import Settings
from meta_gwangju.land import CityLand
from meta_gwangju.node import CityNode
from meta_gwangju.offices import make_offices
from meta_gwangju.places import Places
from municipality.store import Store
from tests.support.databases import sqlite_city
from tests.unit.meta_gwangju.land import Flat

SPOTS = {"square": ((0.0, 30.0, 0.0), 0.25), "hall": ((120.0, 30.0, -60.0), 2.0)}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder with a city that has places but no buildings, and a page of one file."""
    settings = Settings(data=tmp_path / "var", web=tmp_path / "dist", port=0, capacity=3)
    settings.city.mkdir(parents=True)
    (settings.web / "assets").mkdir(parents=True)
    (settings.web / "index.html").write_text("<!doctype html><title>메타 광주</title>", encoding="utf-8")
    (settings.web / "assets" / "main-a1b2.js").write_text("export {};", encoding="utf-8")
    spots = [
        {"id": spot, "arrival": {"position": position, "yaw": yaw}} for spot, (position, yaw) in SPOTS.items()
    ]
    places = {"city": "gwangju", "start": "square", "spots": spots}
    (settings.city / "places.json").write_text(json.dumps(places), encoding="utf-8")
    (settings.city / "tileset.json").write_text('{"asset": {"version": "1.1"}}', encoding="utf-8")
    return settings


@pytest.fixture
def node(settings: Settings) -> Iterator[CityNode]:
    with Store(sqlite_city(Path(settings.database))) as store:
        offices = make_offices(store, settings, CityLand.load(settings.city, Flat()))
        yield CityNode(settings, offices, Places.load(settings.city), Flat())
