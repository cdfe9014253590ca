"""`/api/v1/booths`: slots are taken and written up, opened and closed, given back; keys for their screens."""

import time

from fastapi import APIRouter
from pydantic import BaseModel, Field

from meta_gwangju.api.booth_answers import BoothName, BoothOut, shown
from meta_gwangju.api.caller import ActorOf, OfficesOf
from meta_gwangju.offices import Offices
from meta_gwangju.problems import PROBLEMS
from municipality.access import Actor
from municipality.expo import Booth, WriteUp
from municipality.expo.booth import LONGEST_DESCRIPTION, LONGEST_LINK, LONGEST_SUMMARY, LONGEST_TITLE
from municipality.expo.booths import LONGEST_REASON

#: What clients hear when something changed.
TOPIC = "booths"


class BoothIn(BaseModel):
    """What a booth says of itself; plain text. Everything is replaced."""

    organisation: int = Field(ge=1, le=2**53 - 1, description="내 단체의 번호. Number of my organisation.")
    title_ko: str = Field(min_length=1, max_length=2 * LONGEST_TITLE, description="제목(60자). Title.")
    title_en: str = Field(min_length=1, max_length=2 * LONGEST_TITLE)
    summary_ko: str = Field(min_length=1, max_length=2 * LONGEST_SUMMARY, description="요약(200자). Summary.")
    summary_en: str = Field(min_length=1, max_length=2 * LONGEST_SUMMARY)
    description_ko: str = Field("", max_length=2 * LONGEST_DESCRIPTION, description="설명(4000자).")
    description_en: str = Field("", max_length=2 * LONGEST_DESCRIPTION, description="Description.")
    link: str | None = Field(None, max_length=LONGEST_LINK, description="https 주소. An https address.")


class ReleaseIn(BaseModel):
    """Why a slot is freed: an officer must say, an owner need not."""

    reason: str | None = Field(None, max_length=2 * LONGEST_REASON, description="까닭(300자). The reason.")


class TokenOut(BaseModel):
    """A publishing token, shown this once."""

    token: str = Field(description="`Authorization: Bearer`로 보냄. Sent as a bearer token.")
    made_at: float
    whip: str = Field(description="송출 주소. Where to publish (WHIP, RFC 9725).")


class HourOut(BaseModel):
    """Visits within one hour."""

    at: int = Field(description="시각의 시작(Unix 초). Its beginning, Unix seconds.")
    visits: int = Field(ge=1)


class VisitsOut(BaseModel):
    """How many people came; nothing is known of who they were."""

    total: int = Field(ge=0)
    hours: list[HourOut] = Field(description="지난 7일, 빈 시간은 뺌. The last week; empty hours left out.")


router = APIRouter(prefix="/api/v1/booths", tags=["expo"], responses=PROBLEMS)


@router.get("", summary="모든 부스 칸 · All slots and their booths")
def booths(offices: OfficesOf, actor: ActorOf) -> list[BoothOut]:
    held = {booth.slot: booth for booth in offices.expo.booths.all()}
    return [shown(offices, actor, slot, held.get(slot.id)) for slot in offices.expo.booths.slots.values()]


@router.get("/{name}", summary="부스 하나 · A booth")
def booth(offices: OfficesOf, name: BoothName, actor: ActorOf) -> BoothOut:
    return _shown(offices, actor, name, offices.expo.booths.find(name))


@router.put("/{name}", summary="칸을 맡거나 글을 고치기 · Take a slot, or write the booth up")
def put(offices: OfficesOf, name: BoothName, body: BoothIn, actor: ActorOf) -> BoothOut:
    says = WriteUp(**body.model_dump(exclude={"organisation"}))
    written = offices.expo.booths.put(actor, name, body.organisation, says, time.time())
    renewed = _renewed(offices, actor, written)
    return _shown(offices, renewed, name, written)


@router.post("/{name}/open", summary="부스 열기 · Open")
def open_booth(offices: OfficesOf, name: BoothName, actor: ActorOf) -> BoothOut:
    opened = offices.expo.booths.open(actor, name, time.time())
    offices.news.tell(TOPIC)
    return _shown(offices, actor, name, opened)


@router.post("/{name}/close", summary="부스 닫기 · Close")
def close_booth(offices: OfficesOf, name: BoothName, actor: ActorOf) -> BoothOut:
    closed = offices.expo.booths.close(actor, name, time.time())
    offices.news.tell(TOPIC)
    return _shown(offices, actor, name, closed)


@router.post("/{name}/release", summary="칸 돌려주기 · Free the slot")
def release(offices: OfficesOf, name: BoothName, body: ReleaseIn, actor: ActorOf) -> BoothOut:
    before = offices.expo.booths.find(name)
    with offices.models.changing:
        unneeded = offices.expo.booths.free(actor, name, body.reason, time.time())
        if unneeded is not None:
            offices.models.forget(unneeded)
    if before is not None:
        actor = _renewed(offices, actor, before)
    return _shown(offices, actor, name, None)


@router.post("/{name}/publish-token", status_code=201, summary="송출 열쇠 만들기 · Make a publishing token")
def make_token(offices: OfficesOf, name: BoothName, actor: ActorOf) -> TokenOut:
    token, made_at = offices.expo.publishing.issue(actor, name, time.time())
    return TokenOut(token=token, made_at=made_at, whip=f"/api/v1/booths/{name}/whip")


@router.delete("/{name}/publish-token", status_code=204, summary="송출 열쇠 없애기 · Revoke the token")
def end_token(offices: OfficesOf, name: BoothName, actor: ActorOf) -> None:
    offices.expo.publishing.revoke(actor, name, time.time())


@router.get("/{name}/visits", summary="다녀간 사람 수 · Visits")
def visits(offices: OfficesOf, name: BoothName, actor: ActorOf) -> VisitsOut:
    figures = offices.expo.visits.figures(actor, name, time.time())
    hours = [HourOut(at=at, visits=count) for at, count in figures.hours]
    return VisitsOut(total=figures.total, hours=hours)


def _shown(offices: Offices, actor: Actor, name: str, found: Booth | None) -> BoothOut:
    return shown(offices, actor, offices.expo.booths.slot(name), found)


def _renewed(offices: Offices, actor: Actor, changed: Booth) -> Actor:
    """Give everybody of a booth's organisation their new rights; returns the actor with theirs."""
    staff = offices.expo.booths.staff(changed)
    offices.presence.renew(staff, time.time())
    offices.news.tell("rights", staff)
    offices.news.tell(TOPIC)
    return offices.actors.citizen(
        actor.of_citizen(), actor.door, time.time(), session=actor.session, language=actor.language
    )
