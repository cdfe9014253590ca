"""`/api/v1/organisations`: found one, invite others, and belong."""

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from meta_gwangju.api.caller import ActorOf, IdempotencyKeyOf, OfficesOf
from meta_gwangju.offices import Offices
from meta_gwangju.problems import PROBLEMS

Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
Title = Annotated[str, Field(min_length=1, max_length=120)]


class OrganisationIn(BaseModel):
    """An organisation to be."""

    name_ko: Title = Field(description="한국어 이름(60자까지). Korean name.")
    name_en: Title = Field(description="영어 이름. English name.")


class OrganisationOut(BaseModel):
    """An organisation."""

    id: int
    name_ko: str
    name_en: str
    founded_at: float


class MemberOut(BaseModel):
    """A member."""

    citizen: int
    name: str | None
    rank: str
    joined_at: float


class InvitationIn(BaseModel):
    """What the invited become."""

    rank: Literal["owner", "staff"] = "staff"


class InvitationOut(BaseModel):
    """A fresh invitation; its token is shown this once."""

    id: int
    token: str = Field(description="링크: `/?invitation=TOKEN`. One citizen can take it, within a week.")
    expires_at: float


class InvitationLine(BaseModel):
    """An invitation that was made."""

    id: int
    rank: str
    made_at: float
    expires_at: float
    used: bool


class AcceptIn(BaseModel):
    """The token of an invitation link."""

    token: str = Field(min_length=16, max_length=64)


router = APIRouter(prefix="/api/v1", tags=["organisations"], responses=PROBLEMS)


def _shown(offices: Offices, number: int) -> OrganisationOut:
    found = offices.organisations.find(number)
    return OrganisationOut(
        id=found.id, name_ko=found.name_ko, name_en=found.name_en, founded_at=found.founded_at
    )


@router.post("/organisations", status_code=201, summary="단체 만들기 · Found an organisation")
def found(
    offices: OfficesOf, body: OrganisationIn, actor: ActorOf, key: IdempotencyKeyOf = None
) -> OrganisationOut:
    return _shown(offices, offices.organisations.found(actor, body.name_ko, body.name_en, time.time(), key))


@router.get("/organisations/{number}", summary="단체 · An organisation")
def one(offices: OfficesOf, number: Number) -> OrganisationOut:
    return _shown(offices, number)


@router.get("/organisations/{number}/members", summary="구성원 · Members")
def members(offices: OfficesOf, number: Number, actor: ActorOf) -> list[MemberOut]:
    found = offices.organisations.members(actor, number)
    names = offices.citizens.names(member.citizen for member in found)
    return [
        MemberOut(
            citizen=member.citizen,
            name=names.get(member.citizen),
            rank=member.rank,
            joined_at=member.joined_at,
        )
        for member in found
    ]


@router.delete(
    "/organisations/{number}/members/{citizen}",
    status_code=204,
    summary="구성원 내보내기 · End a membership",
)
def leave(offices: OfficesOf, number: Number, citizen: Number, actor: ActorOf) -> None:
    offices.organisations.leave(actor, number, citizen, time.time())
    offices.presence.renew([citizen], time.time())


@router.post("/organisations/{number}/invitations", status_code=201, summary="초대하기 · Invite")
def invite(offices: OfficesOf, number: Number, body: InvitationIn, actor: ActorOf) -> InvitationOut:
    invitation, token, until = offices.organisations.invite(actor, number, body.rank, time.time())
    return InvitationOut(id=invitation, token=token, expires_at=until)


@router.get("/organisations/{number}/invitations", summary="보낸 초대 · Invitations")
def invitations(offices: OfficesOf, number: Number, actor: ActorOf) -> list[InvitationLine]:
    return [
        InvitationLine(
            id=one.id,
            rank=one.rank,
            made_at=one.made_at,
            expires_at=one.expires_at,
            used=one.used_by is not None,
        )
        for one in offices.organisations.invitations(actor, number)
    ]


@router.delete(
    "/organisations/{number}/invitations/{invitation}", status_code=204, summary="초대 거두기 · Withdraw"
)
def withdraw(offices: OfficesOf, number: Number, invitation: Number, actor: ActorOf) -> None:
    offices.organisations.withdraw(actor, number, invitation, time.time())


@router.post("/invitations/accept", summary="초대 받기 · Take an invitation")
def accept(offices: OfficesOf, body: AcceptIn, actor: ActorOf) -> OrganisationOut:
    number = offices.organisations.accept(actor, body.token, time.time())
    offices.presence.renew([actor.of_citizen()], time.time())
    return _shown(offices, number)
