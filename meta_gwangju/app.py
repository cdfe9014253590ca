"""The web application: the page, the city's files, the API and `/signal`."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from meta_gwangju import __version__
from meta_gwangju.access_log import AccessLog
from meta_gwangju.api import (
    admin,
    booths,
    contacts,
    halls,
    models,
    moderation,
    open311,
    organisations,
    passkeys,
    proposal_comments,
    proposals,
    reports,
    session,
    vote_logs,
    votes,
    wallet,
)
from meta_gwangju.api.bodies import BoundedBodies
from meta_gwangju.api.census import census_router
from meta_gwangju.api.guard import Guard
from meta_gwangju.api.health import health_router
from meta_gwangju.api.metrics import metrics_router
from meta_gwangju.api.screens import screens_router
from meta_gwangju.api.signal import signal_router
from meta_gwangju.api.standing import standing_router
from meta_gwangju.config import Settings
from meta_gwangju.files import Files, city_caching, page_caching
from meta_gwangju.headers import SecurityHeaders
from meta_gwangju.node import CityNode
from meta_gwangju.plain import plain_application
from meta_gwangju.problems import install_problems
from meta_gwangju.vitals import DatabaseProbe, vitals

_DESCRIPTION = (
    "메타 광주의 공개 API입니다. 오류는 RFC 9457 문제 문서로 옵니다. / The public API of Meta Gwangju. "
    "Errors are problem documents (RFC 9457). People enter through the WebSocket `/signal` "
    "(docs/protocol.md); the city is 3D Tiles 1.1 at `/tiles/gwangju/tileset.json`."
)


def create_app(node: CityNode, settings: Settings) -> FastAPI:
    """Return the ASGI application around a city node; it neither starts nor stops the node."""
    app = FastAPI(
        title="메타 광주 Meta Gwangju",
        version=__version__,
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url="/openapi.json",
        # The browsable documentation would fetch scripts from elsewhere; the page's policy forbids that.
        docs_url=None,
        redoc_url=None,
    )
    offices = node.offices
    app.state.offices = offices
    install_problems(app)
    app.add_middleware(BoundedBodies)
    app.add_middleware(Guard, log=node.refusals)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(AccessLog, metrics=offices.metrics)
    app.add_route("/plain", lambda _request: RedirectResponse("/plain/", 308), include_in_schema=False)
    plain = plain_application(offices, settings.web)
    app.state.style_version = plain.state.style_version  # for those whom the guard turns away
    app.mount("/plain", plain, name="plain")
    probe = DatabaseProbe(offices.store)
    offices.metrics.read(lambda: vitals(node, probe))
    app.include_router(health_router(node, probe))
    app.include_router(metrics_router(offices.metrics, settings.metrics_token))
    app.include_router(standing_router(node, settings))
    app.include_router(census_router(node))
    app.include_router(signal_router(node, settings.capacity + settings.queue + settings.spectators))
    app.include_router(screens_router(node.screens))
    people = (session, passkeys, wallet, organisations)
    voices = (proposals, proposal_comments, votes, vote_logs, reports, open311)
    for noun in (*people, *voices, halls, booths, models, contacts, moderation, admin):
        app.include_router(noun.router)
    app.mount("/tiles", Files(settings.cities, city_caching, shared=True), name="tiles")
    app.mount("/", Files(settings.web, page_caching, html=True), name="page")
    return app
