"""Which stand-in each real place gets."""

from collections.abc import Callable

from scenes.landmarks import civic, culture, memory, transport
from scenes.landmarks.kit import Kit
from scenes.layout import Layout
from scenes.mesh import Mesh
from scenes.places import Site

Shape = Callable[[Kit], None]

SHAPES: dict[str, Shape] = {
    "city_hall": civic.city_hall,
    "acc": culture.asia_culture_center,
    "may18_square": memory.square,
    "kdj_center": civic.convention_center,
    "gwangju_station": transport.gwangju_station,
    "songjeong_station": transport.songjeong_station,
    "sangmu": civic.sangmu,
    "may18_memorial_hall": memory.memorial_hall,
    "may18_cemetery": memory.cemetery,
    "museum": culture.museum,
    "science": culture.science_museum,
    "biennale": culture.biennale,
    "worldcup": civic.stadium,
    "champions_field": civic.ballpark,
    "terminal": transport.bus_terminal,
    "airport": transport.airport,
    "chosun_univ": culture.university,
    "jeungsimsa": culture.temple,
    "gist": culture.institute,
    "mudeungsan_summit": culture.summit,
}


def landmark_mesh(layout: Layout, site: Site) -> Mesh:
    """Return the stand-in of a landmark in world metres."""
    ground = float(layout.ground.height(site.centre[None])[0])
    kit = Kit(site.centre, site.angle, ground, seed=700)
    SHAPES[site.id](kit)
    return kit.mesh()


def station_mesh(layout: Layout, site: Site) -> Mesh:
    """Return a station's canopies and sign poles in world metres."""
    ground = float(layout.ground.height(site.centre[None])[0])
    kit = Kit(site.centre, site.angle, ground)
    transport.metro_entrances(kit)
    return kit.mesh()
