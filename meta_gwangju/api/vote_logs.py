"""`/api/v1/votes/{number}/…`: the log of a vote, its proofs and its export, which anybody can check."""

import time
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from meta_gwangju.api.caller import OfficesOf
from meta_gwangju.api.votes import LARGEST, Hash, Number, Signature
from meta_gwangju.problems import PROBLEMS
from municipality.ballot import TreeHead, export
from municipality.ballot.votes import MOST_LEAVES

Size = Annotated[int, Query(ge=0, le=LARGEST)]


class LeafOut(BaseModel):
    """A ballot in the log; what it says is shown when the vote is closed."""

    index: int
    leaf: Hash
    choices: list[int] | None
    nonce: Hash | None


class LogOut(BaseModel):
    """A part of the log."""

    leaves: list[LeafOut]


class TreeHeadOut(BaseModel):
    """The newest signed head of the log."""

    vote: int
    size: int
    root: Hash
    signature: Signature


class InclusionOut(BaseModel):
    """The proof that a leaf stands in the log of this head (RFC 9162, section 2.1.3)."""

    index: int
    head: TreeHeadOut
    proof: list[Hash]


class ConsistencyOut(BaseModel):
    """The proof that the log of one size begins with that of another (RFC 9162, section 2.1.4)."""

    proof: list[Hash]


router = APIRouter(prefix="/api/v1/votes", tags=["votes"], responses=PROBLEMS)


@router.get("/{number}/log", summary="표의 기록 · The log")
def log(
    offices: OfficesOf,
    number: Number,
    first: Annotated[int, Query(alias="from", ge=0, le=LARGEST)] = 0,
    last: Annotated[
        int, Query(alias="to", ge=0, le=LARGEST, description=f"앞까지. Without it; {MOST_LEAVES} at most.")
    ] = MOST_LEAVES,
) -> LogOut:
    leaves = offices.votes.leaves(number, first, last, now=time.time())
    return LogOut(
        leaves=[
            LeafOut(
                index=leaf.index,
                leaf=leaf.hash.hex(),
                choices=None if leaf.ballot is None else list(leaf.ballot.numbers),
                nonce=None if leaf.ballot is None else leaf.ballot.nonce.hex(),
            )
            for leaf in leaves
        ]
    )


@router.get("/{number}/tree-head", summary="서명된 나무 머리 · The signed tree head")
def tree_head(offices: OfficesOf, number: Number) -> TreeHeadOut:
    return _head(number, offices.votes.head(number))


@router.get("/{number}/inclusion", summary="포함 증명 · Proof of inclusion")
def inclusion(
    offices: OfficesOf,
    number: Number,
    leaf_hash: Annotated[str, Query(pattern=r"^[0-9a-f]{64}$", description="표의 해시. Of the leaf.")],
) -> InclusionOut:
    found = offices.votes.inclusion(number, bytes.fromhex(leaf_hash))
    return InclusionOut(
        index=found.index, head=_head(number, found.head), proof=[one.hex() for one in found.proof]
    )


@router.get("/{number}/consistency", summary="일관성 증명 · Proof of consistency")
def consistency(offices: OfficesOf, number: Number, first: Size, second: Size) -> ConsistencyOut:
    return ConsistencyOut(proof=[one.hex() for one in offices.votes.consistency(number, first, second)])


@router.get(
    "/{number}/export",
    summary="검증용 파일 · What verify-vote reads",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "한 줄에 JSON 하나(docs/votes.md). One JSON object a line.",
            "content": {"application/jsonl": {"schema": {"type": "string"}}},
        }
    },
)
def exported(offices: OfficesOf, number: Number) -> StreamingResponse:
    ended = offices.votes.get(number, now=time.time()).ending is not None
    return StreamingResponse(
        export(offices.store, number),
        media_type="application/jsonl",
        headers={
            "content-disposition": f'attachment; filename="vote-{number}.jsonl"',
            "cache-control": "public, max-age=86400" if ended else "no-store",
        },
    )


def _head(number: int, head: TreeHead) -> TreeHeadOut:
    return TreeHeadOut(vote=number, size=head.size, root=head.root.hex(), signature=head.signature.hex())
