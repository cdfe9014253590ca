"""Readers of the city's input data: GeoJSON boundaries and points, the relief, published statistics."""

from scenes.sources.dem import Dem, read_dem
from scenes.sources.geojson import Feature, read_features
from scenes.sources.gwangju import DATA, Dong, Gu, Landmark, Sources, Station, Statistics, load_sources

__all__ = [
    "DATA",
    "Dem",
    "Dong",
    "Feature",
    "Gu",
    "Landmark",
    "Sources",
    "Station",
    "Statistics",
    "load_sources",
    "read_dem",
    "read_features",
]
