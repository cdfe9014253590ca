"""The booths' screens: WHIP in (RFC 9725), WHEP out (draft-ietf-wish-whep-03)."""

import logging
import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from meta_gwangju.problems import PROBLEMS, problem
from streaming.video import fragment, offer
from streaming.video.errors import TooLargeError, VideoError, WrongTypeError
from streaming.video.live import LiveScreens, Opened
from streaming.video.sessions import Name, Way

logger = logging.getLogger(__name__)

_SDP, _FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/-]{1,512}=*)")
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
Authorization = Annotated[
    str | None,
    Header(
        max_length=600,
        description="Bearer: 부스의 송출 열쇠 또는 입장 열쇠. The booth's token, or your session's.",
    ),
]


class Lit(BaseModel):
    """Screens that show something now."""

    live: list[str] = Field(description="지금 켜진 화면의 부스. Booths whose screens are live now.")


def screens_router(live: LiveScreens) -> APIRouter:
    """Return the routes `/api/v1/screens` and `/api/v1/booths/{booth}/whip` and `…/whep`."""
    router = APIRouter(prefix="/api/v1", tags=["screens"])

    @router.get("/screens", summary="켜진 화면 · Screens that are live")
    def lit() -> Lit:
        return Lit(live=sorted(live.lit()))

    _add_door(router, live, Way.IN)
    _add_door(router, live, Way.OUT)
    return router


def _add_door(router: APIRouter, live: LiveScreens, way: Way) -> None:
    words = {Way.IN: "화면에 송출 · Publish to a screen", Way.OUT: "화면 보기 · Watch a screen"}[way]
    path = f"/booths/{{booth}}/{way.value}"
    opens = live.publish if way is Way.IN else live.watch

    async def begin(request: Request, booth: Booth, authorization: Authorization = None) -> Response:
        try:
            text = await _body(request, _SDP, offer.MOST_BYTES)
            opened = await opens(booth, _token(authorization), text)
        except VideoError as error:
            return _refused(request, way, booth, error)
        return _created(request, opened)

    async def trickle(
        request: Request,
        booth: Booth,
        session: SessionId,
        authorization: Authorization = None,
        tag: Tag = None,
    ) -> Response:
        try:
            text = await _body(request, _FRAGMENT, fragment.MOST_BYTES)
            await live.trickle(Name(way, booth, session), _token(authorization), tag, text)
        except VideoError as error:
            return _refused(request, way, booth, error)
        return Response(status_code=204, headers=_OPEN)

    async def end(
        request: Request, booth: Booth, session: SessionId, authorization: Authorization = None
    ) -> Response:
        try:
            live.end(Name(way, booth, session), _token(authorization))
        except VideoError as error:
            return _refused(request, way, booth, error)
        return Response(status_code=200, headers=_OPEN)

    async def ask(booth: Booth) -> Response:
        del booth
        return Response(status_code=204, headers=_PREFLIGHT)

    async def ask_session(booth: Booth, session: SessionId) -> Response:
        del booth, session
        return Response(status_code=204, headers=_PREFLIGHT)

    documented: dict[str, Any] = {"response_class": Response}
    router.add_api_route(
        path,
        begin,
        methods=["POST"],
        summary=words,
        operation_id=f"{way.value}_begin",
        status_code=201,
        responses={201: _ANSWER, **_PROBLEMS},
        openapi_extra=_takes(_SDP),
        **documented,
    )
    router.add_api_route(
        f"{path}/{{session}}",
        trickle,
        methods=["PATCH"],
        summary="후보 추가 · Add ICE candidates",
        operation_id=f"{way.value}_trickle",
        status_code=204,
        responses=_PROBLEMS,
        openapi_extra=_takes(_FRAGMENT),
        **documented,
    )
    router.add_api_route(
        f"{path}/{{session}}",
        end,
        methods=["DELETE"],
        summary="연결 끝내기 · End the session",
        operation_id=f"{way.value}_end",
        responses=PROBLEMS,
        **documented,
    )
    router.add_api_route(path, ask, methods=["OPTIONS"], status_code=204, include_in_schema=False)
    router.add_api_route(
        f"{path}/{{session}}", ask_session, methods=["OPTIONS"], status_code=204, include_in_schema=False
    )


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


def _token(authorization: str | None) -> str | None:
    found = _BEARER.fullmatch(authorization or "")
    return None if found is None else found[1]


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


def _refused(request: Request, way: Way, booth: str, error: VideoError) -> JSONResponse:
    logger.debug("screen refused door=%s booth=%s detail=%s", way.value, booth, error)
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
