"""The application behind `/plain`, made of the pages of every noun."""

from pathlib import Path

from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meta_gwangju.files import IMMUTABLE
from meta_gwangju.offices import Offices
from meta_gwangju.plain import (
    home,
    proposal_acts,
    proposals,
    receipts,
    reports,
    signing_in,
    votes,
    wallet,
)
from meta_gwangju.plain.door import broken, not_recorded, not_served
from meta_gwangju.plain.kept import KeptPages
from meta_gwangju.plain.style import make_style


def plain_application(offices: Offices, web: Path) -> Starlette:
    """Return the application to mount at `/plain`.

    Args:
        offices: Of the city.
        web: Folder of the built web client, for its fonts.
    """
    style = make_style(web)

    async def style_sheet(_request: Request) -> Response:
        return Response(style.text, media_type="text/css", headers={"cache-control": IMMUTABLE})

    nouns = (home, signing_in, proposals, proposal_acts, receipts, votes, reports, wallet)
    application = Starlette(
        routes=[
            Route("/style.css", style_sheet, methods=["GET"]),
            *(route for noun in nouns for route in noun.pages.routes),
        ],
        exception_handlers={
            HTTPException: not_served,
            DBAPIError: not_recorded,
            Exception: broken,
        },
    )
    application.state.offices = offices
    application.state.kept = KeptPages(offices.news)
    application.state.style_version = style.version
    return application
