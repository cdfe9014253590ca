"""How Open311's addresses answer when something is wrong: with its own errors, in the format asked for."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from meta_gwangju.api.open311_answers import errors
from meta_gwangju.problems import status_of
from municipality.errors import MunicipalityError, NotAllowedError, NotFoundError, SignInError

logger = logging.getLogger(__name__)

#: GeoReport v2, Errors: 403 for keys, 404 for what does not exist, 400 for the rest of the caller's mistakes.
_STATUSES: dict[type[MunicipalityError], int] = {
    SignInError: 403,
    NotAllowedError: 403,
    NotFoundError: 404,
}
_SERVERS = 500


class GeoReportRoute(APIRoute):
    """A route that answers in Open311's words, also when it refuses."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with its errors turned into answers."""
        handle = super().get_route_handler()

        async def answering(request: Request) -> Response:
            try:
                return await handle(request)
            except MunicipalityError as error:
                return _refused(request, _status(error), [f"{error.ko} {error.en}"])
            except RequestValidationError as error:
                return _refused(request, 400, [_wrong(one) for one in error.errors()])
            except HTTPException as error:
                text = f"요청을 처리할 수 없어요. The request cannot be served: {error.detail}."
                return _refused(request, error.status_code, [text])

        return answering


def _status(error: MunicipalityError) -> int:
    for kind, status in _STATUSES.items():
        if isinstance(error, kind):
            return status
    status, _ = status_of(error)
    return status if status >= _SERVERS else 400


def _wrong(error: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"][1:]) or "body"
    return f"'{where}'의 값이 맞지 않아요. The value of '{where}' does not fit: {error['msg']}."


def _refused(request: Request, status: int, texts: list[str]) -> Response:
    route = getattr(request.scope.get("route"), "path", "-")
    logger.warning("refused status=%d code=open311 method=%s route=%s", status, request.method, route)
    form = "json" if request.url.path.endswith(".json") else "xml"
    return errors([(status, text) for text in texts], form, status)
