"""`/api/v1/admin`: people and roles, organisations, whether all verifies, and how the system stands."""

import shutil
import threading
import time
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from meta_gwangju import __version__
from meta_gwangju.api.caller import ActorOf
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from meta_gwangju.offices import Offices
from meta_gwangju.problems import PROBLEMS
from meta_gwangju.verification import Verdict, verify_city
from meta_gwangju.vitals import database_bytes
from municipality.access import CITY, Action, Grant, Role
from municipality.directory import Person
from municipality.moderation import Target
from municipality.store import revisions

#: Checking everything takes its time: what was found holds for so many seconds.
_VERIFIED_SECONDS = 60.0

Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
Before = Annotated[int | None, Query(ge=1, le=2**53 - 1, description="이보다 앞의 것. Older ones.")]
GivenRole = Literal["officer", "operator"]
PlacePattern = r"^city(/[a-z0-9_]{1,32}){0,4}$"


class GivenOut(BaseModel):
    """A role, and where it is held."""

    role: str
    place: str


class PersonOut(BaseModel):
    """A citizen as operators see them."""

    number: int
    name: str | None = Field(description="null: 그만둔 시민. Erased.")
    roles: list[GivenOut]
    sessions: int
    passkeys: int
    joined_at: float
    erased_at: float | None
    here: bool = Field(description="지금 도시 안에 있는지. In the city now.")
    sanctions: list[str] = Field(description="지금 미치는 처분. Sanctions that hold.")


class PeoplePage(BaseModel):
    """Some of the citizens."""

    people: list[PersonOut]
    before: int | None = Field(description="다음 쪽. For the next page; null: the end.")


class GivenIn(BaseModel):
    """A role to give."""

    role: GivenRole
    place: str = Field(CITY, max_length=128, pattern=PlacePattern)


class OrganisationLine(BaseModel):
    """An organisation."""

    id: int
    name_ko: str
    name_en: str
    members: int
    founded_at: float


class VerdictOut(BaseModel):
    """What one check found."""

    what: str = Field(description="`ledger`, `ballots`, 또는 일지의 이름. Or a journal's name.")
    passed: bool
    ko: str
    en: str


class VerificationOut(BaseModel):
    """Whether nothing that must never be lost was changed."""

    at: float
    passed: bool
    verdicts: list[VerdictOut]


class Facts(BaseModel):
    """How the system stands."""

    version: str
    schema_found: str | None
    schema_needed: str
    database: Literal["sqlite", "postgresql"]
    database_bytes: int
    free_bytes: int = Field(description="데이터 폴더의 남은 공간. Left for the data folder.")
    up_seconds: float
    people: int
    capacity: int
    tick: int
    late_ticks: int
    lost_audio_frames: int
    ledger_waiting: int


class Verifier:
    """Checks everything, for one at a time, and not more often than once a minute."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices
        self._lock = threading.Lock()
        self._found: tuple[float, list[Verdict]] | None = None

    def found(self, now: float) -> tuple[float, list[Verdict]]:
        """Return what was found, and when, Unix seconds."""
        with self._lock:
            if self._found is None or now - self._found[0] >= _VERIFIED_SECONDS:
                self._found = now, list(verify_city(self._offices.store))
            return self._found


def admin_router(node: CityNode, settings: Settings) -> APIRouter:
    """Return the routes for operators; each asks for the capability where it is done."""
    router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=PROBLEMS)
    offices, verifier, opened = node.offices, Verifier(node.offices), time.monotonic()

    @router.get("/people", summary="시민 찾기 · Find citizens")
    def people(
        actor: ActorOf,
        words: Annotated[
            str, Query(max_length=60, description="번호나 이름의 일부. A number, or a part of a name.")
        ] = "",
        role: GivenRole | None = None,
        before: Before = None,
    ) -> PeoplePage:
        now = time.time()
        wanted = Role(role) if role else None
        found, more = offices.directory.people(actor, now, words=words, role=wanted, before=before)
        return PeoplePage(people=[_person(offices, one, now) for one in found], before=more)

    @router.put("/people/{number}/roles", summary="역할 주기 · Give a role")
    def give(number: Number, body: GivenIn, actor: ActorOf) -> list[GivenOut]:
        offices.grants.give(actor, number, Grant(Role(body.role), body.place), time.time())
        return _roles(offices, number)

    @router.delete("/people/{number}/roles/{role}", summary="역할 거두기 · Take a role away")
    def take(
        number: Number,
        role: GivenRole,
        actor: ActorOf,
        place: Annotated[str, Query(max_length=128, pattern=PlacePattern)] = CITY,
    ) -> list[GivenOut]:
        offices.grants.take(actor, number, Grant(Role(role), place), time.time())
        return _roles(offices, number)

    @router.delete(
        "/people/{number}/sessions", status_code=204, summary="모든 기기에서 내보내기 · Sign out everywhere"
    )
    def sign_out(number: Number, actor: ActorOf) -> None:
        for session in offices.directory.sign_out(actor, number, time.time()):
            offices.presence.end_session(session)

    @router.get("/organisations", summary="모든 단체 · All organisations")
    def organisations(actor: ActorOf, before: Before = None) -> list[OrganisationLine]:
        return [
            OrganisationLine(
                id=one.id,
                name_ko=one.name_ko,
                name_en=one.name_en,
                members=one.members,
                founded_at=one.founded_at,
            )
            for one in offices.directory.organisations(actor, before)
        ]

    @router.get("/verification", summary="원장·투표·일지 검사 · Does everything verify")
    def verification(actor: ActorOf) -> VerificationOut:
        actor.require(Action.ADMINISTER, CITY)
        at, verdicts = verifier.found(time.time())
        return VerificationOut(
            at=at,
            passed=all(one.passed for one in verdicts),
            verdicts=[VerdictOut(what=one.what, passed=one.passed, ko=one.ko, en=one.en) for one in verdicts],
        )

    @router.get("/facts", summary="시스템의 상태 · How the system stands")
    def facts(actor: ActorOf) -> Facts:
        actor.require(Action.ADMINISTER, CITY)
        found, needed = revisions(settings.database)
        return Facts(
            version=__version__,
            schema_found=found,
            schema_needed=needed,
            database="sqlite" if offices.store.url.get_backend_name() == "sqlite" else "postgresql",
            database_bytes=database_bytes(offices.store),
            free_bytes=shutil.disk_usage(settings.data).free,
            up_seconds=time.monotonic() - opened,
            people=node.world.count,
            capacity=settings.capacity,
            tick=node.world.tick,
            late_ticks=node.late_ticks,
            lost_audio_frames=node.bridge.stage.lost_frames,
            ledger_waiting=offices.ledger.waiting,
        )

    return router


def _person(offices: Offices, one: Person, now: float) -> PersonOut:
    holding = offices.moderation.register.holding(Target(citizen=one.number), now)
    return PersonOut(
        number=one.number,
        name=one.name,
        roles=[GivenOut(role=grant.role, place=grant.place) for grant in one.roles],
        sessions=one.sessions,
        passkeys=one.passkeys,
        joined_at=one.joined_at,
        erased_at=one.erased_at,
        here=bool(offices.presence.persons([one.number])),
        sanctions=[act.kind.value for act in holding],
    )


def _roles(offices: Offices, number: int) -> list[GivenOut]:
    """Renew what a citizen may do, tell them, and return their roles."""
    offices.presence.renew([number], time.time())
    offices.news.tell("rights", [number])
    return [GivenOut(role=grant.role, place=grant.place) for grant in offices.grants.of(number)]
