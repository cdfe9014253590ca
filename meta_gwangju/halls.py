"""The expo halls of the built city, from its `halls.json`: slots for the booths, zones for the world."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from meta_gwangju.errors import CityMissingError
from municipality.expo import Slot
from world.zones import Zone

FILE = "halls.json"


@dataclass(frozen=True, slots=True)
class Halls:
    """What is built.

    Attributes:
        document: As docs/expo.md describes it; without halls where a city has none.
        slots: Of all halls.
        staff: Corners that only a booth's staff may walk into.
    """

    document: dict[str, Any]
    slots: tuple[Slot, ...]
    staff: tuple[Zone, ...]

    @classmethod
    def load(cls, city: Path) -> "Halls":
        """Read the halls of a built city; one without the file has none.

        Raises:
            CityMissingError: The file is not what `build-city` writes.
        """
        file = city / FILE
        if not file.is_file():
            return cls({"version": 1, "halls": []}, (), ())
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            found = [slot for hall in document["halls"] for slot in hall["slots"]]
            return cls(
                document, tuple(_slot(slot) for slot in found), tuple(_staff_zone(slot) for slot in found)
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CityMissingError(
                f"{file}을(를) 읽을 수 없습니다({error!r}). 'meta-gwangju build-city'로 다시 지으세요.",
                f"The city's {file} cannot be read ({error!r}). Run 'meta-gwangju build-city' again.",
            ) from error


def _slot(slot: dict[str, Any]) -> Slot:
    corners = tuple((float(x), float(z)) for x, z in slot["corners"])
    x, y, z = (float(value) for value in slot["screen"]["position"])
    return Slot(slot["id"], slot["place"], corners, (x, y, z))


def _staff_zone(slot: dict[str, Any]) -> Zone:
    corners = np.array(slot["staff"]["corners"], float)
    x, z = corners.mean(axis=0).tolist()
    across, along = (float(np.hypot(*(corners[k + 1] - corners[k]))) for k in (0, 1))
    return Zone(slot["place"], "enter_staff", (x, z), (across / 2.0, along / 2.0), float(slot["yaw"]))
