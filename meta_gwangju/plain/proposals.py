"""Proposals: the list, one of them, and the form for a new one."""

import math
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from meta_gwangju.api.proposals import TOPIC
from meta_gwangju.land import CityLand
from meta_gwangju.plain.door import Pages, refused
from meta_gwangju.plain.form import Form
from meta_gwangju.plain.visit import DOOR, Visit
from municipality.access import CITY_HALL, Action
from municipality.errors import MunicipalityError
from municipality.participation import (
    ANSWERS,
    CATEGORIES,
    STATE_NAMES,
    Draft,
    Order,
    State,
    Wanted,
    acts_open_to,
)

#: Somebody at a landmark stands so near, metres.
_AT = 60.0

#: What the page of one proposal shows.
ONE = (TOPIC + "/{number}", TOPIC + "/*")

pages = Pages()


def words() -> dict[str, Any]:
    """Return the names of states and categories for a template."""
    return {"state_names": STATE_NAMES, "categories": CATEGORIES}


@pages.get("/proposals", (TOPIC,))
def listed(visit: Visit) -> Response:
    """List proposals."""
    wanted = _wanted(visit)
    page = visit.offices.proposals.listed(visit.actor, wanted)
    query = [(name, value) for name, value in visit.request.query_params.items() if name in _NARROWING]
    return visit.page(
        "proposals.html",
        wanted=wanted,
        proposals=page.proposals,
        names=visit.offices.citizens.names(one.author for one in page.proposals),
        threshold=visit.offices.proposals.threshold,
        may_answer=visit.actor.may(Action.ANSWER_PROPOSAL, CITY_HALL),
        shown_states=[
            (state.value, visit.say(*STATE_NAMES[state])) for state in State if state is not State.WITHDRAWN
        ],
        next=page.cursor and f"{DOOR}/proposals?{urlencode([*query, ('cursor', page.cursor)])}",
        **words(),
    )


@pages.get("/proposals/new", (TOPIC,))
def new(visit: Visit) -> Response:
    """Show the form of a new proposal."""
    visit.actor.require(Action.PROPOSE, CITY_HALL)
    return visit.page("proposal_form.html", faults=[], **_form(visit, visit.form))


@pages.post("/proposals/new")
def propose(visit: Visit) -> Response:
    """Take a proposal."""
    try:
        number = visit.offices.proposals.propose(visit.actor, draft_of(visit), now=visit.now, key=visit.key())
    except MunicipalityError as error:
        return refused(visit, error, "proposal_form.html", **_form(visit, visit.form))
    visit.offices.news.tell(TOPIC, about=number)
    return visit.go(f"/proposals/{number}", "proposed")


@pages.get("/proposals/{number:whole}", ONE)
def one(visit: Visit) -> Response:
    """Show a proposal."""
    return visit.page("proposal.html", faults=[], **shown(visit))


@pages.get("/proposals/{number:whole}/edit", ONE)
def edit_form(visit: Visit) -> Response:
    """Show the form of a proposal that stands."""
    found, _ = visit.offices.proposals.found(visit.actor, visit.number())
    values = Form({"title": [found.title], "text": [found.text], "category": [found.category]})
    return visit.page("proposal_form.html", faults=[], **_form(visit, values, found.id))


@pages.post("/proposals/{number:whole}/edit")
def edit(visit: Visit) -> Response:
    """Change a proposal."""
    number = visit.number()
    try:
        visit.offices.proposals.edit(visit.actor, number, draft_of(visit), now=visit.now)
    except MunicipalityError as error:
        return refused(visit, error, "proposal_form.html", **_form(visit, visit.form, number))
    visit.offices.news.tell(TOPIC, about=number)
    return visit.go(f"/proposals/{number}", "edited")


def shown(visit: Visit) -> dict[str, Any]:
    """Return what the page of a proposal shows."""
    found, answers = visit.offices.proposals.found(visit.actor, visit.number())
    after = visit.asked("after")
    page = visit.offices.comments.listed(
        visit.actor,
        found.id,
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0,
    )
    names = visit.offices.citizens.names({found.author, *(one.author for one in page.comments)})
    return {
        "one": found,
        "answers": answers,
        "comments": page.comments,
        "next": page.after and f"{DOOR}/proposals/{found.id}?after={page.after}#comments",
        "names": names,
        "near": near(visit.offices.land, (found.x, found.z)),
        "acts": acts_open_to(visit.actor, found),
        "threshold": visit.offices.proposals.threshold,
        "next_states": [(state.value, visit.say(*STATE_NAMES[state])) for state in ANSWERS[found.state]],
        "values": visit.form,
        **words(),
    }


def draft_of(visit: Visit) -> Draft:
    """Return what a form proposes."""
    form = visit.form
    spot = next((one for one in visit.offices.land.landmarks if one.id == form.get("place")), None)
    return Draft(
        form.get("title"), form.get("text"), form.get("category"), None if spot is None else (spot.x, spot.z)
    )


def near(land: CityLand, place: tuple[float, float]) -> tuple[str, str]:
    """Return where a place is, world x and z, by the nearest landmark, in Korean and English."""
    spot = min(land.landmarks, key=lambda one: math.dist((one.x, one.z), place))
    metres = math.dist((spot.x, spot.z), place)
    if metres <= _AT:
        return (f"{spot.ko} 앞", f"At {spot.en}")
    far = f"{metres / 1000:.1f} km" if metres >= 1000 else f"{round(metres, -1):.0f} m"
    return (f"{spot.ko}에서 {far}", f"{far} from {spot.en}")


_NARROWING = frozenset({"sort", "state", "whose"})


def _wanted(visit: Visit) -> Wanted:
    """Return which proposals an address asks for; what it cannot mean is left out."""
    sort, state, whose = (visit.asked(name) for name in ("sort", "state", "whose"))
    return Wanted(
        Order(sort) if sort in set(Order) else Order.NEWEST,
        (State(state),) if state in set(State) else (),
        mine=whose == "mine" and visit.actor.citizen is not None,
        due=whose == "due",
        cursor=visit.asked("cursor") or None,
    )


def _form(visit: Visit, values: Form, number: int | None = None) -> dict[str, Any]:
    land = visit.offices.land
    unplaced = ("있던 자리에", "Where it stands") if number else ("시청 앞", "Before City Hall")
    return {
        "number": number,
        "values": values,
        "category_options": [(one.code, visit.say(one.ko, one.en)) for one in CATEGORIES.values()],
        "place_options": [("", visit.say(*unplaced))]
        + [(one.id, visit.say(one.ko, one.en)) for one in land.landmarks],
    }
