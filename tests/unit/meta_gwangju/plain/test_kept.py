import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import HTMLResponse, Response

from meta_gwangju.news import News
from meta_gwangju.node import CityNode
from meta_gwangju.plain.kept import KeptPages
from tests.unit.meta_gwangju.plain.browser import Browser

KEY = ("/plain/", "", "ko")


class Printer:
    """Makes pages, and counts them."""

    def __init__(self, status: int = 200) -> None:
        self.made = 0
        self.status = status

    async def __call__(self) -> Response:
        self.made += 1
        number = self.made
        await asyncio.sleep(0)
        return HTMLResponse(f"page {number}", self.status)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_page_is_made_once_until_something_is_told_of_what_it_shows() -> None:
    news, printer = News(), Printer()
    pages = KeptPages(news, Clock())

    async def read() -> bytes:
        return bytes((await pages.page(KEY, ("proposals",), 30.0, printer)).body)

    assert [asyncio.run(read()) for _ in range(2)] == [b"page 1", b"page 1"]
    news.tell("votes")
    assert asyncio.run(read()) == b"page 1"
    news.tell("proposals")
    assert [asyncio.run(read()) for _ in range(2)] == [b"page 2", b"page 2"]


def test_one_of_many_changes_alone() -> None:
    news, printer = News(), Printer()
    pages = KeptPages(news, Clock())

    def read() -> int:
        asyncio.run(pages.page(KEY, ("proposals/7", "proposals/*"), 30.0, printer))
        return printer.made

    assert read() == 1
    news.tell("proposals", about=8)
    assert read() == 1
    news.tell("proposals", about=7)
    assert read() == 2
    news.tell("proposals")
    assert read() == 3


def test_a_page_grows_old() -> None:
    clock, printer = Clock(), Printer()
    pages = KeptPages(News(), clock)

    def read() -> None:
        asyncio.run(pages.page(KEY, (), 30.0, printer))

    read()
    clock.now = 29.9
    read()
    assert printer.made == 1
    clock.now = 30.0
    read()
    assert printer.made == 2


def test_what_changes_while_a_page_is_made_makes_it_stale() -> None:
    news, printer = News(), Printer()
    pages = KeptPages(news, Clock())

    async def interrupted() -> Response:
        answer = await printer()
        news.tell("proposals")
        return answer

    async def read(make: Callable[[], Awaitable[Response]]) -> None:
        await pages.page(KEY, ("proposals",), 30.0, make)

    asyncio.run(read(interrupted))
    asyncio.run(read(printer))
    assert printer.made == 2


def test_many_who_come_at_once_wait_for_one_page() -> None:
    printer = Printer()
    pages = KeptPages(News(), Clock())

    async def crowd() -> None:
        await asyncio.gather(*(pages.page(KEY, (), 30.0, printer) for _ in range(50)))

    asyncio.run(crowd())
    assert printer.made == 1


def test_what_is_added_on_the_way_out_is_not_kept() -> None:
    pages, printer = KeptPages(News(), Clock()), Printer()
    for _ in range(3):
        answer = asyncio.run(pages.page(KEY, (), 30.0, printer))
        answer.headers["x-added"] = "once"
        assert len(answer.headers.getlist("x-added")) == 1
        answer.raw_headers.append((b"x-other", b"1"))
    assert asyncio.run(pages.page(KEY, (), 30.0, printer)).headers.getlist("x-other") == []


def test_refusals_are_made_anew() -> None:
    pages, printer = KeptPages(News(), Clock()), Printer(404)
    for _ in range(2):
        asyncio.run(pages.page(KEY, (), 30.0, printer))
    assert printer.made == 2


def test_pages_beyond_the_bound_are_forgotten() -> None:
    pages, made = KeptPages(News(), Clock()), list[int]()

    async def read(number: int) -> None:
        async def make() -> Response:
            made.append(number)
            return HTMLResponse("x" * 400_000)

        await pages.page(("/plain/", str(number), "ko"), (), 30.0, make)

    async def flood() -> None:
        for number in range(200):  # 80 MB
            await read(number)
        for number in (199, 150, 0, 0):
            await read(number)

    asyncio.run(flood())
    assert made == [*range(200), 0]


def test_a_page_made_anew_takes_the_place_of_the_old_one() -> None:
    news = News()
    pages, printer = KeptPages(news, Clock()), Printer()
    for _ in range(3):
        news.tell("proposals")
        asyncio.run(pages.page(KEY, ("proposals",), 30.0, printer))
    assert (printer.made, len(pages._pages)) == (3, 1)
    assert pages._bytes < 2_000


def test_visitors_see_at_once_what_citizens_do(author: Browser, visitor: Browser, node: CityNode) -> None:
    assert "아직 제안이 없어요" in visitor.open("/plain/").text
    author.open("/plain/proposals/new")
    author.fill("/plain/proposals/new", title="골목에 가로등을", text="어두워요.")
    assert "골목에 가로등을" in visitor.open("/plain/").text
    visitor.open("/plain/proposals/1")
    assert "보라" in visitor.page.text
    node.offices.citizens.erase(node.offices.actors.citizen(author.caller.number or 0, "page", 0.0), 0.0)
    node.offices.news.tell("proposals")
    assert "떠난 시민" in visitor.open("/plain/proposals/1").text


def test_visitors_see_at_once_what_is_said_of_a_proposal(
    author: Browser, neighbour: Browser, officer: Browser, visitor: Browser
) -> None:
    author.open("/plain/proposals/new")
    author.fill("/plain/proposals/new", title="골목에 가로등을", text="어두워요.")
    path = "/plain/proposals/1"
    assert "시민 0명" in visitor.open(path).text
    neighbour.caller.ask("PUT", "/api/v1/proposals/1/support", headers=neighbour.token)
    assert "시민 1명" in visitor.open(path).text
    neighbour.caller.ask(
        "POST", "/api/v1/proposals/1/comments", json={"text": "저도요"}, headers=neighbour.token
    )
    assert "저도요" in visitor.open(path).text
    officer.open(path)
    officer.fill(f"{path}/hide", reason="전화번호")
    assert "골목에 가로등을" not in visitor.open(path).text


def test_what_somebody_sees_who_is_signed_in_is_shown_to_nobody_else(
    author: Browser, neighbour: Browser, visitor: Browser
) -> None:
    for browser, name in ((author, "보라 님"), (visitor, None), (neighbour, "이웃 님"), (visitor, None)):
        page = browser.open("/plain/votes")
        assert [one for one in ("보라 님", "이웃 님") if one in page.text] == ([name] if name else [])
    assert author.answer.headers["cache-control"] == "no-store"
