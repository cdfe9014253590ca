"""Errors over HTTP as problem details (RFC 9457), Korean first."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_DETAILS = {
    404: ("그런 주소가 없습니다. 주소를 확인하세요.", "There is nothing here. Check the address."),
    405: ("이 주소에는 이 방법을 쓸 수 없습니다.", "This address does not take this method."),
    422: ("요청의 값이 맞지 않습니다.", "A value of the request does not fit."),
    500: (
        "서버에 문제가 생겼습니다. 잠시 뒤 다시 시도하세요.",
        "Something went wrong on the server. Try again in a while.",
    ),
    503: (
        "도시가 아직 열리지 않았습니다. 잠시 뒤 다시 시도하세요.",
        "The city is not open. Try again in a while.",
    ),
}


def problem(status: int, path: str, headers: dict[str, str] | None = None, **more: object) -> JSONResponse:
    """Return a problem document; `detail` is Korean and English, `more` are extension members."""
    title = HTTPStatus(status).phrase
    ko, en = _DETAILS.get(status, ("요청을 처리할 수 없습니다.", "The request cannot be served."))
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": f"{ko} {en}",
        "instance": path,
        **more,
    }
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def install_problems(app: FastAPI) -> None:
    """Make every error of the application a problem document."""

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, request.url.path, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [{"where": list(one["loc"]), "message": one["msg"]} for one in error.errors()]
        return problem(422, request.url.path, errors=errors)

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        # The traceback is logged once by the server, which gets the exception as well.
        logger.error("failed path=%s error=%s", request.url.path, type(error).__name__)
        return problem(500, request.url.path)
