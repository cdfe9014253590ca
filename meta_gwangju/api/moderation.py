"""`/api/v1/moderation`: sanctions by officers, appeals against them, and the log that everybody may read."""

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query
from pydantic import BaseModel, Field

from meta_gwangju.api.caller import ActorOf, IdempotencyKeyOf, OfficesOf
from meta_gwangju.offices import Offices
from meta_gwangju.problems import PROBLEMS
from municipality.access import CITY
from municipality.errors import NotFoundError
from municipality.moderation import Act, Appeal, Category, Kind, Order, Target

#: What clients hear when something changed.
TOPIC = "moderation"

Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
Before = Annotated[int | None, Query(ge=1, le=2**53 - 1, description="이보다 앞의 것. Older ones.")]
Person = Annotated[int | None, Field(ge=1, le=2**31 - 1)]
Code = Annotated[
    str | None,
    Field(min_length=5, max_length=40, description="방문자가 받은 코드. As a visitor was told."),
]
CodeHeader = Annotated[
    str | None,
    Header(
        alias="Appeal-Code",
        min_length=5,
        max_length=40,
        description="방문자가 받은 코드. As a visitor was told.",
    ),
]
Place = Annotated[
    str,
    Field(
        max_length=128,
        pattern=r"^city(/[a-z0-9_]{1,32}){0,4}$",
        description="처분이 미치는 곳과 그 아래. Where it holds, and everywhere below.",
    ),
]


class SanctionIn(BaseModel):
    """What an officer does about somebody: a person in the city, or a citizen by number."""

    kind: Kind
    person: Person = Field(None, description="도시 안의 사람. Their id in the city.")
    citizen: Annotated[int, Field(ge=1, le=2**53 - 1)] | None = Field(
        None, description="시민 번호. Number of a citizen."
    )
    place: Place = CITY
    category: Category = Field(description="모두에게 보이는 까닭. Why, for everybody.")
    reason: str = Field(
        min_length=1,
        max_length=2_000,
        description="있었던 일(1,000자까지), 담당자만 봅니다. What happened; officers alone see it.",
    )
    seconds: float = Field(
        0.0, ge=0.0, le=366 * 86_400.0, allow_inf_nan=False, description="길이(초). Length."
    )


class SanctionOut(BaseModel):
    """A sanction."""

    id: int
    kind: Kind
    place: str
    category: Category
    at: float
    until: float
    lifted_at: float | None
    holds: bool = Field(description="지금 미치는지. Whether it holds now.")
    ko: str = Field(description="본인이 듣는 말. What its subject is told.")
    en: str


class SanctionLine(BaseModel):
    """A sanction as officers see it."""

    act: SanctionOut
    citizen: int | None
    person: int | None
    name: str | None
    reason: str | None
    officer: int
    appealed: bool


class LiftIn(BaseModel):
    """Why an act is taken back."""

    reason: str = Field(min_length=1, max_length=2_000)


class AppealIn(BaseModel):
    """What somebody says against a sanction."""

    text: str = Field(min_length=1, max_length=4_000, description="2,000자까지. Up to 2,000 characters.")
    code: Code = None


class AppealOut(BaseModel):
    """An appeal."""

    act: SanctionOut
    text: str | None
    at: float
    outcome: Literal["kept", "lifted"] | None
    answer: str | None
    answered_at: float | None


class MySanction(BaseModel):
    """A sanction about whoever asks, and what they said to it."""

    act: SanctionOut
    appeal: AppealOut | None


class AppealAnswerIn(BaseModel):
    """What becomes of an appeal."""

    outcome: Literal["kept", "lifted"]
    text: str = Field(min_length=1, max_length=4_000)


class ModerationLogEntry(BaseModel):
    """A sanction as everybody may see it."""

    kind: Kind
    place: str
    category: Category
    visitor: bool
    at: float = Field(description="시간 단위. To the hour.")
    seconds: float
    lifted: bool
    appeal: Literal["waits", "kept", "lifted"] | None


class ModerationLog(BaseModel):
    """A page of the log, the newest first."""

    entries: list[ModerationLogEntry]
    before: int | None = Field(description="다음 쪽. For the next page; null: the end.")


router = APIRouter(prefix="/api/v1/moderation", tags=["moderation"], responses=PROBLEMS)


@router.post("/acts", status_code=201, summary="처분하기 · Sanction somebody")
def act(offices: OfficesOf, body: SanctionIn, actor: ActorOf, key: IdempotencyKeyOf = None) -> SanctionOut:
    now = time.time()
    target = _target(offices, body)
    standing, network = offices.enforcement.whereabouts(target)
    order = Order(body.kind, target, body.place, body.category, body.reason, body.seconds, standing, network)
    done, code = offices.moderation.act(actor, order, now, key)
    if done.at == now:  # asked again, it was felt the first time
        offices.enforcement.enforce(done, code, now)
        _tell(offices, done)
    return _act(done, now)


@router.get("/acts", summary="처분 목록(담당자) · Sanctions, for officers")
def acts(
    offices: OfficesOf,
    actor: ActorOf,
    before: Before = None,
    holding: Annotated[bool, Query(description="지금 미치는 것만. Only those that hold.")] = False,  # noqa: FBT002 -- a query parameter
) -> list[SanctionLine]:
    now = time.time()
    found = offices.moderation.register.acts(actor, before, holding_at=now if holding else None)
    names = offices.citizens.names(
        told.act.target.citizen for told in found if told.act.target.citizen is not None
    )
    return [
        SanctionLine(
            act=_act(told.act, now),
            citizen=told.act.target.citizen,
            person=told.act.target.person,
            name=names.get(told.act.target.citizen or 0),
            reason=told.reason,
            officer=told.act.officer,
            appealed=told.appealed,
        )
        for told in found
    ]


@router.get("/mine", summary="나에 대한 처분 · Sanctions about me")
def mine(offices: OfficesOf, actor: ActorOf) -> list[SanctionOut]:
    now = time.time()
    return [_act(one, now) for one in offices.moderation.register.about(actor)]


@router.get("/acts/{number}", summary="나에 대한 처분 하나 · One sanction about me")
def own(offices: OfficesOf, number: Number, actor: ActorOf, code: CodeHeader = None) -> MySanction:
    found, appeal = offices.appeals.of(actor, number, code)
    return MySanction(act=_act(found, time.time()), appeal=_appeal(appeal) if appeal else None)


@router.post("/acts/{number}/lift", summary="처분 거두기 · Take a sanction back")
def lift(offices: OfficesOf, number: Number, body: LiftIn, actor: ActorOf) -> SanctionOut:
    now = time.time()
    lifted = offices.moderation.lift(actor, number, body.reason, now)
    offices.enforcement.lifted(lifted, now)
    _tell(offices, lifted)
    return _act(lifted, now)


@router.post("/acts/{number}/appeal", status_code=201, summary="이의 내기 · Appeal")
def appeal(offices: OfficesOf, number: Number, body: AppealIn, actor: ActorOf) -> AppealOut:
    made = offices.appeals.appeal(actor, number, body.text, time.time(), body.code)
    offices.news.tell(TOPIC)
    return _appeal(made)


@router.get("/appeals", summary="기다리는 이의(담당자) · Appeals that wait, for officers")
def appeals(offices: OfficesOf, actor: ActorOf) -> list[AppealOut]:
    return [_appeal(one) for one in offices.appeals.queue(actor)]


@router.post("/acts/{number}/appeal/answer", summary="이의에 답하기 · Answer an appeal")
def answer(offices: OfficesOf, number: Number, body: AppealAnswerIn, actor: ActorOf) -> AppealOut:
    now = time.time()
    answered = offices.appeals.answer(actor, number, body.outcome, body.text, now)
    if body.outcome == "lifted":
        offices.enforcement.lifted(answered.act, now)
    _tell(offices, answered.act)
    return _appeal(answered)


@router.get("/log", summary="모두가 보는 처분 기록 · The public log")
def log(offices: OfficesOf, before: Before = None) -> ModerationLog:
    lines, following = offices.moderation.register.log(before)
    entries = [
        ModerationLogEntry(
            kind=line.kind,
            place=line.place,
            category=line.category,
            visitor=line.visitor,
            at=line.at,
            seconds=line.seconds,
            lifted=line.lifted,
            appeal=line.appeal,
        )
        for line in lines
    ]
    return ModerationLog(entries=entries, before=following)


def _target(offices: Offices, body: SanctionIn) -> Target:
    if body.citizen is not None and body.person is None:
        return Target(citizen=body.citizen)
    found = offices.enforcement.target_of(body.person) if body.person is not None else None
    if found is None or body.citizen is not None:
        raise NotFoundError(
            "그런 사람이 도시 안에 없어요. 도시 안의 사람이나 시민 번호 가운데 하나를 알려 주세요.",
            "There is no such person in the city. Name either a person in the city, or a citizen.",
        )
    return found


def _tell(offices: Offices, about: Act) -> None:
    offices.news.tell(TOPIC)
    if about.target.citizen is not None:
        offices.news.tell("rights", [about.target.citizen])


def _act(one: Act, now: float) -> SanctionOut:
    ko, en = one.told()
    return SanctionOut(
        id=one.id,
        kind=one.kind,
        place=one.place,
        category=one.category,
        at=one.at,
        until=one.until,
        lifted_at=one.lifted_at,
        holds=one.holds(now),
        ko=ko,
        en=en,
    )


def _appeal(one: Appeal) -> AppealOut:
    return AppealOut(
        act=_act(one.act, time.time()),
        text=one.text,
        at=one.at,
        outcome=one.outcome,
        answer=one.answer,
        answered_at=one.answered_at,
    )
