"""The forty spots: where each real place stands, how much level ground it has, where one arrives."""

from dataclasses import dataclass

import numpy as np

from scenes.georeference import world_from_lonlat
from scenes.sources import Sources
from scenes.sources.gwangju import Landmark, Name
from spatial.frames import WorldFrame
from spatial.quaternion import FloatArray

# For each landmark: radius of its clear ground in metres; heading of the stand-in's front in degrees
# clockwise from north; how far in front of the place one arrives; height of its label.
# All of it is our invention: the data gives a point only. May 18 Square gets its heading from Geumnam-ro.
_SHAPES: dict[str, tuple[float, float, float, float]] = {
    "city_hall": (95, 180, 62, 98),
    "acc": (62, 308, 60, 24),
    "may18_square": (66, 306, 34, 17),
    "kdj_center": (115, 150, 84, 34),
    "gwangju_station": (90, 200, 66, 26),
    "songjeong_station": (90, 130, 40, 28),
    "sangmu": (80, 320, 34, 70),
    "may18_memorial_hall": (75, 180, 50, 28),
    "may18_cemetery": (150, 200, 90, 46),
    "museum": (85, 170, 58, 30),
    "science": (90, 200, 62, 32),
    "biennale": (85, 200, 58, 30),
    "worldcup": (165, 200, 150, 48),
    "champions_field": (135, 160, 122, 40),
    "terminal": (90, 170, 66, 30),
    "airport": (150, 130, 70, 40),
    "chosun_univ": (125, 300, 62, 46),
    "jeungsimsa": (52, 250, 32, 17),
    "gist": (105, 180, 62, 36),
    "mudeungsan_summit": (60, 290, 42, 60),
}
#: Where more is level than is kept clear: round these two, the lawn and the old office need it.
_LEVEL = {"acc": 150.0, "may18_square": 110.0}
STATION_RADIUS = 34.0
STATION_ARRIVAL = 25.0


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A real place on the ground.

    Attributes:
        id: Landmark id, or ``station_<code>``.
        kind: "landmark" or "station".
        category: memory, culture, campus, accent, nature or station.
        centre: (2,) world x, z.
        radius: Metres round it on which nothing synthetic stands.
        level: Metres round it that are level.
        front: (2,) unit vector x, z from the place towards the arrival.
        arrival: (2,) world x, z.
        label: Metres above the ground at which the name floats.
    """

    id: str
    kind: str
    category: str
    name: Name
    centre: FloatArray
    radius: float
    level: float
    front: FloatArray
    arrival: FloatArray
    label: float
    accuracy: float
    source: str

    @property
    def angle(self) -> float:
        """Angle of the stand-in's long axis, counter-clockwise from east; its front looks at the arrival."""
        return float(np.arctan2(-self.front[1], self.front[0]) + np.pi / 2.0)

    @property
    def yaw(self) -> float:
        """Heading of someone at the arrival who faces the place (0 north, positive turns left)."""
        return float(np.arctan2(self.front[0], self.front[1]))


def sites_of(frame: WorldFrame, sources: Sources) -> tuple[Site, ...]:
    """Place the landmarks, then the stations, in the order of the data."""
    landmarks = [_landmark_site(frame, sources, landmark) for landmark in sources.landmarks]
    stations = sources.stations
    points = world_from_lonlat(
        frame,
        sources.dem,
        np.array([s.longitude for s in stations]),
        np.array([s.latitude for s in stations]),
    )[:, [0, 2]]
    sites = list(landmarks)
    for index, station in enumerate(stations):
        ahead = points[min(index + 1, len(stations) - 1)] - points[max(index - 1, 0)]
        along = ahead / np.hypot(*ahead)
        side = np.array([-along[1], along[0]])
        sites.append(
            Site(
                f"station_{station.code}",
                "station",
                "station",
                station.name,
                points[index],
                STATION_RADIUS,
                STATION_RADIUS,
                side,
                points[index] + side * STATION_ARRIVAL,
                9.0,
                15.0,
                "subway_line1_stations",
            )
        )
    return tuple(sites)


def _landmark_site(frame: WorldFrame, sources: Sources, landmark: Landmark) -> Site:
    radius, heading, arrival, label = _SHAPES[landmark.id]
    point = world_from_lonlat(
        frame, sources.dem, np.array([landmark.longitude]), np.array([landmark.latitude])
    )[0, [0, 2]]
    if landmark.id == "may18_square":
        target = next(s for s in sources.stations if s.code == 105)
        there = world_from_lonlat(
            frame, sources.dem, np.array([target.longitude]), np.array([target.latitude])
        )
        towards = there[0, [0, 2]] - point
    else:
        towards = np.array([np.sin(np.radians(heading)), -np.cos(np.radians(heading))])
    front = towards / np.hypot(*towards)
    return Site(
        landmark.id,
        "landmark",
        landmark.category,
        landmark.name,
        point,
        radius,
        _LEVEL.get(landmark.id, radius),
        front,
        point + front * arrival,
        label,
        landmark.accuracy,
        landmark.source,
    )


def clusters_of(sites: tuple[Site, ...], gap: float) -> list[list[int]]:
    """Group sites whose level grounds come nearer than ``gap`` metres: they must share one level."""
    centres = np.array([site.centre for site in sites])
    radii = np.array([site.level for site in sites])
    distance = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
    touching = distance < radii[:, None] + radii[None] + gap
    group = np.arange(len(sites))
    for _ in range(len(sites)):
        group = np.array([group[row].min() for row in touching])
    return [np.flatnonzero(group == g).tolist() for g in np.unique(group)]
