"""The landmarks and stations that people can be taken to, from the built city's `places.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from meta_gwangju.errors import CityMissingError
from municipality.visitors import Place


@dataclass(frozen=True, slots=True)
class Places:
    """Where people arrive.

    Attributes:
        city: The city's id on the wire.
        start: Where those arrive who name no place.
        arrivals: By spot id.
    """

    city: str
    start: Place
    arrivals: Mapping[str, Place]

    @classmethod
    def load(cls, city: Path) -> "Places":
        """Read `places.json` of a built city.

        Raises:
            CityMissingError: It is missing or is not what `build-city` writes.
        """
        file = city / "places.json"
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            arrivals = {spot["id"]: _arrival(spot["arrival"]) for spot in document["spots"]}
            return cls(document["city"], arrivals[document["start"]], MappingProxyType(arrivals))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CityMissingError(
                f"{file}을(를) 읽을 수 없습니다({error!r}). 'meta-gwangju build-city'로 다시 지으세요.",
                f"The city's {file} cannot be read ({error!r}). Run 'meta-gwangju build-city' again.",
            ) from error


def _arrival(arrival: Mapping[str, Any]) -> Place:
    """Return a place of three finite coordinates and a heading.

    Raises:
        ValueError: The numbers are no place.
    """
    x, y, z = (float(value) for value in arrival["position"])
    yaw = float(arrival["yaw"])
    if not np.isfinite([x, y, z, yaw]).all():
        raise ValueError("a spot's arrival is not finite")
    return Place((x, y, z), yaw)
