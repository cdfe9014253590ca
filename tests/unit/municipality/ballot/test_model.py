"""Votes against a model: a dictionary of who voted for what."""

import io
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from municipality.ballot import Receipt, State, Votes, endings, export, verify
from municipality.ballot.casting import Cast, Casting
from municipality.ballot.register import Register
from municipality.errors import (
    AlreadyVotedError,
    BallotRefusedError,
    ConflictError,
    MunicipalityError,
    NotAllowedError,
    VoteNotOpenError,
)
from municipality.store import Store
from tests.support.voters import KEY, START, admit, citizen, draft, officer

LASTS = 100
CASTS = st.lists(
    st.tuples(
        st.integers(1, 8),  # who
        st.integers(0, 1),  # in which vote
        st.sampled_from([(), (0,), (1, 2), (0, 1, 2), (3,), (1, 1)]),
        st.sampled_from(["key-a", "key-b"]),
        st.booleans(),  # with a ballot of the city, or from elsewhere
    ),
    min_size=1,
    max_size=12,
)


@dataclass
class Model:
    """A vote as it should be."""

    opens: int
    closes: int
    cast: dict[int, tuple[frozenset[int], str, Receipt]] = field(default_factory=dict)
    cancelled: bool = False
    counted: bool = False


class Voting(RuleBasedStateMachine):
    @initialize(later=st.integers(0, 30))
    def begin(self, later: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(Path(self.folder.name) / "city.sqlite3")
        admit(self.store, range(1, 9))
        self.now = float(START)
        self.votes, self.register = Votes(self.store, KEY), Register()
        self.models = {}
        for opens in (START, START + later):
            wanted = draft(opens=opens, closes=opens + LASTS)
            number = self.votes.open(officer(), wanted, now=self.now).definition.vote
            self.models[number] = Model(opens, opens + LASTS)

    @rule(casts=CASTS)
    def vote(self, casts: list[tuple[int, int, tuple[int, ...], str, bool]]) -> None:
        numbers = list(self.models)
        asked = [
            Cast(citizen(who, "city" if here else "city/elsewhere"), numbers[which], choices, key)
            for who, which, choices, key, here in casts
        ]
        with self.store.write() as connection:
            found = Casting(connection, self.register, KEY, self.now).outcomes(asked)
        for cast, outcome in zip(asked, found, strict=True):
            self._agrees(cast, outcome)

    def _agrees(self, cast: Cast, outcome: Receipt | MunicipalityError) -> None:
        """The model does the same, and says the same."""
        model, who = self.models[cast.vote], cast.actor.of_citizen()
        expected = self._refusal(model, who, cast)
        if expected is not None:
            assert isinstance(outcome, expected), (expected, outcome)
            return
        assert isinstance(outcome, Receipt), outcome
        outcome.check()
        if who in model.cast:
            assert outcome == model.cast[who][2]
        else:
            assert outcome.index == len(model.cast)
            model.cast[who] = (frozenset(cast.choices), cast.key, outcome)  # type: ignore[arg-type]

    def _refusal(self, model: Model, who: int, cast: Cast) -> type[MunicipalityError] | None:
        if 3 in cast.choices or len(set(cast.choices)) != len(cast.choices):
            return BallotRefusedError
        if who in model.cast:
            same = model.cast[who][:2] == (frozenset(cast.choices), cast.key)
            return None if same else AlreadyVotedError
        if not cast.actor.may("vote", "city/city_hall"):  # type: ignore[arg-type] -- a StrEnum's value
            return NotAllowedError
        if model.cancelled or model.counted or not model.opens <= self.now < model.closes:
            return VoteNotOpenError
        return None

    @rule(seconds=st.floats(0.0, 60.0))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(which=st.integers(0, 1))
    def cancel(self, which: int) -> None:
        number = list(self.models)[which]
        model = self.models[number]
        if model.cancelled or model.counted or self.now >= model.closes:
            with pytest.raises(ConflictError):
                self.votes.cancel(officer(), number, "a slip", now=self.now)
        else:
            model.cancelled = True
            self.votes.cancel(officer(), number, "a slip", now=self.now)

    @rule()
    def count(self) -> None:
        with self.store.write() as connection:
            for number in endings.due(connection, self.now):
                opened = self.register.opened(connection, number)
                endings.close(connection, number, opened, KEY, self.now)
                self.models[number].counted = True
        for model in self.models.values():
            assert model.counted or model.cancelled or self.now < model.closes

    @invariant()
    def the_export_says_what_the_model_says(self) -> None:
        for number, model in getattr(self, "models", {}).items():
            receipts = [receipt for _, _, receipt in model.cast.values()]
            text = "".join(export(self.store, number)).encode()
            found = verify(io.BytesIO(text), receipts, KEY.fingerprint)
            assert found.passed, found.faults
            assert found.ballots == len(model.cast)
            seen = self.votes.get(number, now=self.now)
            assert seen.turnout == len(model.cast)
            assert (seen.state is State.CANCELLED) == model.cancelled
            if model.counted:
                chosen = [choices for choices, _, _ in model.cast.values()]
                expected = tuple(sum(option in choices for choices in chosen) for option in range(3))
                assert found.approvals == expected
                assert found.ending is not None
                assert found.ending.blank == sum(not choices for choices in chosen)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


TestVoting = Voting.TestCase
TestVoting.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
