"""The door itself: hands each request to its page, and answers in HTML when that cannot be done."""

import inspect
import logging
from collections.abc import Awaitable, Callable, Collection
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meta_gwangju.api import cookies
from meta_gwangju.log import request_id
from meta_gwangju.plain.form import FORM_BYTES, Form, read_form
from meta_gwangju.plain.kept import KeptPages
from meta_gwangju.plain.rendering import Fault
from meta_gwangju.plain.turns import in_turn
from meta_gwangju.plain.visit import Visit, language_of, stranger, visit_of
from meta_gwangju.problems import status_of
from municipality.errors import KeyReusedError, MunicipalityError, NotAllowedError, TextRefusedError

logger = logging.getLogger(__name__)

#: A page takes a visit and returns the answer; in a thread, or in the event loop when it is a coroutine.
Page = Callable[[Visit], Response | Awaitable[Response]]
_EMPTY = Form()
#: What nothing tells of shows in a visitor's page after so long, seconds: all that these show is told of.
KEPT_SECONDS = 600.0

_WORDS: dict[int, tuple[str, str]] = {
    400: (
        "보낸 내용을 읽을 수 없어요. 앞으로 돌아가 다시 보내 주세요.",
        "What was sent cannot be read. Go back and send it again.",
    ),
    404: (
        "그런 페이지가 없어요. 주소를 확인하거나 처음으로 가 주세요.",
        "There is no such page. Check the address, or go to the start.",
    ),
    405: (
        "이 주소에는 그렇게 보낼 수 없어요. 앞 화면으로 돌아가 주세요.",
        "This address does not take that. Please go back.",
    ),
    408: ("보내는 데 너무 오래 걸렸어요. 다시 보내 주세요.", "Sending took too long. Please send it again."),
    413: ("보낸 것이 너무 커요. 더 작게 보내 주세요.", "What was sent is too large. Please send less."),
    415: (
        "이런 꼴로는 받을 수 없어요. 이 화면의 양식으로 보내 주세요.",
        "This form of sending is not taken. Use the form on the page.",
    ),
    429: (
        "너무 자주 요청했어요. 잠시 뒤 다시 해 주세요.",
        "Too many requests. Please wait a little and try again.",
    ),
    500: (
        "서버에 문제가 생겼어요. 잠시 뒤 다시 해 주세요.",
        "Something went wrong on the server. Please try again in a while.",
    ),
    503: (
        "지금은 기록할 수 없어요. 아무것도 바뀌지 않았으니 잠시 뒤 다시 해 주세요.",
        "Nothing can be recorded at the moment, and nothing changed. Please try again in a while.",
    ),
}
_FOREIGN = (
    "다른 사이트의 페이지에서는 할 수 없어요. 이 도시의 화면에서 해 주세요.",
    "A page of another site cannot do this. Use the city's own pages.",
)
_GENERAL = ("요청을 처리할 수 없어요.", "The request cannot be served.")
_STALE = (
    "화면이 오래됐어요. 새로 고친 뒤 다시 보내 주세요.",
    "This page is out of date. Reload it and send it again.",
)
_SENT_BEFORE = (
    "이 양식은 다른 내용으로 이미 보냈어요. 이 내용도 새로 올리려면 한 번 더 눌러 주세요.",
    "This form was sent before with other content. Press the button once more to send this as well.",
)


class _Whole(Convertor[int]):
    """A number of the path; one with more digits than any number has leads nowhere."""

    regex = "[0-9]{1,16}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("whole", _Whole())


class Pages:
    """The pages of one noun.

    Attributes:
        routes: Of all that were added.
    """

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def get(self, path: str, topics: Collection[str] = ()) -> Callable[[Page], Page]:
        """Add a page that is read.

        Args:
            path: Below the door.
            topics: What it shows (:meth:`meta_gwangju.news.News.told`), with names of the path's parts in
                braces: visitors get it as it was made earlier, unless something was told of these since.
        """

        async def answer(page: Page, request: Request) -> Response:
            if cookies.token_of(request) is not None:
                return await _answer(page, request, _EMPTY)
            pages: KeptPages = request.app.state.kept
            key = (request.url.path, request.url.query, language_of(request))
            shown = [topic.format(**request.path_params) for topic in topics]
            return await pages.page(key, shown, KEPT_SECONDS, lambda: _answer(page, request, _EMPTY))

        return self._add(path, "GET", answer)

    def post(self, path: str, *, most_bytes: int = FORM_BYTES) -> Callable[[Page], Page]:
        """Add a page that takes a form; one that takes a file says how large it may be."""

        async def answer(page: Page, request: Request) -> Response:
            return await _answer(page, request, await read_form(request, most_bytes))

        return self._add(path, "POST", answer)

    def _add(
        self, path: str, method: str, answer: Callable[[Page, Request], Awaitable[Response]]
    ) -> Callable[[Page], Page]:
        def add(page: Page) -> Page:
            async def endpoint(request: Request) -> Response:
                return await answer(page, request)

            self.routes.append(Route(path, endpoint, methods=[method], name=page.__name__))
            return page

        return add


def refused(
    visit: Visit,
    error: MunicipalityError,
    template: str = "refusal.html",
    *,
    field: str = "",
    **context: Any,
) -> Response:
    """Return a page that says what was refused, with the form again when there is one; note it in the log.

    Args:
        visit: Of whoever sent it.
        error: Why it was refused.
        template: Of the form, with all that it needs in ``context``.
        field: That the error is about, unless it says so itself.
        **context: See :meth:`Visit.page`.
    """
    status, code = status_of(error)
    _log(visit.request, status, code)
    if isinstance(error, TextRefusedError):
        field = error.field
    words = _SENT_BEFORE if isinstance(error, KeyReusedError) else (error.ko, error.en)
    if template == "refusal.html":
        is_stranger = visit.actor.citizen is None
        context |= {
            "title": _title(visit, status),
            "must_sign_in": status == 403 and is_stranger,
            "trace": None,
        }
    elif isinstance(error, KeyReusedError):
        context["values"] = Form({name: all_ for name, all_ in visit.form.values.items() if name != "key"})
    return visit.page(template, status=status, faults=[Fault(field, *words)], **context)


async def _answer(page: Page, request: Request, form: Form) -> Response:
    if not inspect.iscoroutinefunction(page):
        run = in_turn if request.method in {"GET", "HEAD"} else run_in_threadpool
        return await run(_answer_in_thread, page, request, form)
    visit = await run_in_threadpool(visit_of, request, form)
    try:
        _check_token(request, form)
        answer: Response = await page(visit)
    except MunicipalityError as error:
        answer = await run_in_threadpool(refused, visit, error)
    return answer


def _answer_in_thread(page: Callable[[Visit], Any], request: Request, form: Form) -> Response:
    visit = visit_of(request, form)
    try:
        _check_token(request, form)
        answer: Response = page(visit)
    except MunicipalityError as error:
        answer = refused(visit, error)
    return answer


def _check_token(request: Request, form: Form) -> None:
    """Go on only if a form comes from a page that we gave to this session.

    Raises:
        NotAllowedError: It does not.
    """
    token = cookies.token_of(request)
    if request.method == "POST" and token and not cookies.csrf_fits(token, form.get("csrf")):
        raise NotAllowedError(*_STALE)


def _title(visit: Visit, status: int) -> str:
    titles = {
        403: ("할 수 없어요", "Not allowed"),
        404: ("찾을 수 없어요", "Not found"),
        409: ("지금은 할 수 없어요", "Not possible as things stand"),
        410: ("지워졌어요", "Gone"),
        422: ("내용을 고쳐 주세요", "Please correct this"),
    }
    return visit.say(*titles.get(status, ("문제가 생겼어요", "Something is wrong")))


def _log(request: Request, status: int, code: str) -> None:
    logger.warning(
        "refused status=%d code=%s method=%s path=%s", status, code, request.method, request.url.path
    )


def _failed(request: Request, status: int, words: tuple[str, str], visit: Visit | None = None) -> Response:
    if visit is None:
        # What is broken may be the database: then nobody is asked who this is.
        visit = visit_of(request, _EMPTY) if status < 500 else stranger(request)
    return visit.page(
        "refusal.html",
        status=status,
        faults=[Fault("", *words)],
        title=_title(visit, status),
        must_sign_in=False,
        trace=request_id.get() if status >= 500 else None,
    )


def turned_away(request: Request, status: int, headers: dict[str, str] | None) -> Response:
    """Return the page for somebody whom the guard in front of the door turns away."""
    answer = _failed(request, status, _WORDS.get(status, _FOREIGN), stranger(request))
    answer.headers.update(headers or {})
    return answer


async def not_served(request: Request, error: Exception) -> Response:
    """Answer what has no page, or was sent in a way that is not taken."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    code = HTTPStatus(status).phrase.lower().replace(" ", "_")
    _log(request, status, code)
    return await run_in_threadpool(_failed, request, status, _WORDS.get(status, _GENERAL))


async def not_recorded(request: Request, error: Exception) -> Response:
    """Answer when the database takes nothing."""
    logger.error("the database takes nothing: %s", getattr(error, "orig", error))
    return await run_in_threadpool(_failed, request, 503, _WORDS[503])


async def broken(request: Request, error: Exception) -> Response:
    """Answer when something of ours went wrong; the server logs the traceback, which it gets as well."""
    logger.error("failed path=%s error=%s", request.url.path, type(error).__name__)
    return await run_in_threadpool(_failed, request, 500, _WORDS[500])
