"""`/api/v1/proposals/…/comments`: what citizens say about a proposal."""

import time
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from meta_gwangju.api.caller import ActorOf, IdempotencyKeyOf, OfficesOf
from meta_gwangju.api.proposals import TOPIC, Number, ReasonIn
from meta_gwangju.problems import PROBLEMS
from municipality.access import Actor
from municipality.participation import LONGEST_COMMENT, LONGEST_PAGE, Comment


class CommentIn(BaseModel):
    """What somebody says about a proposal."""

    text: str = Field(
        min_length=1, max_length=2 * LONGEST_COMMENT, description=f"의견(≤ {LONGEST_COMMENT}자). Comment."
    )


class CommentOut(BaseModel):
    """A comment."""

    id: int
    author: str | None = Field(description="쓴 사람. null: 떠난 시민. Null: no citizen any more.")
    mine: bool
    text: str = Field(description="지웠거나 가려졌으면 비어 있음. Empty when withdrawn or hidden.")
    at: float
    withdrawn: bool
    hidden: str | None = Field(description="담당자가 가린 까닭. Why an officer hid it.")


class CommentPageOut(BaseModel):
    """Some comments, the oldest first."""

    comments: list[CommentOut]
    after: int | None = Field(description="다음 쪽을 부를 값. null: 끝. Asks for the next; null: the end.")


router = APIRouter(prefix="/api/v1/proposals/{number}/comments", tags=["proposals"], responses=PROBLEMS)


@router.get("", summary="의견 · Comments")
def comments(
    offices: OfficesOf,
    number: Number,
    actor: ActorOf,
    after: Annotated[int, Query(ge=0, le=2**53 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
) -> CommentPageOut:
    page = offices.comments.listed(actor, number, after=after, limit=limit)
    names = offices.citizens.names(one.author for one in page.comments)
    return CommentPageOut(comments=[_comment(actor, one, names) for one in page.comments], after=page.after)


@router.post("", status_code=201, summary="의견 남기기 · Comment")
def comment(
    offices: OfficesOf, number: Number, body: CommentIn, actor: ActorOf, key: IdempotencyKeyOf = None
) -> CommentOut:
    made = offices.comments.comment(actor, number, body.text, now=time.time(), key=key)
    offices.news.tell(TOPIC, about=number)
    page = offices.comments.listed(actor, number, after=made - 1, limit=1)
    names = offices.citizens.names(one.author for one in page.comments)
    return _comment(actor, page.comments[0], names)


@router.delete("/{made}", status_code=204, summary="의견 지우기 · Withdraw a comment")
def withdraw_comment(offices: OfficesOf, number: Number, made: Number, actor: ActorOf) -> None:
    offices.comments.withdraw(actor, number, made, now=time.time())
    offices.news.tell(TOPIC, about=number)


@router.post("/{made}/hide", status_code=204, summary="의견 가리기 · Hide a comment")
def hide_comment(offices: OfficesOf, number: Number, made: Number, body: ReasonIn, actor: ActorOf) -> None:
    offices.comments.hide(actor, number, made, body.reason, now=time.time())
    offices.news.tell(TOPIC, about=number)


@router.delete("/{made}/hide", status_code=204, summary="의견 다시 보이기 · Show a comment again")
def show_comment(offices: OfficesOf, number: Number, made: Number, actor: ActorOf) -> None:
    offices.comments.hide(actor, number, made, None, now=time.time())
    offices.news.tell(TOPIC, about=number)


def _comment(actor: Actor, one: Comment, names: dict[int, str | None]) -> CommentOut:
    return CommentOut(
        id=one.id,
        author=names.get(one.author),
        mine=one.author == actor.citizen,
        text=one.text,
        at=one.at,
        withdrawn=one.withdrawn,
        hidden=one.hidden,
    )
