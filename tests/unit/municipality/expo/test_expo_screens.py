"""Keys of the screens, and how visits are counted."""

import pytest

from municipality.access import Actor
from municipality.errors import NotFoundError
from tests.unit.municipality.expo.exhibitors import A1, A2, SAYS, VISITOR, Expo


def test_a_key_opens_one_booths_screen(expo: Expo, exhibitor: Actor) -> None:
    token, at = expo.publishing.issue(exhibitor, A1, now=20.0)
    found = expo.publishing.publisher(token)
    assert found is not None
    assert (found.slot, found.key_at, at) == (A1, 20.0, 20.0)
    for wrong in ("", token[:-1], token + "x", token.upper(), "x" * 10_000):
        assert expo.publishing.publisher(wrong) is None
    assert token not in expo.everything_kept(["booths", "journal_entries"])


def test_a_new_key_ends_the_one_before(expo: Expo, exhibitor: Actor) -> None:
    first, _ = expo.publishing.issue(exhibitor, A1, now=20.0)
    second, _ = expo.publishing.issue(exhibitor, A1, now=30.0)
    assert expo.publishing.publisher(first) is None
    assert expo.publishing.publisher(second) is not None
    expo.publishing.revoke(exhibitor, A1, now=40.0)
    assert expo.publishing.publisher(second) is None
    with pytest.raises(NotFoundError):
        expo.publishing.revoke(exhibitor, A1, now=41.0)
    assert expo.kinds() == ["take", "key", "key", "key_end"]


def test_visits_are_counted_by_the_hour(expo: Expo, exhibitor: Actor) -> None:
    hour = 3600.0 * 500_000
    assert not expo.visits.visit(VISITOR, A1, now=hour), "it is not open yet"
    expo.booths.open(exhibitor, A1, now=hour)
    assert expo.visits.visit(VISITOR, A1, now=hour + 1.0)
    assert expo.visits.visit(expo.citizen(), A1, now=hour + 3599.0)
    assert expo.visits.visit(VISITOR, A1, now=hour + 3600.0)
    assert not expo.visits.visit(exhibitor, A1, now=hour + 3600.0), "staff are no visitors"
    assert not expo.visits.visit(VISITOR, A2, now=hour)
    figures = expo.visits.figures(exhibitor, A1, now=hour + 7200.0)
    assert figures.total == 3
    assert figures.hours == ((int(hour), 2), (int(hour) + 3600, 1))
    later = expo.visits.figures(exhibitor, A1, now=hour + 8 * 86_400.0)
    assert (later.total, later.hours) == (3, ())
    with pytest.raises(NotFoundError):
        expo.visits.visit(VISITOR, "nowhere", now=hour)


def test_visits_begin_anew_with_the_next_organisation(
    expo: Expo, exhibitor: Actor, rival: Actor, rivals: int
) -> None:
    expo.booths.open(exhibitor, A1, now=0.0)
    expo.visits.visit(VISITOR, A1, now=1.0)
    expo.booths.free(exhibitor, A1, None, now=2.0)
    expo.booths.put(rival, A1, rivals, SAYS, now=3.0)
    assert expo.visits.figures(expo.now(rival), A1, now=4.0).total == 0
