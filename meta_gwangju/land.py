"""The city's land as the offices ask for it: where it ends, and the landmarks that people know by name."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from meta_gwangju.errors import CityMissingError
from meta_gwangju.survey import Survey
from world.movement import Ground

#: The landmark where proposals stand that nobody gave a place.
CITY_HALL = "city_hall"


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that people know.

    Attributes:
        id: Of the spot.
        ko, en: Its name.
        x, z: World metres, where people stand before it.
    """

    id: str
    ko: str
    en: str
    x: float
    z: float


class CityLand:
    """The land of a built city.

    Attributes:
        landmarks: In the order of `places.json`.
        city_hall: World x and z, metres, where people stand before the city hall.
        survey: Between the map and the ground, and whose district a point lies in.
    """

    def __init__(self, ground: Ground, landmarks: tuple[Landmark, ...], survey: Survey) -> None:
        self.landmarks = landmarks
        first = next((one for one in landmarks if one.id == CITY_HALL), landmarks[0])
        self.city_hall = (first.x, first.z)
        self.survey = survey
        self._ground = ground

    @classmethod
    def load(cls, city: Path, ground: Ground) -> "CityLand":
        """Read the landmarks of a built city.

        Raises:
            CityMissingError: `places.json` is missing, or is not what `build-city` writes.
        """
        file = city / "places.json"
        try:
            spots = json.loads(file.read_text(encoding="utf-8"))["spots"]
            landmarks = tuple(_landmark(spot) for spot in spots)
            return cls(ground, landmarks, Survey.load(city, ground))
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise CityMissingError(
                f"{file}을(를) 읽을 수 없습니다({error!r}). 'meta-gwangju build-city'로 다시 지으세요.",
                f"The city's {file} cannot be read ({error!r}). Run 'meta-gwangju build-city' again.",
            ) from error

    def is_inside(self, x: float, z: float) -> bool:
        """Tell whether a point, world metres, lies within the city's boundary."""
        return bool(self._ground.inside(np.array([[x, z]]))[0])


def _landmark(spot: dict[str, Any]) -> Landmark:
    x, _, z = (float(value) for value in spot["arrival"]["position"])
    name = spot.get("name", {})
    return Landmark(spot["id"], name.get("ko", spot["id"]), name.get("en", spot["id"]), x, z)
