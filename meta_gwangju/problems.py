"""Errors over HTTP as problem details (RFC 9457), Korean first."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from meta_gwangju.log import request_id
from municipality import errors

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

#: Status and code of the municipality's errors; a class that is not named has those of its base.
STATUSES: dict[type[errors.MunicipalityError], tuple[int, str]] = {
    errors.MunicipalityError: (400, "refused"),
    errors.NameRefusedError: (422, "name_refused"),
    errors.TextRefusedError: (422, "text_refused"),
    errors.NotAllowedError: (403, "not_allowed"),
    errors.NotFoundError: (404, "not_found"),
    errors.ConflictError: (409, "conflict"),
    errors.SignInError: (401, "sign_in"),
    errors.VaultError: (410, "erased"),
    errors.StoreError: (503, "not_recorded"),
    errors.ReportRefusedError: (422, "report_refused"),
    errors.PhotoRefusedError: (422, "photo_refused"),
    errors.PhotosBusyError: (503, "busy"),
    errors.VoteRefusedError: (422, "vote_refused"),
    errors.BallotRefusedError: (422, "ballot_refused"),
    errors.VoteNotOpenError: (409, "vote_not_open"),
    errors.AlreadyVotedError: (409, "already_voted"),
    errors.BallotBoxBusyError: (503, "busy"),
    errors.BallotBoxUnavailableError: (503, "not_recorded"),
    errors.AmountRefusedError: (422, "amount_refused"),
    errors.AccountUnknownError: (422, "account_unknown"),
    errors.InsufficientFundsError: (409, "insufficient_funds"),
    errors.HoldNotOpenError: (409, "hold_not_open"),
    errors.KeyReusedError: (409, "key_reused"),
    errors.LedgerBusyError: (503, "busy"),
    errors.LedgerUnavailableError: (503, "not_recorded"),
}
#: What is said of a status, or of a code, that brings no words of its own.
_DETAILS: dict[int | str, tuple[str, str]] = {
    400: ("요청을 읽을 수 없습니다.", "The request cannot be read."),
    404: ("그런 주소가 없습니다. 주소를 확인하세요.", "There is nothing here. Check the address."),
    405: ("이 주소에는 이 방법을 쓸 수 없습니다.", "This address does not take this method."),
    408: (
        "요청이 제때 끝나지 않았습니다. 연결을 확인하고 다시 보내 주세요.",
        "The request did not end in time. Check your connection and send it again.",
    ),
    413: ("보낸 것이 너무 큽니다. 더 작게 보내 주세요.", "What was sent is too large. Send less."),
    422: ("요청의 값이 맞지 않습니다.", "A value of the request does not fit."),
    500: (
        "서버에 문제가 생겼습니다. 잠시 뒤 다시 시도하세요.",
        "Something went wrong on the server. Try again in a while.",
    ),
    503: (
        "도시가 아직 열리지 않았습니다. 잠시 뒤 다시 시도하세요.",
        "The city is not open. Try again in a while.",
    ),
    "not_recorded": (
        "지금은 기록할 수 없습니다. 아무것도 바뀌지 않았으니 잠시 뒤 다시 시도하세요.",
        "Nothing can be recorded at the moment, and nothing changed. Try again in a while.",
    ),
    "too_often": (
        "너무 자주 요청했습니다. 잠시 뒤 다시 시도하세요.",
        "Too many requests. Please wait a little and try again.",
    ),
    "foreign_page": (
        "다른 사이트의 페이지에서는 할 수 없습니다. 이 도시의 페이지에서 하세요.",
        "A page of another site cannot do this. Use the city's own page.",
    ),
    "csrf": (
        "페이지가 오래되었습니다. 새로 고친 뒤 다시 해 주세요.",
        "This page is out of date. Reload it and try again.",
    ),
}


class Problem(BaseModel):
    """What is wrong, where, and what to do (RFC 9457)."""

    type: str = Field(description="Always `about:blank`: the code tells more.")
    title: str = Field(description="HTTP 상태의 이름. Name of the status.")
    status: int = Field(ge=400, le=599)
    code: str = Field(description="프로그램을 위한 이름. For programs.")
    detail: str = Field(description="한국어와 영어로. In Korean and English.")
    ko: str
    en: str
    instance: str = Field(description="요청한 주소. The path that was asked.")
    request: str | None = Field(None, description="서버 기록에서 찾을 번호. What to look for in the log.")


#: For `responses=` of a router: every handler may answer so.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "문제 문서. A problem document.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


def problem(  # noqa: PLR0913 -- the members of a problem document
    status: int,
    path: str,
    headers: dict[str, str] | None = None,
    *,
    code: str = "",
    says: tuple[str, str] | None = None,
    log: Request | None = None,
    **more: object,
) -> JSONResponse:
    """Return a problem document.

    Args:
        status: HTTP status.
        path: What was asked.
        headers: Of the answer.
        code: For programs; empty: the status's name.
        says: What is wrong and what to do, Korean and English; None: what is said of the code or status.
        log: The request, to write one line of the refusal in the log.
        **more: Extension members.
    """
    title = HTTPStatus(status).phrase
    code = code or title.lower().replace(" ", "_")
    general = ("요청을 처리할 수 없습니다.", "The request cannot be served.")
    ko, en = says or _DETAILS.get(code) or _DETAILS.get(status, general)
    if log is not None:
        route = getattr(log.scope.get("route"), "path", "-")
        logger.warning("refused status=%d code=%s method=%s route=%s", status, code, log.method, route)
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        "detail": f"{ko} {en}",
        "ko": ko,
        "en": en,
        "instance": path,
        **more,
    }
    if current := request_id.get():
        body["request"] = current
        headers = {**(headers or {}), "x-request-id": current}
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def status_of(error: errors.MunicipalityError) -> tuple[int, str]:
    """Return status and code of an error of the municipality."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def install_problems(app: FastAPI) -> None:
    """Make every error of the application a problem document, in its OpenAPI description, too."""
    describe = app.openapi
    app.openapi = lambda: _with_problems(describe())  # type: ignore[method-assign]

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, request.url.path, dict(error.headers or {}))

    @app.exception_handler(errors.MunicipalityError)
    async def not_done(request: Request, error: errors.MunicipalityError) -> JSONResponse:
        status, code = status_of(error)
        return problem(status, request.url.path, code=code, says=(error.ko, error.en), log=request)

    @app.exception_handler(DBAPIError)
    async def not_recorded(request: Request, error: DBAPIError) -> JSONResponse:
        logger.error("the database takes nothing: %s", error.orig)
        return problem(503, request.url.path, {"retry-after": "5"}, code="not_recorded", log=request)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [{"where": list(one["loc"]), "message": one["msg"]} for one in error.errors()]
        return problem(422, request.url.path, errors=wrong, log=request)

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        # The traceback is logged once by the server, which gets the exception as well.
        logger.error("failed path=%s error=%s", request.url.path, type(error).__name__)
        return problem(500, request.url.path)


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """Put the problem document in place of FastAPI's own description of errors."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            answers = operation["responses"]
            if "422" in answers and "4XX" in answers:
                del answers["422"]
            elif "422" in answers:
                answers["422"] = PROBLEMS["4XX"]
    return document
