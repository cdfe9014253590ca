"""The first page: what the city is, and what can be done."""

from starlette.responses import RedirectResponse, Response

from meta_gwangju.api.proposals import TOPIC
from meta_gwangju.plain.door import Pages
from meta_gwangju.plain.proposals import words
from meta_gwangju.plain.rooms import CARDS
from meta_gwangju.plain.visit import LANGUAGE_COOKIE, LANGUAGES, Visit, local_address
from municipality.errors import NotFoundError
from municipality.participation import Order, Wanted

_YEAR = 366 * 86_400
_SHOWN = 3

pages = Pages()


@pages.get("/", (TOPIC,))
def home(visit: Visit) -> Response:
    """Welcome somebody."""
    found = visit.offices.proposals.listed(visit.actor, Wanted(Order.MOST_SUPPORTED, limit=_SHOWN)).proposals
    names = visit.offices.citizens.names(one.author for one in found)
    return visit.page("home.html", cards=CARDS, proposals=found, names=names, **words())


@pages.get("/language/{code}")
def language(visit: Visit) -> Response:
    """Keep the language that somebody chose, and lead them back."""
    code = visit.request.path_params["code"]
    if code not in LANGUAGES:
        raise NotFoundError("그런 언어는 아직 없어요.", "That language is not there yet.")
    response = RedirectResponse(local_address(visit.asked("to")), 303)
    response.set_cookie(
        LANGUAGE_COOKIE,
        code,
        max_age=_YEAR,
        path="/plain",
        secure=visit.request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response
