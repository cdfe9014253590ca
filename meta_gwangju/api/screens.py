"""The booths' screens: WHIP in (RFC 9725), WHEP out (draft-ietf-wish-whep-03)."""

import logging
import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from meta_gwangju.problems import PROBLEMS, problem
from streaming.video import fragment, offer
from streaming.video.errors import TooLargeError, VideoError, WrongTypeError
from streaming.video.live import LiveScreens, Opened
from streaming.video.sessions import Name, Way

logger = logging.getLogger(__name__)

_SDP, _FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
#: RFC 6750, section 2.1.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,512}=*")
#: A page of another origin may publish, too: it needs the token, and no cookie counts here.
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Accept-Patch, Retry-After",
}
_PREFLIGHT = {
    **_OPEN,
    "Access-Control-Allow-Methods": "POST, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "86400",
    "Accept-Post": _SDP,
    "Accept-Patch": _FRAGMENT,
}
_RETRY_SECONDS = 5
_WORDS = {Way.IN: "화면에 송출 · Publish to a screen", Way.OUT: "화면 보기 · Watch a screen"}

Booth = Annotated[
    str, Path(pattern=r"^[a-z0-9_-]{1,64}$", description="부스의 이름. The booth's name.", examples=["a1"])
]
SessionId = Annotated[
    str,
    Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="연결의 이름. The session's name, from Location."),
]
Tag = Annotated[
    str | None,
    Header(alias="If-Match", max_length=128, description="연결할 때 받은 ETag. The ETag of the answer."),
]
_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="screenToken",
    description="송출은 부스의 열쇠, 보기는 입장 열쇠. The booth's token to publish, your session's else.",
)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class Lit(BaseModel):
    """Screens that show something now."""

    live: list[str] = Field(description="지금 켜진 화면의 부스. Booths whose screens are live now.")


def screens_router(live: LiveScreens) -> APIRouter:
    """Return the routes `/api/v1/screens` and `/api/v1/booths/{booth}/whip` and `…/whep`."""
    router = APIRouter(prefix="/api/v1", tags=["screens"])

    # On the loop: only there the screens change.
    @router.get("/screens", summary="켜진 화면 · Screens that are live")
    async def lit() -> Lit:
        return Lit(live=sorted(live.lit()))

    for way in Way:
        _Door(live, way).add_to(router)
    return router


class _Door:
    """The routes of one way."""

    def __init__(self, live: LiveScreens, way: Way) -> None:
        self._live, self._way = live, way
        self._open = live.publish if way is Way.IN else live.watch

    def add_to(self, router: APIRouter) -> None:
        """Add the routes of sessions and of the door itself."""
        name = self._way.value
        door = f"/booths/{{booth}}/{name}"
        session = f"{door}/{{session}}"

        def add(path: str, method: str, handler: Callable[..., Any], status: int, **more: Any) -> None:
            named = {"methods": [method], "status_code": status, "response_class": Response, **more}
            router.add_api_route(path, handler, **named)

        offered = {"operation_id": f"{name}_begin", "responses": {201: _ANSWER, **_PROBLEMS}}
        add(door, "POST", self.begin, 201, summary=_WORDS[self._way], openapi_extra=_takes(_SDP), **offered)
        added = {
            "operation_id": f"{name}_trickle",
            "responses": _PROBLEMS,
            "openapi_extra": _takes(_FRAGMENT),
        }
        add(session, "PATCH", self.trickle, 204, summary="후보 추가 · Add ICE candidates", **added)
        ended = {"operation_id": f"{name}_end", "responses": PROBLEMS}
        add(session, "DELETE", self.end, 200, summary="연결 끝내기 · End the session", **ended)
        for path in (door, session):
            add(path, "OPTIONS", self.ask, 204, include_in_schema=False)

    async def begin(self, request: Request, booth: Booth, bearer: Bearer) -> Response:
        """Open a session."""
        try:
            text = await _body(request, _SDP, offer.MOST_BYTES)
            opened = await self._open(booth, _token(bearer), text)
        except VideoError as error:
            return _refused(request, error)
        return _created(request, opened)

    async def trickle(
        self, request: Request, booth: Booth, session: SessionId, bearer: Bearer, tag: Tag = None
    ) -> Response:
        """Add candidates."""
        try:
            text = await _body(request, _FRAGMENT, fragment.MOST_BYTES)
            await self._live.trickle(Name(self._way, booth, session), _token(bearer), tag, text)
        except VideoError as error:
            return _refused(request, error)
        return Response(status_code=204, headers=_OPEN)

    async def end(self, request: Request, booth: Booth, session: SessionId, bearer: Bearer) -> Response:
        """End a session."""
        try:
            self._live.end(Name(self._way, booth, session), _token(bearer))
        except VideoError as error:
            return _refused(request, error)
        return Response(status_code=200, headers=_OPEN)

    async def ask(self) -> Response:
        """Tell what the door takes, and from where."""
        return Response(status_code=204, headers=_PREFLIGHT)


#: Those of every handler, and that there is no room.
_PROBLEMS = {**PROBLEMS, 503: PROBLEMS["4XX"]}
_ANSWER: dict[str, Any] = {
    "description": "연결되었어요. The session is made; the body is the SDP answer.",
    "content": {_SDP: {"schema": {"type": "string"}}},
    "headers": {
        "Location": {"description": "The session's address.", "schema": {"type": "string"}},
        "ETag": {"description": "Names the ICE session.", "schema": {"type": "string"}},
    },
}


def _takes(media: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1}
    return {"requestBody": {"required": True, "content": {media: {"schema": schema}}}}


def _token(bearer: HTTPAuthorizationCredentials | None) -> str | None:
    return bearer.credentials if bearer is not None and _TOKEN.fullmatch(bearer.credentials) else None


async def _body(request: Request, media: str, most: int) -> str:
    """Read a body of this type, without holding more of it than it may have.

    Raises:
        WrongTypeError: It is of another type, or no text.
        TooLargeError: It is too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media:
        raise WrongTypeError
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise TooLargeError
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise WrongTypeError from error


def _created(request: Request, opened: Opened) -> Response:
    location = f"{request.url.path}/{opened.session}"
    headers = {**_OPEN, "Location": location, "ETag": opened.tag, "Accept-Patch": _FRAGMENT}
    return Response(opened.answer, 201, headers, media_type=_SDP)


def _refused(request: Request, error: VideoError) -> JSONResponse:
    logger.debug("screen refused path=%s detail=%s", request.url.path, error)
    headers = dict(_OPEN)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if error.status == 413:
        # What is still to come is not read, either.
        headers["Connection"] = "close"
    if error.status in {429, 503}:
        headers["Retry-After"] = str(_RETRY_SECONDS)
    says = (error.ko, error.en)
    return problem(error.status, request.url.path, headers, code=error.code, says=says, log=request)
