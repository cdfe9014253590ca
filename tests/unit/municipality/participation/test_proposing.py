import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from municipality.access import CITY_HALL, Action, Actor, Denial, Grant, Role
from municipality.errors import (
    ConflictError,
    KeyReusedError,
    MunicipalityError,
    NotAllowedError,
    NotFoundError,
    TextRefusedError,
)
from municipality.journal import digest_of, entries, verify
from municipality.participation import JOURNAL, Act, Draft, Proposals, State, acts_open_to
from municipality.participation.proposals import MOST_A_DAY
from municipality.store import Store
from tests.unit.municipality.participation.people import CITY_HALL_AT, DRAFT, citizen

VISITOR = Actor()


def acts(store: Store) -> list[tuple[str, dict[str, object]]]:
    with store.engine.connect() as connection:
        assert verify(connection, JOURNAL) == []
        return [(entry.kind, json.loads(entry.body)) for entry in entries(connection, JOURNAL)]


def test_everybody_reads_what_a_citizen_proposed(proposals: Proposals, proposal: int, author: Actor) -> None:
    found, answers = proposals.found(VISITOR, proposal)
    assert (found.title, found.text, found.category) == (DRAFT.title, DRAFT.text, "safety")
    assert (found.x, found.z) == (12.34, -6.0)
    assert (found.author, found.state, found.supports, found.comments) == (author.citizen, State.OPEN, 0, 0)
    assert (found.supported, found.vote, found.is_due, found.hidden, answers) == (
        False,
        None,
        False,
        None,
        (),
    )


def test_the_journal_tells_of_texts_by_their_digests(store: Store, proposal: int) -> None:
    ((kind, body),) = acts(store)
    assert kind == "proposed"
    assert body["proposal"] == proposal
    assert body["title"] == digest_of(DRAFT.title)
    assert DRAFT.text not in json.dumps(body, ensure_ascii=False)


def test_pins_without_a_place_stand_apart_before_the_city_hall(proposals: Proposals, author: Actor) -> None:
    numbers = [proposals.propose(author, replace(DRAFT, place=None), now=0.0) for _ in range(3)]
    shown = [proposals.found(VISITOR, number)[0] for number in numbers]
    points = {(one.x, one.z) for one in shown}
    assert len(points) == 3
    assert all(math.dist(point, CITY_HALL_AT) < 25.0 for point in points)


def test_the_same_key_proposes_once(store: Store, proposals: Proposals, author: Actor) -> None:
    first = proposals.propose(author, DRAFT, now=0.0, key="k")
    assert proposals.propose(author, DRAFT, now=9.0, key="k") == first
    with pytest.raises(KeyReusedError):
        proposals.propose(author, replace(DRAFT, title="다른 제목"), now=9.0, key="k")
    assert len(acts(store)) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"title": " "},
        {"title": "가" * 81},
        {"title": "\u202emoc"},
        {"text": "\x00"},
        {"text": "가" * 4001},
        {"category": "games"},
        {"place": (501.0, 0.0)},
        {"place": (math.nan, 0.0)},
        {"place": (0.0, math.inf)},
    ],
)
def test_what_may_not_be_shown_is_refused_in_both_languages(
    store: Store, proposals: Proposals, author: Actor, bad: dict[str, object]
) -> None:
    with pytest.raises(TextRefusedError) as refused:
        proposals.propose(author, replace(DRAFT, **bad), now=0.0)  # type: ignore[arg-type] -- on purpose
    assert refused.value.ko != refused.value.en
    assert acts(store) == []


def test_sql_and_html_are_just_text(proposals: Proposals, author: Actor) -> None:
    wild = Draft("'); DROP TABLE proposals; --", "<img src=x onerror=alert(1)>\n{{7*7}}", "other")
    found, _ = proposals.found(VISITOR, proposals.propose(author, wild, now=0.0))
    assert (found.title, found.text) == (wild.title, wild.text)


def test_one_citizen_fills_no_board(proposals: Proposals, author: Actor) -> None:
    for _ in range(MOST_A_DAY):
        proposals.propose(author, DRAFT, now=0.0)
    with pytest.raises(ConflictError):
        proposals.propose(author, DRAFT, now=86_000.0)
    proposals.propose(author, DRAFT, now=86_401.0)


def test_an_author_edits_until_the_first_support(
    proposals: Proposals, proposal: int, author: Actor, neighbour: Actor
) -> None:
    better = Draft("골목 가로등 두 개", "밤길이 어두워요.", "safety")
    with pytest.raises(NotAllowedError):
        proposals.edit(neighbour, proposal, better, now=11.0)
    proposals.edit(author, proposal, better, now=11.0)
    found, _ = proposals.found(VISITOR, proposal)
    assert (found.title, found.edited_at, found.z) == (better.title, 11.0, -6.0)
    proposals.support(neighbour, proposal, now=12.0)
    with pytest.raises(ConflictError):
        proposals.edit(author, proposal, DRAFT, now=13.0)
    proposals.support(neighbour, proposal, now=14.0, wanted=False)
    proposals.edit(author, proposal, DRAFT, now=15.0)


def test_one_citizen_supports_once_and_may_take_it_back(
    store: Store, proposals: Proposals, proposal: int, neighbour: Actor
) -> None:
    assert [proposals.support(neighbour, proposal, now=1.0) for _ in range(2)] == [1, 1]
    assert proposals.found(neighbour, proposal)[0].supported
    assert not proposals.found(VISITOR, proposal)[0].supported
    assert [proposals.support(neighbour, proposal, now=1.0, wanted=False) for _ in range(2)] == [0, 0]
    assert [kind for kind, _ in acts(store)] == ["proposed", "supported", "support_withdrawn"]


def test_enough_supports_oblige_the_city_to_answer(
    proposals: Proposals, proposal: int, author: Actor, neighbour: Actor, officer: Actor
) -> None:
    proposals.support(author, proposal, now=20.0)
    assert not proposals.found(VISITOR, proposal)[0].is_due
    proposals.support(neighbour, proposal, now=21.0)
    proposals.support(neighbour, proposal, now=22.0, wanted=False)
    due, _ = proposals.found(VISITOR, proposal)
    assert (due.is_due, due.due_since, due.supports) == (True, 21.0, 1)
    proposals.answer(officer, proposal, State.UNDER_REVIEW, "", now=23.0)
    proposals.answer(officer, proposal, State.DECLINED, "예산이 없어요.", now=24.0)
    assert not proposals.found(VISITOR, proposal)[0].is_due


def test_an_answer_takes_a_proposal_on_its_way(
    store: Store, proposals: Proposals, proposal: int, officer: Actor
) -> None:
    proposals.answer(officer, proposal, State.UNDER_REVIEW, "살펴보고 있어요.", now=1.0)
    proposals.answer(officer, proposal, State.ACCEPTED, "내년에 세워요.", now=2.0)
    proposals.answer(officer, proposal, State.DONE, "세웠어요.", now=3.0)
    found, answers = proposals.found(VISITOR, proposal)
    assert found.state is State.DONE
    assert [(answer.state, answer.text) for answer in answers] == [
        (State.UNDER_REVIEW, "살펴보고 있어요."),
        (State.ACCEPTED, "내년에 세워요."),
        (State.DONE, "세웠어요."),
    ]
    assert acts(store)[-1] == (
        "answered",
        {"proposal": proposal, "state": "done", "text": digest_of("세웠어요.")},
    )


@pytest.mark.parametrize("state", [state for state in State if state is not State.UNDER_REVIEW])
def test_no_answer_jumps_over_the_review(
    proposals: Proposals, proposal: int, officer: Actor, state: State
) -> None:
    with pytest.raises(ConflictError):
        proposals.answer(officer, proposal, state, "그래요.", now=1.0)


def test_a_decision_needs_words(proposals: Proposals, proposal: int, officer: Actor) -> None:
    proposals.answer(officer, proposal, State.UNDER_REVIEW, " ", now=1.0)
    with pytest.raises(TextRefusedError):
        proposals.answer(officer, proposal, State.ACCEPTED, " \n", now=2.0)


def test_an_author_withdraws_until_the_decision(
    store: Store, proposals: Proposals, author: Actor, neighbour: Actor, officer: Actor
) -> None:
    first, second = (proposals.propose(author, DRAFT, now=0.0) for _ in range(2))
    proposals.answer(officer, first, State.UNDER_REVIEW, "", now=1.0)
    with pytest.raises(NotAllowedError):
        proposals.withdraw(neighbour, first, now=2.0)
    for _ in range(2):
        proposals.withdraw(author, first, now=2.0)
    assert proposals.found(author, first)[0].state is State.WITHDRAWN
    assert proposals.found(officer, first)[0].state is State.WITHDRAWN
    with pytest.raises(NotFoundError):
        proposals.found(neighbour, first)
    with pytest.raises(ConflictError):
        proposals.support(neighbour, first, now=3.0)
    proposals.answer(officer, second, State.UNDER_REVIEW, "", now=3.0)
    proposals.answer(officer, second, State.ACCEPTED, "좋아요.", now=4.0)
    with pytest.raises(ConflictError):
        proposals.withdraw(author, second, now=5.0)
    assert [kind for kind, _ in acts(store)].count("withdrawn") == 1


def test_what_is_hidden_keeps_its_reason_in_sight(
    proposals: Proposals, proposal: int, author: Actor, neighbour: Actor, officer: Actor
) -> None:
    proposals.hide(officer, proposal, "다른 사람의 전화번호가 있어요.", now=1.0)
    seen, _ = proposals.found(neighbour, proposal)
    assert (seen.title, seen.text, seen.hidden) == ("", "", "다른 사람의 전화번호가 있어요.")
    assert proposals.found(author, proposal)[0].title == DRAFT.title
    for act in (
        lambda: proposals.support(neighbour, proposal, now=2.0),
        lambda: proposals.edit(author, proposal, DRAFT, now=2.0),
        lambda: proposals.answer(officer, proposal, State.UNDER_REVIEW, "", now=2.0),
    ):
        with pytest.raises(ConflictError):
            act()
    proposals.hide(officer, proposal, None, now=3.0)
    assert proposals.found(neighbour, proposal)[0].title == DRAFT.title


def test_a_proposal_leads_to_a_vote_once(
    store: Store, proposals: Proposals, proposal: int, author: Actor, officer: Actor
) -> None:
    with pytest.raises(NotAllowedError):
        proposals.lead_to_vote(author, proposal, 7, now=1.0)
    for _ in range(2):
        proposals.lead_to_vote(officer, proposal, 7, now=1.0)
    assert proposals.found(VISITOR, proposal)[0].vote == 7
    assert acts(store)[-1] == ("led_to_vote", {"proposal": proposal, "vote": 7})
    assert len(acts(store)) == 2


@pytest.mark.parametrize("number", [0, -1, 999, 2**62])
def test_a_proposal_that_is_none_is_not_found(
    proposals: Proposals, author: Actor, officer: Actor, number: int
) -> None:
    for act in (
        lambda: proposals.found(author, number),
        lambda: proposals.support(author, number, now=0.0),
        lambda: proposals.edit(author, number, DRAFT, now=0.0),
        lambda: proposals.withdraw(author, number, now=0.0),
        lambda: proposals.answer(officer, number, State.UNDER_REVIEW, "", now=0.0),
        lambda: proposals.hide(officer, number, "그냥", now=0.0),
    ):
        with pytest.raises(NotFoundError):
            act()


ELSEWHERE = Actor(1, grants=frozenset({Grant(Role.OFFICER, "city/kdj_center")}))
MUTED = Actor(
    1,
    grants=frozenset({Grant(Role.CITIZEN)}),
    denials=frozenset({Denial(action) for action in (Action.PROPOSE, Action.SUPPORT)}),
)


@pytest.mark.parametrize("actor", [VISITOR, ELSEWHERE, MUTED])
def test_nobody_does_what_they_may_not(
    store: Store, proposals: Proposals, proposal: int, actor: Actor
) -> None:
    before = acts(store)
    for act in (
        lambda: proposals.propose(actor, DRAFT, now=0.0),
        lambda: proposals.edit(actor, proposal, DRAFT, now=0.0),
        lambda: proposals.withdraw(actor, proposal, now=0.0),
        lambda: proposals.support(actor, proposal, now=0.0),
        lambda: proposals.answer(actor, proposal, State.UNDER_REVIEW, "", now=0.0),
        lambda: proposals.hide(actor, proposal, "그냥", now=0.0),
        lambda: proposals.lead_to_vote(actor, proposal, 1, now=0.0),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert acts(store) == before


def test_every_refusal_leaves_everything_as_it_was(
    store: Store, proposals: Proposals, proposal: int, officer: Actor
) -> None:
    before = (proposals.found(officer, proposal), acts(store))
    with pytest.raises(MunicipalityError):
        proposals.answer(officer, proposal, State.DONE, "끝", now=1.0)
    with pytest.raises(MunicipalityError):
        proposals.hide(officer, proposal, "", now=1.0)
    assert (proposals.found(officer, proposal), acts(store)) == before


def test_an_officer_of_the_whole_city_answers_too(store: Store, proposals: Proposals, proposal: int) -> None:
    everywhere = citizen(store, Role.OFFICER, place="city")
    assert everywhere.may(Action.ANSWER_PROPOSAL, CITY_HALL)
    proposals.answer(everywhere, proposal, State.UNDER_REVIEW, "", now=1.0)


def test_doors_offer_what_would_not_be_refused(
    proposals: Proposals, proposal: int, author: Actor, neighbour: Actor, officer: Actor
) -> None:
    def offered(viewer: Actor) -> set[Act]:
        return set(acts_open_to(viewer, proposals.found(viewer, proposal)[0]))

    assert offered(VISITOR) == set()
    assert offered(author) == {Act.EDIT, Act.WITHDRAW, Act.SUPPORT, Act.COMMENT}
    assert offered(officer) == {Act.SUPPORT, Act.COMMENT, Act.ANSWER, Act.HIDE}
    proposals.support(neighbour, proposal, now=1.0)
    assert offered(neighbour) == {Act.TAKE_SUPPORT_BACK, Act.COMMENT}
    assert offered(author) == {Act.WITHDRAW, Act.SUPPORT, Act.COMMENT}
    proposals.hide(officer, proposal, "사유", now=2.0)
    assert (offered(author), offered(officer)) == (set(), {Act.SHOW})
    proposals.hide(officer, proposal, None, now=3.0)
    proposals.answer(officer, proposal, State.UNDER_REVIEW, "", now=4.0)
    proposals.answer(officer, proposal, State.DECLINED, "아니요.", now=5.0)
    assert (offered(author), offered(officer)) == ({Act.COMMENT}, {Act.COMMENT, Act.HIDE})


def test_many_who_support_at_once_are_all_counted(
    store: Store, proposals: Proposals, proposal: int, author: Actor
) -> None:
    people = [citizen(store) for _ in range(8)]
    with ThreadPoolExecutor(8) as crowd:
        for wanted in (True, False, True):
            list(crowd.map(lambda who: proposals.support(who, proposal, now=1.0, wanted=wanted), people * 2))  # noqa: B023 -- each round ends before the next
        list(crowd.map(lambda _: proposals.support(author, proposal, now=2.0), range(8)))
    assert proposals.found(author, proposal)[0].supports == 9
    assert [kind for kind, _ in acts(store)].count("supported") == 8 + 8 + 1
