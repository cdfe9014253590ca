"""Appeals: whoever was sanctioned may object once, and somebody else than who acted answers."""

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from municipality.access import Actor
from municipality.errors import ConflictError, NotAllowedError, NotFoundError
from municipality.journal import append, digest_of
from municipality.moderation.act import NEEDS, Act
from municipality.moderation.moderation import JOURNAL, lift_in
from municipality.moderation.register import COLUMNS, act_of, find_act, moderated, within
from municipality.moderation.words import Words
from municipality.schema import moderation_acts as acts
from municipality.schema import moderation_appeals as appeals
from municipality.store import Store
from municipality.texts import checked_text
from municipality.tokens import hash_of, typed

#: An appeal comes within this long after the act, seconds.
APPEAL_SECONDS = 30 * 86_400.0
_LONGEST = 2_000
_TEXT, _ANSWER = ("이의 내용", "appeal"), ("답변", "answer")
_MOST = 100

Outcome = Literal["kept", "lifted"]


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal, as officers and its author see it.

    Attributes:
        id: Its number.
        act: Against which act.
        text: What they say; None once it was deleted.
        at: Unix seconds.
        outcome: `kept` or `lifted`; None while it waits.
        answer: What they are told; None while it waits, or once it was deleted.
        answered_at: Unix seconds.
    """

    id: int
    act: Act
    text: str | None
    at: float
    outcome: Outcome | None
    answer: str | None
    answered_at: float | None


class Appeals:
    """The office of appeals. ``now`` is in Unix seconds throughout."""

    def __init__(self, store: Store, words: Words) -> None:
        self._store = store
        self._words = words

    def appeal(self, actor: Actor, number: int, text: str, now: float, code: str | None = None) -> Appeal:
        """Object to an act. No sanction takes this away.

        Args:
            actor: The citizen whom the act is about; for an act about a visitor anybody with its code.
            number: Of the act.
            text: What they say.
            now: Unix seconds.
            code: As a visitor was told.

        Raises:
            NotFoundError: There is no such act about whoever asks: which acts there are is nobody's to guess.
            ConflictError: There is an appeal already, or the time for it is over.
            TextRefusedError: The text will not do.
        """
        shown = checked_text(text, _TEXT, _LONGEST)
        with self._store.write() as connection:
            found = self._own(connection, actor, number, code)
            if now - found.at > APPEAL_SECONDS:
                raise ConflictError(
                    "이의를 낼 수 있는 30일이 지났어요.", "The thirty days for an appeal are over."
                )
            if connection.execute(sa.select(appeals.c.id).where(appeals.c.act == number)).one_or_none():
                raise ConflictError(
                    "이 처분에는 이미 이의를 냈어요. 답변을 기다려 주세요.",
                    "There is an appeal against this act already. Please wait for the answer.",
                )
            values = {
                "act": number,
                "text": self._words.seal(connection, found.target.citizen, shown),
                "at": now,
            }
            connection.execute(sa.insert(appeals), values)
            body = {"act": number, "text": digest_of(shown)}
            append(connection, JOURNAL, at=now, actor=actor, kind="appealed", body=body)
            return self._find(connection, number)

    def of(self, actor: Actor, number: int, code: str | None = None) -> tuple[Act, Appeal | None]:
        """Return an act about whoever asks, and their appeal.

        Raises:
            NotFoundError: There is no such act about them.
        """
        with self._store.engine.connect() as connection:
            found = self._own(connection, actor, number, code)
            try:
                return found, self._find(connection, number)
            except NotFoundError:
                return found, None

    def queue(self, actor: Actor) -> list[Appeal]:
        """Return the appeals that wait, the oldest first: those against acts where the actor may moderate.

        Raises:
            NotAllowedError: The actor moderates nowhere.
        """
        query = _query().where(appeals.c.outcome.is_(None), within(moderated(actor))).order_by(appeals.c.id)
        with self._store.engine.connect() as connection:
            return [self._appeal(connection, row) for row in connection.execute(query.limit(_MOST)).all()]

    def answer(self, actor: Actor, number: int, outcome: Outcome, text: str, now: float) -> Appeal:
        """Answer the appeal against an act; `lifted` takes the act back.

        Raises:
            NotFoundError: There is no such appeal.
            NotAllowedError: The actor may not do such acts there, did this one, or is the one it is about.
            ConflictError: It was answered already.
            TextRefusedError: The text will not do.
        """
        shown = checked_text(text, _ANSWER, _LONGEST)
        with self._store.write() as connection:
            waiting = self._find(connection, number)
            actor.require(NEEDS[waiting.act.kind], waiting.act.place)
            if actor.citizen in {waiting.act.officer, waiting.act.target.citizen}:
                raise NotAllowedError(
                    "처분한 사람이 아닌 다른 담당자가 답해야 해요.",
                    "Somebody else than the officer who acted has to answer.",
                )
            if waiting.outcome is not None:
                raise ConflictError("이미 답한 이의예요.", "This appeal was answered already.")
            values = {
                "outcome": outcome,
                "answer": self._words.seal(connection, waiting.act.target.citizen, shown),
                "answered_by": actor.of_citizen(),
                "answered_at": now,
            }
            connection.execute(sa.update(appeals).where(appeals.c.act == number).values(values))
            body = {"act": number, "outcome": outcome, "answer": digest_of(shown)}
            append(connection, JOURNAL, at=now, actor=actor, kind="appeal_answered", body=body)
            if outcome == "lifted" and waiting.act.lifted_at is None:
                lift_in(connection, actor, waiting.act, now, reason="appeal")
            return self._find(connection, number)

    def _own(self, connection: sa.Connection, actor: Actor, number: int, code: str | None) -> Act:
        found = find_act(connection, number)
        if found.target.citizen is not None:
            if found.target.citizen == actor.citizen:
                return found
        elif code:
            kept = connection.execute(sa.select(acts.c.code).where(acts.c.id == number)).scalar_one()
            if kept == hash_of(typed(code)):
                return found
        raise NotFoundError("그런 처분이 없어요.", "There is no such act.")

    def _find(self, connection: sa.Connection, act: int) -> Appeal:
        row = connection.execute(_query().where(appeals.c.act == act)).one_or_none()
        if row is None:
            raise NotFoundError("그런 이의가 없어요.", "There is no such appeal.")
        return self._appeal(connection, row)

    def _appeal(self, connection: sa.Connection, row: sa.Row[Any]) -> Appeal:
        return Appeal(
            row.appeal,
            act_of(row),
            self._words.unseal(connection, row.citizen, row.text),
            row.appealed_at,
            row.outcome,
            self._words.unseal(connection, row.citizen, row.answer),
            row.answered_at,
        )


def _query() -> sa.Select[Any]:
    table = appeals.c
    return sa.select(
        *COLUMNS,
        table.id.label("appeal"),
        table.text,
        table.at.label("appealed_at"),
        table.outcome,
        table.answer,
        table.answered_at,
    ).join_from(acts, appeals, table.act == acts.c.id)
