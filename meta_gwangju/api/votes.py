"""`/api/v1/votes`: votes and ballots.

Ballots are neither encrypted nor free of coercion, and whoever runs the city could link them to voters: see
docs/votes.md.
"""

import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import BaseModel, Field

from meta_gwangju.api.caller import ActorOf, IdempotencyKeyOf, OfficesOf
from meta_gwangju.problems import PROBLEMS
from municipality.access import CITY_HALL, Actor
from municipality.ballot import Draft, State, Text, Vote, is_elector
from municipality.ballot.ballot import FEWEST_OPTIONS, MOST_OPTIONS
from municipality.ballot.city_key import fingerprint_of
from municipality.ballot.definition import LONGEST_ABOUT, LONGEST_OPTION, LONGEST_TITLE
from municipality.ballot.votes import LONGEST_REASON

LARGEST = 2**53 - 1
#: Texts are counted in Unicode characters after trimming; this bounds what is read at all.
_ROOM = 2

Number = Annotated[int, Path(ge=1, le=LARGEST, description="투표 번호. Number of the vote.")]
Seconds = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
Option = Annotated[int, Field(strict=True, ge=0, lt=MOST_OPTIONS)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, 16진수. In hexadecimal.")]
Signature = Annotated[str, Field(pattern=r"^[0-9a-f]{128}$", description="Ed25519 (RFC 8032).")]


class TitleText(BaseModel):
    """A title in both languages."""

    ko: str = Field(min_length=1, max_length=LONGEST_TITLE * _ROOM)
    en: str = Field(min_length=1, max_length=LONGEST_TITLE * _ROOM)


class OptionText(BaseModel):
    """An option in both languages."""

    ko: str = Field(min_length=1, max_length=LONGEST_OPTION * _ROOM)
    en: str = Field(min_length=1, max_length=LONGEST_OPTION * _ROOM)


class AboutText(BaseModel):
    """What there is to know, in both languages or in none."""

    ko: str = Field(default="", max_length=LONGEST_ABOUT * _ROOM)
    en: str = Field(default="", max_length=LONGEST_ABOUT * _ROOM)


class VoteIn(BaseModel):
    """A vote to be opened; nothing about it can be changed afterwards."""

    title: TitleText
    about: AboutText = AboutText()
    options: list[OptionText] = Field(min_length=FEWEST_OPTIONS, max_length=MOST_OPTIONS)
    opens: Seconds | None = Field(
        default=None, description="유닉스 초, 없으면 지금. Unix seconds; null: now."
    )
    closes: Seconds = Field(description="유닉스 초. Unix seconds.")
    place: str = Field(default=CITY_HALL, max_length=128, description="열리는 곳. Where it is held.")
    local: bool = Field(default=False, description="그곳 주민만. Only for citizens of that very place.")
    proposal: Annotated[int, Field(strict=True, ge=1, le=LARGEST)] | None = None


class EndingOut(BaseModel):
    """How a vote ended."""

    state: Literal["closed", "cancelled"]
    at: int
    size: int = Field(description="표의 수. Ballots in the log.")
    root: Hash
    blank: int | None = Field(description="백지. Blank ballots; null: cancelled, not counted.")
    approvals: list[int] | None = Field(description="선택지마다 찬성 수. Approvals of each option.")
    reason: str
    signature: Signature


class VoteLine(BaseModel):
    """A vote in the list."""

    id: int
    title: TitleText
    options: list[OptionText]
    opens: int
    closes: int
    place: str
    local: bool
    proposal: int | None
    state: State
    turnout: int = Field(description="지금까지 던진 표. Ballots cast so far.")
    has_voted: bool = Field(description="내가 참여했는지. Whether I have voted.")
    may_vote: bool = Field(
        description="나에게 표가 있고 지금 던질 수 있는지. Whether I can cast a ballot now."
    )
    ending: EndingOut | None


class VoteOut(VoteLine):
    """A vote."""

    about: AboutText
    definition: Hash = Field(description="정의의 해시. Digest of the definition.")
    city: str = Field(pattern=r"^[0-9a-f]{64}$", description="도시의 공개키. The city's Ed25519 key.")
    fingerprint: Hash = Field(description="공개키의 지문. Fingerprint of that key.")


class BallotIn(BaseModel):
    """A ballot: every option that is approved of; none is a blank ballot."""

    choices: list[Option] = Field(max_length=MOST_OPTIONS, description="0부터. Numbers of options, from 0.")


class ReceiptOut(BaseModel):
    """A receipt, to be kept as it is: `meta-gwangju verify-vote EXPORT --receipt FILE` checks it."""

    format: str
    vote: int
    definition: Hash
    city: str
    index: int
    choices: list[int]
    salt: str
    key: str
    leaf: Hash
    size: int
    root: Hash
    signature: Signature
    proof: list[Hash]


class CancelIn(BaseModel):
    """Why."""

    reason: str = Field(min_length=1, max_length=LONGEST_REASON * _ROOM)


router = APIRouter(prefix="/api/v1/votes", tags=["votes"], responses=PROBLEMS)


@router.get("", summary="투표 목록 · Votes")
def listed(
    offices: OfficesOf,
    actor: ActorOf,
    response: Response,
    status: State | None = None,
    proposal: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> list[VoteLine]:
    response.headers["cache-control"] = "no-store"
    found = offices.votes.listed(now=time.time(), proposal=proposal)
    wanted = [vote for vote in found if status is None or vote.state is status]
    voted = offices.votes.voted(actor, [vote.definition.vote for vote in wanted])
    return [VoteLine(**_line(vote, actor, vote.definition.vote in voted)) for vote in wanted]


@router.post("", status_code=201, summary="투표 열기 · Open a vote")
def opened(offices: OfficesOf, actor: ActorOf, body: VoteIn, key: IdempotencyKeyOf = None) -> VoteOut:
    now = time.time()
    draft = Draft(
        Text(body.title.ko, body.title.en),
        tuple(Text(option.ko, option.en) for option in body.options),
        int(now) if body.opens is None else body.opens,
        body.closes,
        Text(body.about.ko, body.about.en),
        body.place,
        body.local,
        body.proposal,
    )
    if body.proposal is not None:
        offices.proposals.found(actor, body.proposal)  # a vote on what is not there is none
    vote = offices.votes.open(actor, draft, key=key, now=now)
    if body.proposal is not None:
        offices.proposals.lead_to_vote(actor, body.proposal, vote.definition.vote, now=now)
        offices.news.tell("proposals")
    offices.news.tell("votes")
    return _shown(offices, actor, vote)


@router.get("/{number}", summary="투표 · A vote")
def one(offices: OfficesOf, actor: ActorOf, number: Number, response: Response) -> VoteOut:
    response.headers["cache-control"] = "no-store"
    return _shown(offices, actor, offices.votes.get(number, now=time.time()))


@router.post("/{number}/ballots", status_code=201, summary="투표하기 · Cast a ballot")
async def cast(
    offices: OfficesOf,
    actor: ActorOf,
    number: Number,
    body: BallotIn,
    response: Response,
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            min_length=8,
            max_length=64,
            pattern=r"^[\x21-\x7e]+$",
            description="영수증에 들어가는 내 몫의 난수: 기기가 무작위로 뽑아야 해요. "
            "Your part in the receipt: your device must draw it at random. "
            "Sent again, it returns the same receipt.",
        ),
    ],
) -> ReceiptOut:
    receipt = await offices.ballot_box.cast(actor, number, body.choices, key)
    offices.news.tell("votes")
    response.headers["cache-control"] = "no-store"
    return ReceiptOut(**receipt.as_json())


@router.post("/{number}/cancel", summary="투표 취소 · Cancel a vote")
def cancel(offices: OfficesOf, actor: ActorOf, number: Number, body: CancelIn) -> VoteOut:
    vote = offices.votes.cancel(actor, number, body.reason, now=time.time())
    offices.news.tell("votes")
    return _shown(offices, actor, vote)


def _shown(offices: OfficesOf, actor: Actor, vote: Vote) -> VoteOut:
    number, definition = vote.definition.vote, vote.definition
    voted = bool(offices.votes.voted(actor, [number]))
    return VoteOut(
        **_line(vote, actor, voted),
        about=AboutText(ko=definition.draft.about.ko, en=definition.draft.about.en),
        definition=vote.digest.hex(),
        city=definition.city.hex(),
        fingerprint=fingerprint_of(definition.city),
    )


def _line(vote: Vote, actor: Actor, voted: bool) -> dict[str, Any]:  # noqa: FBT001 -- beside what it is of
    draft, ending = vote.definition.draft, vote.ending
    return {
        "id": vote.definition.vote,
        "title": {"ko": draft.title.ko, "en": draft.title.en},
        "options": [{"ko": option.ko, "en": option.en} for option in draft.options],
        "opens": draft.opens,
        "closes": draft.closes,
        "place": draft.place,
        "local": draft.local,
        "proposal": draft.proposal,
        "state": vote.state,
        "turnout": vote.turnout,
        "has_voted": voted,
        "may_vote": vote.state is State.OPEN and not voted and is_elector(actor, draft),
        "ending": None
        if ending is None or vote.signature is None
        else {
            "state": ending.state.value,
            "at": ending.at,
            "size": ending.size,
            "root": ending.root.hex(),
            "blank": ending.blank,
            "approvals": ending.approvals,
            "reason": ending.reason,
            "signature": vote.signature.hex(),
        },
    }
