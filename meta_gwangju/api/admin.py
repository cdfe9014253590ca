"""`/api/v1/admin`: people and their roles, and organisations, for operators."""

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from meta_gwangju.api.caller import ActorOf, OfficesOf
from meta_gwangju.offices import Offices
from meta_gwangju.problems import PROBLEMS
from municipality.access import CITY, Grant, Role
from municipality.directory import Person
from municipality.moderation import Target

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


router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=PROBLEMS)


@router.get("/people", summary="시민 찾기 · Find citizens")
def people(
    offices: OfficesOf,
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
def give(number: Number, body: GivenIn, offices: OfficesOf, actor: ActorOf) -> list[GivenOut]:
    offices.grants.give(actor, number, Grant(Role(body.role), body.place), time.time())
    return _roles(offices, number)


@router.delete("/people/{number}/roles/{role}", summary="역할 거두기 · Take a role away")
def take(
    offices: OfficesOf,
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
def sign_out(number: Number, offices: OfficesOf, actor: ActorOf) -> None:
    for session in offices.directory.sign_out(actor, number, time.time()):
        offices.presence.end_session(session)


@router.get("/organisations", summary="모든 단체 · All organisations")
def organisations(offices: OfficesOf, actor: ActorOf, before: Before = None) -> list[OrganisationLine]:
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
