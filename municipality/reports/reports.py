"""The report desk: what citizens report, and what officers do about it.

Journal `reports`: `submit` and every later step, with numbers, status and the digests of texts; `assign`;
`hide` with the digest of what was hidden. Texts stand in the tables alone, contacts sealed.
"""

import sqlalchemy as sa

from municipality.access import CITY_HALL, Action, Actor
from municipality.errors import VaultError
from municipality.reports import filing, reading
from municipality.reports.checks import checked_draft, checked_expectation, checked_notes, unsealed_form
from municipality.reports.hiding import hide
from municipality.reports.report import Contact, Draft, Page, Part, Query, Report, ReportStep, Update
from municipality.reports.states import OF_REPORTER, Step
from municipality.requests import once
from municipality.schema import reports
from municipality.store import Store
from municipality.vault import Vault


class Reports:
    """Every report. ``now`` is in Unix seconds throughout; everything happens at City Hall's desk."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    # --- changing -------------------------------------------------------------------------------------

    def submit(self, actor: Actor, draft: Draft, now: float, key: str | None = None) -> Report:
        """Take up a report.

        Args:
            actor: Who reports.
            draft: What and where.
            now: Unix seconds.
            key: Idempotency key: the same again gives the same report.

        Raises:
            NotAllowedError: They may not report.
            NotFoundError: There is no such service.
            TextRefusedError: A text is too long, or holds characters that may not be shown.
            ReportRefusedError: The contact or the photo is none.
            KeyReusedError: The key served another request.
        """
        actor.require(Action.REPORT, CITY_HALL)
        actor.of_citizen()
        checked = checked_draft(draft)
        with self._store.write() as connection:
            number = once(
                connection,
                actor,
                key,
                {"act": "report", **filing.content(checked)},
                now=now,
                act=lambda: filing.submit(connection, self._vault, actor, checked, now),
            )
            return reading.one(connection, number)

    def take_step(  # noqa: PLR0913 -- who, on what, what, in whose words, until when
        self,
        actor: Actor,
        number: int,
        step: Step,
        *,
        now: float,
        note_ko: str | None = None,
        note_en: str | None = None,
        expected_at: float | None = None,
        key: str | None = None,
    ) -> Report:
        """Do something to a report: an officer acknowledges, starts, notes or answers; the reporter reopens.

        Raises:
            NotAllowedError: They may not do this, or it is somebody else's report.
            NotFoundError: There is no such report.
            ConflictError: This does not follow its status, or it is too late, or was done too often.
            TextRefusedError: A text is too long, or holds characters that may not be shown.
            ReportRefusedError: Words are missing, or the expected time cannot be.
            KeyReusedError: The key served another request.
        """
        actor.require(Action.REPORT if step in OF_REPORTER else Action.ANSWER_REPORT, CITY_HALL)
        actor.of_citizen()
        words = filing.Words(
            *checked_notes(step, note_ko, note_en), checked_expectation(step, expected_at, now)
        )
        content = {"act": step.value, "report": number, "words": [words.ko, words.en, words.expected_at]}
        with self._store.write() as connection:
            once(
                connection,
                actor,
                key,
                content,
                now=now,
                act=lambda: filing.take_step(connection, actor, number, step=step, words=words, now=now),
            )
            return reading.one(connection, number)

    def assign(self, actor: Actor, number: int, officer: int | None, now: float) -> Report:
        """Give a report to an officer, or to nobody.

        Raises:
            NotAllowedError: They may not answer reports.
            NotFoundError: There is no such report, or that citizen may not answer reports.
        """
        actor.require(Action.ANSWER_REPORT, CITY_HALL)
        with self._store.write() as connection:
            filing.assign(connection, actor, number, officer, now)
            return reading.one(connection, number)

    def hide(  # noqa: PLR0913 -- who hides what of which, why and when
        self, actor: Actor, number: int, part: Part, reason: str, *, now: float, step: int | None = None
    ) -> Report:
        """Take a text or the photo out of sight for good; its digest and the reason stay.

        Raises:
            NotAllowedError: They may not hide.
            NotFoundError: There is no such report or step, or nothing to hide there.
            TextRefusedError: The reason is empty or too long.
        """
        actor.require(Action.HIDE, CITY_HALL)
        actor.of_citizen()
        with self._store.write() as connection:
            hide(connection, actor, number, part, reason, step=step, now=now)
            return reading.one(connection, number)

    # --- reading --------------------------------------------------------------------------------------

    def report(self, number: int) -> Report:
        """Return a report.

        Raises:
            NotFoundError: There is none of that number.
        """
        with self._store.engine.connect() as connection:
            return reading.one(connection, number)

    def find(self, actor: Actor, query: Query) -> Page:
        """Return reports. Who has which is for officers alone.

        Raises:
            NotAllowedError: Somebody who is no officer asks by officer, or a visitor for their own.
        """
        if query.assignee is not None or query.unassigned:
            actor.require(Action.ANSWER_REPORT, CITY_HALL)
        with self._store.engine.connect() as connection:
            return reading.page(connection, actor, query)

    def report_and_steps(self, number: int) -> tuple[Report, list[ReportStep]]:
        """Return a report and what was done to it, both of one moment.

        Raises:
            NotFoundError: There is none of that number.
        """
        with self._store.engine.connect() as connection:
            return reading.one(connection, number), reading.steps_of(connection, number)

    def steps(self, number: int) -> list[ReportStep]:
        """Return what was done to a report, in order.

        Raises:
            NotFoundError: There is none of that number.
        """
        with self._store.engine.connect() as connection:
            reading.row_of(connection, number)
            return reading.steps_of(connection, number)

    def updates(self, since: float, until: float, offset: int = 0, limit: int = 1_000) -> list[Update]:
        """Return what was done to all reports after they were submitted, the newest first."""
        with self._store.engine.connect() as connection:
            return reading.updates(connection, since, until, offset, limit)

    def contact(self, actor: Actor, number: int) -> Contact | None:
        """Return how to reach the reporter, for themselves and for officers; None without, or once erased.

        Raises:
            NotAllowedError: They are neither.
            NotFoundError: There is no such report.
        """
        with self._store.engine.connect() as connection:
            row = reading.row_of(connection, number)
            if actor.citizen is None or actor.citizen != row.reporter:
                actor.require(Action.ANSWER_REPORT, CITY_HALL)
            if row.contact is None:
                return None
            try:
                return unsealed_form(
                    self._vault.unseal(connection, row.reporter, filing.CONTACT, row.contact)
                )
            except VaultError:
                return None

    def uses_photo(self, photo: str) -> bool:
        """Tell whether a report still shows a picture."""
        query = sa.select(reports.c.id).where(reports.c.photo == photo).limit(1)
        with self._store.engine.connect() as connection:
            return connection.execute(query).one_or_none() is not None
