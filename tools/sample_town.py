"""Fills a city with invented proposals, votes, reports and booths: pictures of empty lists say little.

Every text says that it is an example.
"""

import time

from meta_gwangju.city import load_ground
from meta_gwangju.config import Settings
from meta_gwangju.land import CityLand
from meta_gwangju.offices import Offices, make_offices
from municipality.access import CITY_HALL, Actor, Grant, Role
from municipality.ballot import Draft as Vote
from municipality.ballot import Text
from municipality.expo import WriteUp
from municipality.participation import Draft as Proposal
from municipality.reports import Draft as Report
from municipality.store import Store

_DAY = 86_400.0
_CITIZENS = 24
#: Title, category, supports; where it stands, metres east and south of the city hall's door.
_PROPOSALS = (
    ("시청 앞 광장에 그늘 의자를 놓아요 (예시)", "environment", 19, (-14.0, 6.0)),
    ("정류장마다 다음 버스를 소리로 알려요 (예시)", "transport", 14, (12.0, 4.0)),
    ("골목 가로등을 더 밝게 (예시)", "safety", 9, (-4.0, 16.0)),
    ("주말마다 책 장터를 열어요 (예시)", "culture", 6, (6.0, 22.0)),
)
_REPORTS = (
    ("streetlight", "가로등 하나가 켜지지 않아요. (예시)"),
    ("road", "보도 블록이 들려 있어요. (예시)"),
)
_BOOTHS = (
    ("빛고을 공방", "Bitgoeul Workshop", "종이로 만든 빛 (예시)", "Light made of paper (example)"),
    ("무등 로봇", "Mudeung Robotics", "계단을 오르는 로봇 (예시)", "A robot that climbs stairs (example)"),
    ("남도 소리", "Namdo Sound", "판소리를 3차원으로 (예시)", "Pansori in three dimensions (example)"),
)


def fill(settings: Settings) -> None:
    """Fill the city of a data folder, which must be empty but for its tiles."""
    with Store(settings.database) as store:
        land = CityLand.load(settings.city, load_ground(settings.city))
        offices, now = make_offices(store, settings, land), time.time()
        people = _people(offices, now)
        _propose(offices, people, now)
        _ask(offices, people[0], now)
        _report(offices, people, now)
        _exhibit(offices, people, now)


def _people(offices: Offices, now: float) -> list[Actor]:
    with offices.store.write() as connection:
        numbers = [offices.citizens.join(connection, f"시민 {n + 1}", now=now) for n in range(_CITIZENS)]
        officer = Grant(Role.OFFICER, CITY_HALL)
        offices.grants.hand_out(connection, Actor(door="program"), numbers[0], officer, now)
    return [offices.actors.citizen(number, "program", now) for number in numbers]


def _propose(offices: Offices, people: list[Actor], now: float) -> None:
    x, z = offices.land.city_hall
    for days, (title, category, supports, (east, south)) in enumerate(_PROPOSALS, 1):
        at = now - days * _DAY
        draft = Proposal(title, "화면을 보여 주려고 지어낸 제안이에요.", category, (x + east, z + south))
        number = offices.proposals.propose(people[days], draft, now=at)
        for one in people[:supports]:
            offices.proposals.support(one, number, now=at)


def _ask(offices: Offices, officer: Actor, now: float) -> None:
    options = (Text("그늘 의자", "Shaded benches"), Text("작은 무대", "A small stage"))
    title = Text("광장에 무엇을 먼저 놓을까요? (예시)", "What should the square get first? (example)")
    opens = int(now) - 60
    offices.votes.open(officer, Vote(title, options, opens, opens + 7 * int(_DAY)), now=now)


def _report(offices: Offices, people: list[Actor], now: float) -> None:
    x, z = offices.land.city_hall
    for number, (service, words) in enumerate(_REPORTS):
        place = offices.surveyor.at_world(x + 18.0 - 30.0 * number, z + 12.0)
        offices.reports.submit(people[-1 - number], Report(service, place, words), now)


def _exhibit(offices: Offices, people: list[Actor], now: float) -> None:
    slots = sorted(offices.expo.booths.slots)
    for (ko, en, title_ko, title_en), slot, owner in zip(_BOOTHS, slots, people[5:], strict=False):
        number = offices.organisations.found(owner, ko, en, now)
        says = WriteUp(title_ko, title_en, "화면을 보여 주려고 지어냈어요.", "Made up to be shown.")
        offices.expo.booths.put(owner, slot, number, says, now)
        exhibitor = offices.actors.citizen(owner.of_citizen(), "program", now)
        offices.expo.booths.open(exhibitor, slot, now)
