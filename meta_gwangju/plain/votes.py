"""Votes: the list, one with its result, and casting a ballot after looking at it once more."""

import re
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from meta_gwangju.plain.door import Pages, refused
from meta_gwangju.plain.visit import Visit, new_key
from municipality.access import Action
from municipality.ballot import Receipt, State, Vote, is_elector
from municipality.ballot.city_key import fingerprint_of
from municipality.errors import BallotRefusedError, MunicipalityError

TOPIC = "votes"
#: What a voter adds to the key of their own: printable ASCII without spaces.
_OWN_KEY = re.compile(r"[\x21-\x7e]{0,32}")

STATE_NAMES = {
    State.SCHEDULED: ("예정", "scheduled"),
    State.OPEN: ("진행 중", "open"),
    State.COUNTING: ("세는 중", "being counted"),
    State.CLOSED: ("끝남", "closed"),
    State.CANCELLED: ("취소", "cancelled"),
}

pages = Pages()


@pages.get("/votes", (TOPIC,))
def listed(visit: Visit) -> Response:
    """List votes, those that are open first."""
    found = visit.offices.votes.listed(now=visit.now)
    order = [State.OPEN, State.SCHEDULED, State.COUNTING, State.CLOSED, State.CANCELLED]
    return visit.page(
        "votes.html",
        votes=sorted(found, key=lambda vote: order.index(vote.state)),
        voted=visit.offices.votes.voted(visit.actor, [vote.definition.vote for vote in found]),
        state_names=STATE_NAMES,
    )


@pages.get("/votes/{number:whole}", (TOPIC,))
def one(visit: Visit) -> Response:
    """Show a vote."""
    return visit.page("vote.html", faults=[], **_shown(visit))


@pages.post("/votes/{number:whole}/review")
def review(visit: Visit) -> Response:
    """Show a ballot before it is cast."""
    shown = _shown(visit)
    vote: Vote = shown["vote"]
    try:
        visit.actor.require(Action.VOTE, vote.definition.draft.place)
        chosen = _choices(visit)
    except MunicipalityError as error:
        return refused(visit, error, "vote.html", field="choices", **shown)
    return visit.page("vote_review.html", faults=[], chosen=chosen, own="", **shown)


@pages.post("/votes/{number:whole}/cast")
async def cast(visit: Visit) -> Response:
    """Cast a ballot, and show its receipt.

    The receipt is shown at once and not after a redirect, for nobody keeps it but the voter. Sent again, the
    form gets the same receipt.
    """
    try:
        chosen, key = _choices(visit), _key(visit)
        receipt = await visit.offices.ballot_box.cast(visit.actor, visit.number(), chosen, key)
    except MunicipalityError as error:
        return await run_in_threadpool(_again, visit, error)
    visit.offices.news.tell(TOPIC)
    return await run_in_threadpool(_receipt, visit, receipt, chosen)


def _again(visit: Visit, error: MunicipalityError) -> Response:
    """Show a ballot that was not taken, or the vote when there is no ballot to be shown."""
    shown = _shown(visit)
    if not shown["may_vote"]:
        return refused(visit, error, "vote.html", **shown)
    chosen = [
        number for number in range(len(shown["draft"].options)) if str(number) in visit.form.all("choices")
    ]
    own = visit.form.get("own")
    return refused(visit, error, "vote_review.html", field="own", chosen=chosen, own=own, **shown)


def _receipt(visit: Visit, receipt: Receipt, chosen: list[int]) -> Response:
    vote = visit.offices.votes.get(receipt.vote, now=visit.now)
    return visit.page("vote_receipt.html", vote=vote, receipt=receipt, text=receipt.text(), chosen=chosen)


def _key(visit: Visit) -> str:
    """Return the voter's part of the nonce: what the form drew, and what they mixed in themselves.

    Raises:
        BallotRefusedError: That cannot stand in a key.
    """
    own = visit.form.get("own").strip()
    if not _OWN_KEY.fullmatch(own):
        raise BallotRefusedError(
            "영수증에 섞을 글자는 띄어쓰기 없는 영문·숫자·기호 32자까지예요.",
            "What is mixed into the receipt may have 32 letters, digits and signs of ASCII, no spaces.",
        )
    return visit.key() + own


def _shown(visit: Visit) -> dict[str, Any]:
    number = visit.number()
    vote = visit.offices.votes.get(number, now=visit.now)
    draft = vote.definition.draft
    has_voted = number in visit.offices.votes.voted(visit.actor, [number])
    return {
        "vote": vote,
        "draft": draft,
        "number": number,
        "has_voted": has_voted,
        "may_vote": vote.state is State.OPEN and not has_voted and is_elector(visit.actor, draft),
        "fingerprint": fingerprint_of(vote.definition.city),
        "state_names": STATE_NAMES,
        "values": visit.form,
        "fresh_key": new_key(),
    }


def _choices(visit: Visit) -> list[int]:
    """Return the numbers of the options that a form approves of.

    Raises:
        BallotRefusedError: One is no number.
    """
    sent = visit.form.all("choices")
    if not all(choice.isascii() and choice.isdigit() and len(choice) <= 3 for choice in sent):
        raise BallotRefusedError(
            "그런 선택지는 없어요. 화면의 선택지에서 골라 주세요.",
            "There is no such option. Choose among those on the page.",
        )
    return [int(choice) for choice in sent]
