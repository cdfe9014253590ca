"""What is done with a proposal: supporting, commenting, withdrawing, and what officers do."""

from starlette.responses import Response

from meta_gwangju.api.proposals import TOPIC
from meta_gwangju.plain.door import Pages, refused
from meta_gwangju.plain.proposals import ONE, shown
from meta_gwangju.plain.visit import Visit
from municipality.errors import MunicipalityError
from municipality.participation import State

pages = Pages()


@pages.post("/proposals/{number:whole}/support")
def support(visit: Visit) -> Response:
    """Support a proposal, or take the support back."""
    wanted = visit.form.get("wanted") == "1"
    visit.offices.proposals.support(visit.actor, visit.number(), now=visit.now, wanted=wanted)
    return _done(visit, "supported" if wanted else "support-withdrawn", "#support")


@pages.get("/proposals/{number:whole}/withdraw", ONE)
def ask_to_withdraw(visit: Visit) -> Response:
    """Ask whether a proposal shall be withdrawn."""
    found, _ = visit.offices.proposals.found(visit.actor, visit.number())
    return visit.page(
        "confirm.html",
        faults=[],
        title=visit.say("제안 철회하기", "Withdraw the proposal"),
        question=visit.say(
            f"‘{found.title}’을(를) 철회할까요? 철회하면 다시 올려야 해요.",
            f"Withdraw “{found.title}”? You would have to propose it anew.",
        ),
        yes=visit.say("철회하기", "Withdraw it"),
        action=f"/proposals/{found.id}/withdraw",
        back=f"/proposals/{found.id}",
    )


@pages.post("/proposals/{number:whole}/withdraw")
def withdraw(visit: Visit) -> Response:
    """Withdraw a proposal of one's own."""
    visit.offices.proposals.withdraw(visit.actor, visit.number(), now=visit.now)
    return _done(visit, "withdrawn")


@pages.post("/proposals/{number:whole}/comments")
def comment(visit: Visit) -> Response:
    """Take a comment."""
    text = visit.form.get("comment")
    try:
        made = visit.offices.comments.comment(
            visit.actor, visit.number(), text, now=visit.now, key=visit.key()
        )
    except MunicipalityError as error:
        return refused(visit, error, "proposal.html", **shown(visit))
    return _done(visit, "commented", f"#comment-{made}")


@pages.post("/proposals/{number:whole}/comments/{made:whole}/withdraw")
def withdraw_comment(visit: Visit) -> Response:
    """Withdraw a comment of one's own."""
    visit.offices.comments.withdraw(visit.actor, visit.number(), visit.number("made"), now=visit.now)
    return _done(visit, "comment-withdrawn", "#comments")


@pages.post("/proposals/{number:whole}/answer")
def answer(visit: Visit) -> Response:
    """Take an officer's answer."""
    state = visit.form.get("state")
    try:
        visit.offices.proposals.answer(
            visit.actor,
            visit.number(),
            State(state) if state in set(State) else State.OPEN,
            visit.form.get("answer"),
            now=visit.now,
        )
    except MunicipalityError as error:
        return refused(visit, error, "proposal.html", **shown(visit))
    return _done(visit, "answered", "#answers")


@pages.post("/proposals/{number:whole}/hide")
def hide(visit: Visit) -> Response:
    """Take a proposal out of sight, or show it again."""
    reason = None if visit.form.get("show") else visit.form.get("reason")
    try:
        visit.offices.proposals.hide(visit.actor, visit.number(), reason, now=visit.now)
    except MunicipalityError as error:
        return refused(visit, error, "proposal.html", **shown(visit))
    return _done(visit, "shown" if reason is None else "hidden")


def _done(visit: Visit, done: str, anchor: str = "") -> Response:
    visit.offices.news.tell(TOPIC, about=visit.number())
    return visit.go(f"/proposals/{visit.number()}", done, anchor)
