from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from meta_gwangju.node import CityNode
from municipality.access import CITY_HALL, Role
from municipality.journal import entries
from municipality.participation import CATEGORIES, JOURNAL
from tests.unit.meta_gwangju.callers import Caller, citizen

PROPOSAL = {
    "title": "골목에 가로등을",
    "text": "밤길이 어두워요. 두 개 더 세워 주세요.",
    "category": "safety",
    "place": {"x": 10.0, "z": -20.0},
}


@pytest.fixture
def author(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "보라")


@pytest.fixture
def neighbour(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "이웃")


@pytest.fixture
def officer(app: FastAPI, node: CityNode) -> Caller:
    return citizen(app, node.offices, "담당", Role.OFFICER, place=CITY_HALL)


@pytest.fixture
def path(author: Caller) -> str:
    """Of a proposal."""
    made = author.ask("POST", "/api/v1/proposals", json=PROPOSAL)
    assert made.status_code == 201, made.text
    return made.headers["location"]


def told(node: CityNode) -> list[str]:
    with node.offices.store.engine.connect() as connection:
        return [entry.kind for entry in entries(connection, JOURNAL)]


def refusal(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code
    assert any("가" <= sign <= "힣" for sign in body["ko"])
    return body


def test_everybody_reads_a_proposal(path: str, visitor: Caller, author: Caller) -> None:
    seen = visitor.ask("GET", path).json()
    assert (seen["title"], seen["text"], seen["author"]) == (PROPOSAL["title"], PROPOSAL["text"], "보라")
    assert (seen["x"], seen["z"], seen["state"], seen["needed"]) == (10.0, -20.0, "open", 20)
    assert (seen["mine"], seen["acts"], seen["answers"]) == (False, [], [])
    assert author.ask("GET", path).json()["acts"] == ["comment", "edit", "support", "withdraw"]
    (line,) = visitor.ask("GET", "/api/v1/proposals").json()["proposals"]
    assert (line["title"], line["excerpt"]) == (PROPOSAL["title"], PROPOSAL["text"])


def test_the_categories_are_those_that_proposals_take(visitor: Caller, app: FastAPI) -> None:
    offered = [one["code"] for one in visitor.ask("GET", "/api/v1/proposals/categories").json()]
    taken = app.openapi()["components"]["schemas"]["ProposalIn"]["properties"]["category"]["enum"]
    assert offered == taken == list(CATEGORIES)


def test_without_a_place_a_pin_stands_before_the_city_hall(author: Caller, node: CityNode) -> None:
    made = author.ask("POST", "/api/v1/proposals", json=PROPOSAL | {"place": None}).json()
    assert (made["x"], made["z"]) == node.offices.land.city_hall


def test_support_is_one_a_citizen_and_can_be_taken_back(path: str, node: CityNode, neighbour: Caller) -> None:
    for _ in range(2):
        answer = neighbour.ask("PUT", f"{path}/support").json()
        assert answer == {"supports": 1, "needed": 20, "supported": True}
    for _ in range(2):
        assert neighbour.ask("DELETE", f"{path}/support").json()["supports"] == 0
    assert told(node) == ["proposed", "supported", "support_withdrawn"]


def test_an_officer_answers_step_by_step(path: str, visitor: Caller, officer: Caller) -> None:
    early = officer.ask("POST", f"{path}/answer", json={"state": "accepted", "text": "좋아요."})
    refusal(early, 409, "conflict")
    for state, text in (("under_review", ""), ("declined", "예산이 없어요.")):
        assert officer.ask("POST", f"{path}/answer", json={"state": state, "text": text}).status_code == 200
    answers = visitor.ask("GET", path).json()["answers"]
    assert [(one["state"], one["text"]) for one in answers] == [
        ("under_review", ""),
        ("declined", "예산이 없어요."),
    ]


def test_comments_are_made_read_and_withdrawn(
    path: str, visitor: Caller, author: Caller, neighbour: Caller
) -> None:
    key = {"idempotency-key": "comment-1"}
    made = [
        neighbour.ask("POST", f"{path}/comments", json={"text": "찬성해요."}, headers=key) for _ in range(2)
    ]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json() == made[1].json()
    number = made[0].json()["id"]
    (seen,) = visitor.ask("GET", f"{path}/comments").json()["comments"]
    assert (seen["text"], seen["author"], seen["mine"]) == ("찬성해요.", "이웃", False)
    refusal(author.ask("DELETE", f"{path}/comments/{number}"), 403, "not_allowed")
    assert neighbour.ask("DELETE", f"{path}/comments/{number}").status_code == 204
    (gone,) = visitor.ask("GET", f"{path}/comments").json()["comments"]
    assert (gone["text"], gone["withdrawn"]) == ("", True)


def test_an_officer_hides_with_a_reason_and_shows_again(
    path: str, visitor: Caller, neighbour: Caller, officer: Caller
) -> None:
    made = neighbour.ask("POST", f"{path}/comments", json={"text": "욕"}).json()["id"]
    assert officer.ask("POST", f"{path}/comments/{made}/hide", json={"reason": "모욕"}).status_code == 204
    assert visitor.ask("GET", f"{path}/comments").json()["comments"][0]["hidden"] == "모욕"
    assert officer.ask("DELETE", f"{path}/comments/{made}/hide").status_code == 204
    assert officer.ask("POST", f"{path}/hide", json={"reason": "전화번호"}).json()["hidden"] == "전화번호"
    seen = visitor.ask("GET", path).json()
    assert (seen["title"], seen["text"], seen["hidden"]) == ("", "", "전화번호")
    assert visitor.ask("GET", "/api/v1/proposals").json()["proposals"] == []
    assert officer.ask("DELETE", f"{path}/hide").json()["hidden"] is None


def test_pages_follow_one_another(author: Caller, visitor: Caller) -> None:
    for number in range(5):
        author.ask("POST", "/api/v1/proposals", json=PROPOSAL | {"title": f"제안 {number}"})
    titles, cursor = [], None
    while True:
        wish = {"limit": "2", "sort": "newest"} | ({"cursor": cursor} if cursor else {})
        page = visitor.ask("GET", "/api/v1/proposals", params=wish).json()
        titles += [one["title"] for one in page["proposals"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert titles == [f"제안 {number}" for number in reversed(range(5))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("bbox=0,-30,20,-10", 1),
        ("bbox=20,-30,30,-10", 0),
        ("state=open&state=done", 1),
        ("state=done", 0),
        ("category=safety", 1),
        ("category=culture", 0),
        ("mine=true", 1),
        ("due=true", 0),
    ],
)
def test_lists_are_narrowed(path: str, author: Caller, query: str, found: int) -> None:
    assert path
    assert len(author.ask("GET", f"/api/v1/proposals?{query}").json()["proposals"]) == found


@pytest.mark.parametrize(
    "query",
    [
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "bbox=1e9,2,3,4",
        "limit=0",
        "limit=101",
        "cursor=x",
        "state=lost",
        "sort=best",
    ],
)
def test_a_list_that_cannot_be_asked_for_is_refused(visitor: Caller, query: str) -> None:
    refusal(visitor.ask("GET", f"/api/v1/proposals?{query}"), 422, "unprocessable_entity")


HOSTILE: list[dict[str, object]] = [
    {"title": ""},
    {"title": "가" * 81},
    {"title": "가" * 9999},
    {"title": 7},
    {"title": None},
    {"title": "\u202eabc"},
    {"text": "\x00"},
    {"text": "가" * 4001},
    {"category": "' OR 1=1 --"},
    {"place": {"x": 1e300, "z": 0}},
    {"place": {"x": "NaN", "z": 0}},
    {"place": {"x": 201, "z": 0}},
    {"place": {"x": 1}},
]


@pytest.mark.parametrize("bad", HOSTILE)
def test_hostile_input_changes_nothing(author: Caller, node: CityNode, bad: dict[str, object]) -> None:
    answer = author.ask("POST", "/api/v1/proposals", json=PROPOSAL | bad)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert told(node) == []


def test_markup_comes_back_as_it_was_written(author: Caller, visitor: Caller) -> None:
    wild = PROPOSAL | {"title": "<script>alert(1)</script>", "text": "'; DROP TABLE proposals; --"}
    made = author.ask("POST", "/api/v1/proposals", json=wild)
    seen = visitor.ask("GET", made.headers["location"])
    assert seen.headers["content-type"] == "application/json"
    assert (seen.json()["title"], seen.json()["text"]) == (wild["title"], wild["text"])


@pytest.mark.parametrize(
    ("method", "below", "body"),
    [
        ("PUT", "", PROPOSAL),
        ("DELETE", "", None),
        ("PUT", "/support", None),
        ("DELETE", "/support", None),
        ("POST", "/comments", {"text": "나도"}),
        ("DELETE", "/comments/1", None),
        ("POST", "/answer", {"state": "under_review"}),
        ("POST", "/hide", {"reason": "그냥"}),
        ("DELETE", "/hide", None),
    ],
)
def test_visitors_only_read(
    path: str, visitor: Caller, node: CityNode, method: str, below: str, body: object
) -> None:
    refusal(visitor.ask(method, path + below, json=body), 403, "not_allowed")
    refusal(visitor.ask("POST", "/api/v1/proposals", json=PROPOSAL), 403, "not_allowed")
    refusal(visitor.ask("GET", "/api/v1/proposals?mine=true"), 403, "not_allowed")
    assert told(node) == ["proposed"]


def test_pages_of_other_sites_and_without_the_token_do_nothing(
    path: str, author: Caller, node: CityNode
) -> None:
    refusal(author.ask("DELETE", path, headers={"origin": "https://evil.example"}), 403, "foreign_page")
    refusal(author.ask("DELETE", path, headers={"x-csrf-token": "x"}), 403, "csrf")
    assert told(node) == ["proposed"]


def test_the_same_key_proposes_once(author: Caller, node: CityNode) -> None:
    key = {"idempotency-key": "proposal-1"}
    first, again = (
        author.ask("POST", "/api/v1/proposals", json=PROPOSAL, headers=key).json()["id"] for _ in range(2)
    )
    assert first == again
    other = author.ask("POST", "/api/v1/proposals", json=PROPOSAL | {"title": "다른"}, headers=key)
    refusal(other, 409, "key_reused")
    assert told(node) == ["proposed"]


def test_clients_hear_that_something_changed(path: str, node: CityNode, neighbour: Caller) -> None:
    class Loop:
        def call_soon_threadsafe(self, teller: Callable[..., None], *told: Any) -> None:
            teller(*told)

    heard: list[tuple[str, object]] = []
    node.offices.news.attach(Loop(), lambda topic, citizens: heard.append((topic, citizens)))  # type: ignore[arg-type] -- a loop of one method
    neighbour.ask("PUT", f"{path}/support")
    assert heard == [("proposals", None)]


def test_the_author_s_name_goes_with_the_author(path: str, author: Caller, visitor: Caller) -> None:
    assert author.ask("DELETE", "/api/v1/citizen").status_code == 204
    assert visitor.ask("GET", path).json()["author"] is None
