"""Corners of Gwangju, built by the real builder once and kept until builder or data change."""

import fcntl
from pathlib import Path

from scenes.city import Limit, build, is_built
from tests.support.server import PROJECT

CITIES = PROJECT / ".cache" / "small-city"
HALL_CITIES = PROJECT / ".cache" / "hall-city"
#: May 18 Democracy Square and Geumnamno, with some landmarks and stations around: world x, z, radius, metres.
CORNER = Limit(x=6_000.0, z=1_250.0, radius=900.0)
#: The expo hall before the Kim Daejung Convention Center.
HALL = Limit(x=-1_050.0, z=1_570.0, radius=450.0)


def small_city() -> Path:
    """Return the folder of cities; builds the corner when it is not there."""
    return _built(CITIES, CORNER)


def hall_city() -> Path:
    """Return the folder of cities of which one holds the expo hall and what is around it."""
    return _built(HALL_CITIES, HALL)


def _built(cities: Path, limit: Limit) -> Path:
    folder = cities / "gwangju"
    cities.mkdir(parents=True, exist_ok=True)
    # Tests run side by side: one of them builds, the others wait for it.
    with cities.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_built(folder):
            build(folder, workers=1, limit=limit, progress=lambda *_: None)
    return cities
