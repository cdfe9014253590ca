import json

import pytest

from municipality.access import Actor
from municipality.errors import (
    ConflictError,
    KeyReusedError,
    NotAllowedError,
    NotFoundError,
    TextRefusedError,
)
from municipality.journal import digest_of, entries, verify
from municipality.participation import JOURNAL, Comments, Proposals
from municipality.participation.comments import MOST_A_DAY
from municipality.store import Store

VISITOR = Actor()


def count(proposals: Proposals, proposal: int) -> int:
    return proposals.found(VISITOR, proposal)[0].comments


def test_comments_are_read_in_order_a_page_at_a_time(
    proposals: Proposals, comments: Comments, proposal: int, neighbour: Actor
) -> None:
    for number in range(5):
        comments.comment(neighbour, proposal, f"의견 {number}", now=float(number))
    read: list[str] = []
    after: int | None = 0
    while after is not None:
        page = comments.listed(VISITOR, proposal, after=after, limit=2)
        read += [comment.text for comment in page.comments]
        after = page.after
    assert read == [f"의견 {number}" for number in range(5)]
    assert count(proposals, proposal) == 5


def test_the_journal_tells_of_a_comment_by_its_digest(
    store: Store, comments: Comments, proposal: int, neighbour: Actor
) -> None:
    number = comments.comment(neighbour, proposal, "찬성해요.", now=1.0)
    with store.engine.connect() as connection:
        *_, last = entries(connection, JOURNAL)
        assert verify(connection, JOURNAL) == []
    assert json.loads(last.body) == {
        "proposal": proposal,
        "comment": number,
        "text": digest_of("찬성해요."),
    }


def test_the_same_key_comments_once(
    proposals: Proposals, comments: Comments, proposal: int, neighbour: Actor
) -> None:
    numbers = {comments.comment(neighbour, proposal, "좋아요", now=1.0, key="k") for _ in range(3)}
    assert len(numbers) == count(proposals, proposal) == 1
    with pytest.raises(KeyReusedError):
        comments.comment(neighbour, proposal, "싫어요", now=1.0, key="k")


def test_a_withdrawn_comment_loses_its_text(
    proposals: Proposals, comments: Comments, proposal: int, author: Actor, neighbour: Actor, officer: Actor
) -> None:
    number = comments.comment(neighbour, proposal, "제 번호는 010…", now=1.0)
    with pytest.raises(NotAllowedError):
        comments.withdraw(author, proposal, number, now=2.0)
    for _ in range(2):
        comments.withdraw(neighbour, proposal, number, now=2.0)
    for viewer in (VISITOR, neighbour, officer):
        (seen,) = comments.listed(viewer, proposal).comments
        assert (seen.text, seen.withdrawn) == ("", True)
    assert count(proposals, proposal) == 0


def test_a_hidden_comment_keeps_its_reason_in_sight(
    proposals: Proposals, comments: Comments, proposal: int, author: Actor, neighbour: Actor, officer: Actor
) -> None:
    number = comments.comment(neighbour, proposal, "욕설", now=1.0)
    with pytest.raises(NotAllowedError):
        comments.hide(author, proposal, number, "싫어요", now=2.0)
    for reason in ("욕설이에요.", "모욕이에요."):
        comments.hide(officer, proposal, number, reason, now=2.0)
    (seen,) = comments.listed(VISITOR, proposal).comments
    assert (seen.text, seen.hidden) == ("", "모욕이에요.")
    assert comments.listed(neighbour, proposal).comments[0].text == "욕설"
    assert count(proposals, proposal) == 0
    for _ in range(2):
        comments.hide(officer, proposal, number, None, now=3.0)
    assert (count(proposals, proposal), comments.listed(VISITOR, proposal).comments[0].text) == (1, "욕설")


def test_a_comment_belongs_to_its_proposal(
    comments: Comments, proposal: int, neighbour: Actor, officer: Actor
) -> None:
    number = comments.comment(neighbour, proposal, "여기", now=1.0)
    for act in (
        lambda: comments.withdraw(neighbour, proposal + 1, number, now=2.0),
        lambda: comments.hide(officer, proposal + 1, number, "저기", now=2.0),
        lambda: comments.withdraw(neighbour, proposal, number + 1, now=2.0),
        lambda: comments.comment(neighbour, proposal + 1, "저기", now=2.0),
        lambda: comments.listed(neighbour, proposal + 1),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_nobody_speaks_about_what_is_out_of_sight(
    proposals: Proposals, comments: Comments, proposal: int, author: Actor, neighbour: Actor, officer: Actor
) -> None:
    comments.comment(neighbour, proposal, "먼저", now=1.0)
    proposals.hide(officer, proposal, "사유", now=2.0)
    with pytest.raises(ConflictError):
        comments.comment(neighbour, proposal, "나중", now=3.0)
    assert comments.listed(VISITOR, proposal).comments == ()
    proposals.hide(officer, proposal, None, now=4.0)
    proposals.withdraw(author, proposal, now=5.0)
    with pytest.raises(NotFoundError):
        comments.comment(neighbour, proposal, "나중", now=6.0)


@pytest.mark.parametrize("text", ["", "\u200b", "가" * 1001, "\x07", "\u2067"])
def test_a_text_that_may_not_be_shown_is_refused(
    comments: Comments, proposal: int, neighbour: Actor, text: str
) -> None:
    with pytest.raises(TextRefusedError):
        comments.comment(neighbour, proposal, text, now=1.0)
    assert comments.listed(VISITOR, proposal).comments == ()


def test_visitors_do_not_comment(comments: Comments, proposal: int) -> None:
    with pytest.raises(NotAllowedError):
        comments.comment(VISITOR, proposal, "저도요", now=1.0)


def test_one_citizen_fills_no_board(comments: Comments, proposal: int, neighbour: Actor) -> None:
    for _ in range(MOST_A_DAY):
        comments.comment(neighbour, proposal, "또", now=0.0)
    with pytest.raises(ConflictError):
        comments.comment(neighbour, proposal, "또", now=1.0)
    comments.comment(neighbour, proposal, "또", now=86_401.0)
