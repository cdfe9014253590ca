"""What can be reported: the services of a Korean city's report desk, as Open311 names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from municipality.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of report (GeoReport v2, GET Service List).

    Attributes:
        code: `service_code`; never given to another service.
        name: Korean and English.
        description: What belongs here, Korean and English.
        group: Korean and English.
        keywords: Other words that people look for, in both languages.
        agency: Who answers, Korean and English.
    """

    code: str
    name: tuple[str, str]
    description: tuple[str, str]
    group: tuple[str, str]
    keywords: tuple[str, ...]
    agency: tuple[str, str]


_STREETS = ("도로·교통", "Streets and traffic")
_LIVING = ("생활 환경", "Living environment")
_SAFETY = ("안전", "Safety")
_OTHER = ("기타", "Other")

_ALL = (
    Service(
        "road",
        ("도로 파손", "Road damage"),
        (
            "포트홀, 갈라진 포장, 깨진 보도블록, 막힌 빗물받이처럼 길이 망가진 곳.",
            "Potholes, cracked paving, broken kerbs and pavement, blocked street drains.",
        ),
        _STREETS,
        ("포트홀", "보도블록", "맨홀", "침하", "pothole", "pavement", "manhole", "drain"),
        ("도로과", "Roads Division"),
    ),
    Service(
        "streetlight",
        ("가로등 고장", "Street light out"),
        (
            "꺼졌거나 깜박이거나 낮에도 켜져 있는 가로등·보안등.",
            "Street and security lights that are out, flicker, or burn by day.",
        ),
        _STREETS,
        ("가로등", "보안등", "조명", "street light", "lamp", "dark"),
        ("도로과", "Roads Division"),
    ),
    Service(
        "parking",
        ("불법 주정차", "Illegal parking"),
        (
            "소화전 앞, 횡단보도, 어린이보호구역, 보도를 막은 차. 차 번호 말고 사람은 찍지 마세요.",
            "Cars at hydrants, on crossings, in school zones, on pavements. Photograph the car, not people.",
        ),
        _STREETS,
        ("주차", "주정차", "소화전", "횡단보도", "parking", "hydrant", "crossing"),
        ("교통과", "Traffic Division"),
    ),
    Service(
        "waste",
        ("쓰레기", "Waste"),
        (
            "무단 투기, 치우지 않은 쓰레기, 넘치는 수거함, 방치된 큰 물건.",
            "Dumped or uncollected waste, overflowing bins, abandoned bulky things.",
        ),
        _LIVING,
        ("무단투기", "재활용", "악취", "waste", "litter", "dumping", "recycling"),
        ("청소과", "Cleansing Division"),
    ),
    Service(
        "noise",
        ("소음", "Noise"),
        (
            "공사장, 영업장, 확성기처럼 되풀이되는 큰 소리.",
            "Loud sound that comes again and again: building sites, businesses, loudspeakers.",
        ),
        _LIVING,
        ("공사", "층간", "확성기", "noise", "construction", "loudspeaker"),
        ("환경과", "Environment Division"),
    ),
    Service(
        "park",
        ("공원·녹지", "Parks and greenery"),
        (
            "쓰러진 나무, 망가진 의자와 운동 기구, 병든 가로수, 놀이터.",
            "Fallen trees, broken benches and equipment, ailing street trees, playgrounds.",
        ),
        _LIVING,
        ("가로수", "놀이터", "벤치", "tree", "playground", "bench"),
        ("공원녹지과", "Parks Division"),
    ),
    Service(
        "safety",
        ("시설 안전", "Unsafe structures"),
        (
            "기울거나 무너질 듯한 담장·간판·옹벽, 파손된 난간. 급한 위험은 119에 먼저 알리세요.",
            "Leaning walls and signs, failing retaining walls, broken railings. In danger, call 119 first.",
        ),
        _SAFETY,
        ("담장", "간판", "난간", "붕괴", "wall", "sign", "railing", "danger"),
        ("안전정책과", "Safety Policy Division"),
    ),
    Service(
        "other",
        ("기타", "Something else"),
        ("위에 없는 불편. 담당 부서를 찾아 드려요.", "Anything else; the city finds out who is in charge."),
        _OTHER,
        ("불편", "건의", "other", "general"),
        ("민원봉사실", "Citizens' Service Desk"),
    ),
)

#: By code, in the order in which they are offered.
SERVICES: Mapping[str, Service] = MappingProxyType({service.code: service for service in _ALL})


def service_of(code: str) -> Service:
    """Return the service of a code.

    Raises:
        NotFoundError: There is none.
    """
    if code not in SERVICES:
        raise NotFoundError(
            "그런 민원 종류가 없어요. 종류 목록에서 골라 주세요.",
            "There is no such service_code. Choose one of the service list.",
        )
    return SERVICES[code]
