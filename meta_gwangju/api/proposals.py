"""`/api/v1/proposals`: what citizens propose, who supports it, what is said about it and answered."""

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from meta_gwangju.api.caller import ActorOf, IdempotencyKeyOf, OfficesOf
from meta_gwangju.offices import Offices
from meta_gwangju.problems import PROBLEMS
from municipality.access import Actor
from municipality.participation import (
    CATEGORIES,
    LONGEST_ANSWER,
    LONGEST_PAGE,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Act,
    Draft,
    Order,
    Proposal,
    State,
    Wanted,
    acts_open_to,
)

#: What clients hear when something changed.
TOPIC = "proposals"
#: Characters of a text in a list.
_EXCERPT = 160
#: Beyond this no city reaches; metres.
_FAR = 1_000_000.0

Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
CategoryCode = Literal[
    "transport", "safety", "environment", "welfare", "culture", "education", "economy", "other"
]
Metres = Annotated[float, Field(ge=-_FAR, le=_FAR, allow_inf_nan=False)]


class CategoryOut(BaseModel):
    """What a proposal can be about."""

    code: str
    ko: str
    en: str


class PlaceIn(BaseModel):
    """A point on the ground, metres in the world frame."""

    x: Metres = Field(description="동쪽으로. East.")
    z: Metres = Field(description="남쪽으로. South.")


class ProposalIn(BaseModel):
    """What somebody proposes."""

    title: str = Field(
        min_length=1, max_length=2 * LONGEST_TITLE, description=f"제목(≤ {LONGEST_TITLE}자). Title."
    )
    text: str = Field(
        min_length=1, max_length=2 * LONGEST_TEXT, description=f"내용(≤ {LONGEST_TEXT}자). Text."
    )
    category: CategoryCode = Field(description="분야. Category.")
    place: PlaceIn | None = Field(
        None,
        description="핀의 자리. null: 시청 앞, 또는 있던 자리. null: before the city hall, or as it was.",
    )


class ProposalLine(BaseModel):
    """A proposal in a list."""

    id: int
    title: str = Field(description="가려진 제안은 비어 있음. Empty when hidden.")
    excerpt: str = Field(description="내용의 처음. The beginning of the text.")
    author: str | None = Field(description="쓴 사람. null: 떠난 시민. Null: no citizen any more.")
    mine: bool
    category: CategoryCode
    x: float
    z: float
    state: State
    supports: int = Field(ge=0, description="공감한 시민. Citizens who support it.")
    needed: int = Field(ge=1, description="답변을 받을 공감 수. Supports that oblige an answer.")
    due: bool = Field(description="담당자가 답해야 함. An officer owes an answer.")
    supported: bool = Field(description="내가 공감함. I support it.")
    comments: int = Field(ge=0)
    vote: int | None = Field(description="이어진 투표. The vote that it led to.")
    made_at: float
    edited_at: float | None
    hidden: str | None = Field(description="담당자가 가린 까닭. Why an officer hid it.")


class AnswerOut(BaseModel):
    """What an officer said."""

    state: State
    text: str
    at: float


class ProposalOut(ProposalLine):
    """A proposal in full."""

    text: str
    answers: list[AnswerOut]
    acts: list[Act] = Field(description="지금 내가 할 수 있는 일. What I may do with it now.")


class ProposalPage(BaseModel):
    """Some proposals."""

    proposals: list[ProposalLine]
    cursor: str | None = Field(description="다음 쪽을 부를 값. null: 끝. Asks for the next; null: the end.")


class SupportOut(BaseModel):
    """How a proposal is supported."""

    supports: int = Field(ge=0)
    needed: int = Field(ge=1)
    supported: bool


class AnswerIn(BaseModel):
    """An officer's answer."""

    state: Literal["under_review", "accepted", "declined", "done"] = Field(
        description="다음 상태. Next state."
    )
    text: str = Field(
        "",
        max_length=2 * LONGEST_ANSWER,
        description="답변. 검토를 시작할 때만 비울 수 있음. Answer; empty only when a review begins.",
    )


class ReasonIn(BaseModel):
    """Why something is taken out of sight; everybody reads it."""

    reason: str = Field(min_length=1, max_length=2 * LONGEST_REASON, description="사유. Reason.")


class Wish(BaseModel):
    """Which proposals to list."""

    sort: Order = Field(Order.NEWEST, description="차례. Order.")
    state: list[State] = Field([], max_length=len(State), description="이 상태만. Only in these states.")
    category: CategoryCode | None = Field(None, description="이 분야만. Only about this.")
    bbox: str | None = Field(
        None,
        max_length=80,
        pattern=r"^-?\d{1,7}(\.\d{1,9})?(,-?\d{1,7}(\.\d{1,9})?){3}$",
        description="가장 작은 x, z와 가장 큰 x, z(미터). Least x, z, most x, z, metres.",
    )
    mine: bool = Field(default=False, description="내 제안만. Only mine, withdrawn and hidden ones too.")
    due: bool = Field(default=False, description="답변할 것만. Only those that an officer owes an answer.")
    cursor: str | None = Field(None, max_length=40, pattern=r"^\d{1,19}-\d{1,19}$")
    limit: int = Field(20, ge=1, le=LONGEST_PAGE)

    def wanted(self) -> Wanted:
        """Return it as the domain asks for it."""
        box = None
        if self.bbox is not None:
            least_x, least_z, most_x, most_z = (float(part) for part in self.bbox.split(","))
            box = (least_x, least_z, most_x, most_z)
        return Wanted(
            self.sort, tuple(self.state), self.category, box, self.mine, self.due, self.cursor, self.limit
        )


router = APIRouter(prefix="/api/v1/proposals", tags=["proposals"], responses=PROBLEMS)


@router.get("", summary="제안 목록 · Proposals")
def proposals(offices: OfficesOf, actor: ActorOf, wish: Annotated[Wish, Query()]) -> ProposalPage:
    page = offices.proposals.listed(actor, wish.wanted())
    names = offices.citizens.names(one.author for one in page.proposals)
    lines = [ProposalLine.model_validate(_line(offices, actor, one, names)) for one in page.proposals]
    return ProposalPage(proposals=lines, cursor=page.cursor)


@router.post("", status_code=201, summary="제안하기 · Propose")
def propose(
    offices: OfficesOf, body: ProposalIn, actor: ActorOf, response: Response, key: IdempotencyKeyOf = None
) -> ProposalOut:
    number = offices.proposals.propose(actor, _draft(body), now=time.time(), key=key)
    offices.news.tell(TOPIC, about=number)
    response.headers["location"] = f"/api/v1/proposals/{number}"
    return _shown(offices, actor, number)


@router.get("/categories", summary="제안 분야 · Categories")
def categories() -> list[CategoryOut]:
    return [CategoryOut(code=one.code, ko=one.ko, en=one.en) for one in CATEGORIES.values()]


@router.get("/{number}", summary="제안 하나 · A proposal")
def proposal(offices: OfficesOf, number: Number, actor: ActorOf) -> ProposalOut:
    return _shown(offices, actor, number)


@router.put("/{number}", summary="고치기 · Edit one's own")
def edit(offices: OfficesOf, number: Number, body: ProposalIn, actor: ActorOf) -> ProposalOut:
    offices.proposals.edit(actor, number, _draft(body), now=time.time())
    offices.news.tell(TOPIC, about=number)
    return _shown(offices, actor, number)


@router.delete("/{number}", status_code=204, summary="철회하기 · Withdraw one's own")
def withdraw(offices: OfficesOf, number: Number, actor: ActorOf) -> None:
    offices.proposals.withdraw(actor, number, now=time.time())
    offices.news.tell(TOPIC, about=number)


@router.put("/{number}/support", summary="공감하기 · Support")
def support(offices: OfficesOf, number: Number, actor: ActorOf) -> SupportOut:
    return _supported(offices, actor, number, wanted=True)


@router.delete("/{number}/support", summary="공감 거두기 · Take one's support back")
def take_support_back(offices: OfficesOf, number: Number, actor: ActorOf) -> SupportOut:
    return _supported(offices, actor, number, wanted=False)


@router.post("/{number}/answer", summary="답변하기 · Answer")
def answer(offices: OfficesOf, number: Number, body: AnswerIn, actor: ActorOf) -> ProposalOut:
    offices.proposals.answer(actor, number, State(body.state), body.text, now=time.time())
    offices.news.tell(TOPIC, about=number)
    return _shown(offices, actor, number)


@router.post("/{number}/hide", summary="가리기 · Hide")
def hide(offices: OfficesOf, number: Number, body: ReasonIn, actor: ActorOf) -> ProposalOut:
    offices.proposals.hide(actor, number, body.reason, now=time.time())
    offices.news.tell(TOPIC, about=number)
    return _shown(offices, actor, number)


@router.delete("/{number}/hide", summary="다시 보이기 · Show again")
def show(offices: OfficesOf, number: Number, actor: ActorOf) -> ProposalOut:
    offices.proposals.hide(actor, number, None, now=time.time())
    offices.news.tell(TOPIC, about=number)
    return _shown(offices, actor, number)


def _draft(body: ProposalIn) -> Draft:
    place = None if body.place is None else (body.place.x, body.place.z)
    return Draft(body.title, body.text, body.category, place)


def _supported(offices: Offices, actor: Actor, number: int, *, wanted: bool) -> SupportOut:
    supports = offices.proposals.support(actor, number, now=time.time(), wanted=wanted)
    offices.news.tell(TOPIC, about=number)
    return SupportOut(supports=supports, needed=offices.proposals.threshold, supported=wanted)


def _shown(offices: Offices, actor: Actor, number: int) -> ProposalOut:
    found, answers = offices.proposals.found(actor, number)
    names = offices.citizens.names([found.author])
    return ProposalOut.model_validate(
        {
            **_line(offices, actor, found, names),
            "text": found.text,
            "answers": [AnswerOut(state=one.state, text=one.text, at=one.at) for one in answers],
            "acts": sorted(acts_open_to(actor, found)),
        }
    )


def _line(offices: Offices, actor: Actor, one: Proposal, names: dict[int, str | None]) -> dict[str, object]:
    """Return what a list tells of a proposal, by the names of :class:`ProposalLine`."""
    return {
        "id": one.id,
        "title": one.title,
        "excerpt": one.text if len(one.text) <= _EXCERPT else one.text[: _EXCERPT - 1] + "…",
        "author": names.get(one.author),
        "mine": one.author == actor.citizen,
        "category": one.category,
        "x": one.x,
        "z": one.z,
        "state": one.state,
        "supports": one.supports,
        "needed": offices.proposals.threshold,
        "due": one.is_due,
        "supported": one.supported,
        "comments": one.comments,
        "vote": one.vote,
        "made_at": one.made_at,
        "edited_at": one.edited_at,
        "hidden": one.hidden,
    }
