import json
import math
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from municipality import journal
from municipality.access import Action, Actor, Denial
from municipality.errors import (
    ConflictError,
    KeyReusedError,
    NotAllowedError,
    NotFoundError,
    ReportRefusedError,
    TextRefusedError,
)
from municipality.reports import (
    OPEN,
    SERVICES,
    Act,
    Contact,
    Part,
    Query,
    Report,
    Status,
    Step,
    acts_open_to,
)
from municipality.reports.states import after, steps_from
from municipality.schema import reports as reports_table
from tests.unit.municipality.reports.town import NOW, Town

DAY = 86_400.0
HOSTILE = "'); DROP TABLE reports;-- <script>alert(1)</script> \\ %s {0} ${7*7} ]]>&amp;"
CONTACT = Contact("김보라", "062-000-0000", "bora@example.org")


def entries(town: Town) -> list[tuple[str, dict[str, object]]]:
    with town.store.engine.connect() as connection:
        assert journal.verify(connection, "reports") == []
        return [(row.kind, json.loads(row.body)) for row in journal.entries(connection, "reports")]


def answered(town: Town, reporter: Actor, officer: Actor, now: float = NOW) -> Report:
    report = town.reports.submit(reporter, town.draft(), now)
    return town.reports.take_step(officer, report.id, Step.ANSWER, now=now, note_ko="고쳤어요.")


def test_a_report_goes_its_way_from_submitted_to_answered_reopened_and_answered_again(town: Town) -> None:
    reporter, officer = town.citizen("보라"), town.officer("담당")
    report = town.reports.submit(reporter, town.draft(address="내방로 111"), NOW)
    take = town.reports.take_step
    take(officer, report.id, Step.ACKNOWLEDGE, now=NOW + 1)
    take(officer, report.id, Step.START, now=NOW + 2, expected_at=NOW + DAY, note_en="On our way.")
    take(officer, report.id, Step.ANSWER, now=NOW + 3, note_ko="고쳤어요.", note_en="Fixed.")
    take(reporter, report.id, Step.REOPEN, now=NOW + 4, note_ko="다시 깨졌어요.")
    closed = take(officer, report.id, Step.ANSWER, now=NOW + 5, note_ko="바꿨어요.")
    assert (closed.status, closed.reopened, closed.answered_at) == (Status.ANSWERED, 1, NOW + 5)
    assert closed.expected_at is None
    assert closed.status_note == ("바꿨어요.", None)
    steps = town.reports.steps(report.id)
    assert [(step.kind, step.status, step.by_reporter) for step in steps] == [
        (Step.SUBMIT, Status.SUBMITTED, True),
        (Step.ACKNOWLEDGE, Status.ACKNOWLEDGED, False),
        (Step.START, Status.IN_PROGRESS, False),
        (Step.ANSWER, Status.ANSWERED, False),
        (Step.REOPEN, Status.REOPENED, True),
        (Step.ANSWER, Status.ANSWERED, False),
    ]
    assert steps[2].expected_at == NOW + DAY
    assert [kind for kind, _ in entries(town)] == [step.kind.value for step in steps]


def test_a_step_that_does_not_follow_is_refused_and_changes_nothing(town: Town) -> None:
    reporter, officer = town.citizen("보라"), town.officer("담당")
    report = town.reports.submit(reporter, town.draft(), NOW)
    wrong = [(status, step) for status in Status for step in set(Step) - steps_from(status)]
    assert len(wrong) == len(Status) * len(Step) - 12
    for status, step in wrong:
        with town.store.write() as connection:
            connection.execute(sa.update(reports_table).values(status=status.value, answered_at=NOW))
        actor = reporter if step in {Step.REOPEN, Step.SUBMIT} else officer
        with pytest.raises(ConflictError):
            town.reports.take_step(actor, report.id, step, now=NOW + 1, note_ko="네")
        assert town.reports.report(report.id).status is status
    assert [kind for kind, _ in entries(town)] == ["submit"]


def test_every_status_but_the_first_is_reached_and_none_is_a_dead_end() -> None:
    reached = {after(status, step) for status in Status for step in steps_from(status)}
    assert reached == set(Status) - {Status.SUBMITTED}
    assert all(steps_from(status) for status in Status)
    assert Status.ANSWERED not in OPEN


def test_visitors_and_people_under_a_sanction_report_nothing(town: Town) -> None:
    barred = replace(town.citizen("보라"), denials=frozenset({Denial(Action.REPORT, "city")}))
    for actor in (Actor(), barred):
        with pytest.raises(NotAllowedError):
            town.reports.submit(actor, town.draft(), NOW)
    assert entries(town) == []


def test_only_officers_of_city_hall_answer_assign_and_hide(town: Town) -> None:
    report = town.reports.submit(town.citizen("보라"), town.draft(), NOW)
    elsewhere = town.officer("엑스포", "city/kdj_center")
    acts: list[Callable[[Actor], object]] = [
        lambda actor: town.reports.take_step(actor, report.id, Step.ACKNOWLEDGE, now=NOW),
        lambda actor: town.reports.assign(actor, report.id, None, NOW),
        lambda actor: town.reports.hide(actor, report.id, Part.DESCRIPTION, "욕설", now=NOW),
        lambda actor: town.reports.contact(actor, report.id),
        lambda actor: town.reports.find(actor, Query(unassigned=True)),
        lambda actor: town.reports.find(actor, Query(assignee=1)),
    ]
    for act in acts:
        for actor in (Actor(), town.citizen("철수"), elsewhere):
            with pytest.raises(NotAllowedError):
                act(actor)
    assert len(entries(town)) == 1


def test_nobody_reopens_somebody_elses_report(town: Town) -> None:
    officer = town.officer("담당")
    report = answered(town, town.citizen("보라"), officer)
    for actor in (town.citizen("철수"), officer, Actor()):
        with pytest.raises(NotAllowedError):
            town.reports.take_step(actor, report.id, Step.REOPEN, now=NOW + 1, note_ko="내놔")
    assert town.reports.report(report.id).status is Status.ANSWERED


def test_an_answer_can_be_reopened_for_thirty_days_and_three_times(town: Town) -> None:
    reporter, officer = town.citizen("보라"), town.officer("담당")
    late = answered(town, reporter, officer)
    with pytest.raises(ConflictError, match="30 days"):
        town.reports.take_step(reporter, late.id, Step.REOPEN, now=NOW + 30 * DAY + 1, note_ko="아직")
    report = answered(town, reporter, officer)
    for _ in range(3):
        town.reports.take_step(reporter, report.id, Step.REOPEN, now=NOW + 30 * DAY, note_ko="아직")
        town.reports.take_step(officer, report.id, Step.ANSWER, now=NOW + 1, note_ko="네")
    with pytest.raises(ConflictError, match="3 times"):
        town.reports.take_step(reporter, report.id, Step.REOPEN, now=NOW + 2, note_ko="아직")


def test_steps_that_speak_need_words(town: Town) -> None:
    reporter, officer = town.citizen("보라"), town.officer("담당")
    report = town.reports.submit(reporter, town.draft(), NOW)
    for step in (Step.NOTE, Step.ANSWER, Step.REOPEN):
        actor = reporter if step is Step.REOPEN else officer
        with pytest.raises(ReportRefusedError, match="Please write"):
            town.reports.take_step(actor, report.id, step, now=NOW, note_ko=" \n")


def test_an_expected_time_lies_ahead(town: Town) -> None:
    officer = town.officer("담당")
    report = town.reports.submit(town.citizen("보라"), town.draft(), NOW)
    for expected in (NOW, NOW - 1, math.inf, -math.inf, math.nan, NOW + 6 * 365 * DAY):
        with pytest.raises(ReportRefusedError):
            town.reports.take_step(officer, report.id, Step.START, now=NOW, expected_at=expected)


def test_hostile_texts_are_kept_as_texts(town: Town) -> None:
    report = town.reports.submit(
        town.citizen("보라"), town.draft(HOSTILE, address=HOSTILE, contact=Contact(name=HOSTILE[:60])), NOW
    )
    found = town.reports.find(Actor(), Query(services=frozenset({HOSTILE}), gu=HOSTILE))
    assert found.reports == []
    assert town.reports.report(report.id).description == HOSTILE
    assert town.reports.report(report.id).address == HOSTILE


def test_texts_that_hide_or_overflow_are_refused(town: Town) -> None:
    reporter = town.citizen("보라")
    for text in ("a\x00b", "\u202ereversed", "x" * 4_001, "\ud800", "a" + "\u0301" * 20):
        with pytest.raises(TextRefusedError):
            town.reports.submit(reporter, town.draft(text), NOW)
    assert entries(town) == []


def test_a_photo_or_contact_that_is_none_is_refused(town: Town) -> None:
    reporter = town.citizen("보라")
    for more in (
        {"photo": "../../etc/passwd"},
        {"photo": "A" * 64},
        {"contact": Contact(email="no address")},
    ):
        with pytest.raises(ReportRefusedError):
            town.reports.submit(reporter, town.draft(**more), NOW)
    assert entries(town) == []


def test_an_unknown_service_is_refused(town: Town) -> None:
    with pytest.raises(NotFoundError, match="service_code"):
        town.reports.submit(town.citizen("보라"), town.draft(service="taxes"), NOW)


def test_the_same_key_reports_once_and_another_content_is_refused(town: Town) -> None:
    reporter = town.citizen("보라")
    first = town.reports.submit(reporter, town.draft(), NOW, key="a-key-of-mine")
    again = town.reports.submit(reporter, town.draft(), NOW + 5, key="a-key-of-mine")
    assert again == first
    with pytest.raises(KeyReusedError):
        town.reports.submit(reporter, town.draft("다른 일"), NOW, key="a-key-of-mine")
    other = town.reports.submit(town.citizen("철수"), town.draft(), NOW, key="a-key-of-mine")
    assert other.id != first.id
    assert len(entries(town)) == 2


def test_a_replayed_answer_is_given_once(town: Town) -> None:
    officer = town.officer("담당")
    report = town.reports.submit(town.citizen("보라"), town.draft(), NOW)
    for _ in range(2):
        town.reports.take_step(officer, report.id, Step.ANSWER, now=NOW, note_ko="네", key="answer-it-1")
    assert len(town.reports.steps(report.id)) == 2


def test_two_officers_at_once_do_not_both_answer(town: Town) -> None:
    report = town.reports.submit(town.citizen("보라"), town.draft(), NOW)
    officers = [town.officer("하나"), town.officer("둘")]
    refused: list[str] = []

    def answer(officer: Actor) -> None:
        try:
            town.reports.take_step(officer, report.id, Step.ANSWER, now=NOW, note_ko="네")
        except ConflictError as error:
            refused.append(error.en)

    threads = [threading.Thread(target=answer, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert [step.kind for step in town.reports.steps(report.id)] == [Step.SUBMIT, Step.ANSWER]


def test_a_contact_is_sealed_and_read_only_by_the_reporter_and_officers(town: Town) -> None:
    reporter, officer = town.citizen("보라"), town.officer("담당")
    report = town.reports.submit(reporter, town.draft(contact=CONTACT), NOW)
    assert town.reports.contact(reporter, report.id) == CONTACT
    assert town.reports.contact(officer, report.id) == CONTACT
    with pytest.raises(NotAllowedError):
        town.reports.contact(town.citizen("철수"), report.id)
    with town.store.engine.connect() as connection:
        kept = connection.execute(sa.select(reports_table.c.contact)).scalar_one()
    assert CONTACT.phone.encode() not in kept
    assert not any(value in json.dumps(entries(town)) for value in ("김보라", CONTACT.phone, "bora@"))


def test_who_was_erased_cannot_be_reached_any_more_and_the_report_stays(town: Town) -> None:
    reporter, officer = town.citizen("보라"), town.officer("담당")
    report = town.reports.submit(reporter, town.draft(contact=CONTACT), NOW)
    town.citizens.erase(reporter, NOW)
    assert town.reports.contact(officer, report.id) is None
    assert town.reports.report(report.id).description is not None


def test_the_journal_holds_digests_and_no_texts(town: Town) -> None:
    officer = town.officer("담당")
    report = town.reports.submit(town.citizen("보라"), town.draft("비밀스러운 글", address="우리 집"), NOW)
    town.reports.take_step(officer, report.id, Step.ANSWER, now=NOW, note_ko="답변 글")
    (_, submitted), (_, said) = entries(town)
    assert submitted["description"] == journal.digest_of("비밀스러운 글")
    assert submitted["address"] == journal.digest_of("우리 집")
    assert said["note_ko"] == journal.digest_of("답변 글")
    assert "글" not in json.dumps(entries(town), ensure_ascii=False)


def test_what_was_hidden_is_gone_and_its_digest_and_reason_stay(town: Town) -> None:
    officer, photo = town.officer("담당"), "ab" * 32
    report = town.reports.submit(
        town.citizen("보라"), town.draft("나쁜 글", address="남의 집", photo=photo), NOW
    )
    assert town.reports.uses_photo(photo)
    for part in (Part.DESCRIPTION, Part.ADDRESS, Part.PHOTO):
        hidden = town.reports.hide(officer, report.id, part, "남을 해치는 내용", now=NOW + 1)
    assert (hidden.description, hidden.address, hidden.photo) == (None, None, None)
    assert [(redaction.part, redaction.reason) for redaction in hidden.redactions] == [
        (part, "남을 해치는 내용") for part in (Part.DESCRIPTION, Part.ADDRESS, Part.PHOTO)
    ]
    assert not town.reports.uses_photo(photo)
    digests = [body["digest"] for kind, body in entries(town) if kind == "hide"]
    assert digests == [journal.digest_of("나쁜 글"), journal.digest_of("남의 집"), photo]
    with pytest.raises(NotFoundError, match="nothing to hide"):
        town.reports.hide(officer, report.id, Part.PHOTO, "또", now=NOW)


def test_a_note_is_hidden_by_its_step_and_only_in_its_report(town: Town) -> None:
    reporter, officer = town.citizen("보라"), town.officer("담당")
    report, other = answered(town, reporter, officer), answered(town, reporter, officer)
    town.reports.take_step(reporter, report.id, Step.REOPEN, now=NOW, note_ko="욕설")
    step = town.reports.steps(report.id)[-1].id
    for number, part, which in (
        (other.id, Part.NOTE, step),
        (report.id, Part.NOTE, 10**30),
        (report.id, Part.NOTE, -1),
    ):
        with pytest.raises(NotFoundError):
            town.reports.hide(officer, number, part, "욕설", now=NOW, step=which)
    for part, none in ((Part.NOTE, None), (Part.PHOTO, step)):
        with pytest.raises(ReportRefusedError):
            town.reports.hide(officer, report.id, part, "욕설", now=NOW, step=none)
    town.reports.hide(officer, report.id, Part.NOTE, "욕설", now=NOW, step=step)
    assert town.reports.steps(report.id)[-1].note_ko is None
    assert town.reports.report(report.id).status_note == ("고쳤어요.", None)


def test_a_report_is_assigned_to_officers_alone(town: Town) -> None:
    officer, report = town.officer("담당"), town.reports.submit(town.citizen("보라"), town.draft(), NOW)
    assert town.reports.assign(officer, report.id, officer.citizen, NOW).assignee == officer.citizen
    town.reports.assign(officer, report.id, officer.citizen, NOW)
    assert [kind for kind, _ in entries(town)] == ["submit", "assign"]
    for nobody in (report.reporter, 999):
        with pytest.raises(NotFoundError):
            town.reports.assign(officer, report.id, nobody, NOW)
    assert town.reports.find(officer, Query(assignee=officer.citizen)).reports[0].id == report.id
    assert town.reports.assign(officer, report.id, None, NOW).assignee is None


def test_the_queue_is_filtered_ordered_and_paged(town: Town) -> None:
    reporter, officer = town.citizen("보라"), town.officer("담당")
    west, east = town.surveyor.at_world(-500.0, 0.0), town.surveyor.at_world(500.0, 0.0)
    made = [
        town.reports.submit(reporter, town.draft(service=code, place=west if n % 2 else east), NOW + n).id
        for n, code in enumerate(SERVICES)
    ]
    town.reports.take_step(officer, made[0], Step.ANSWER, now=NOW + 50, note_ko="네")

    def ids(actor: Actor = officer, **query: object) -> list[int]:
        return [report.id for report in town.reports.find(actor, Query(**query)).reports]  # type: ignore[arg-type]

    assert ids() == made[::-1]
    assert ids(oldest_first=True, statuses=OPEN) == made[1:]
    assert ids(statuses=frozenset({Status.ANSWERED})) == made[:1]
    assert ids(services=frozenset({"noise", "park"})) == [made[5], made[4]]
    assert ids(gu="24040") == made[::2][::-1]
    assert ids(dong="2404056") == made[::2][::-1]
    assert ids(bounds=(-600.0, -1.0, 0.0, 1.0)) == made[1::2][::-1]
    assert ids(since=NOW + 2, until=NOW + 3) == [made[3], made[2]]
    assert ids(ids=frozenset({made[2], 0, -1, 10**30})) == [made[2]]
    assert ids(reporter, mine=True) == made[::-1]
    assert ids(mine=True) == []
    first = town.reports.find(Actor(), Query(limit=3))
    second = town.reports.find(Actor(), Query(limit=3, after=first.next))
    assert [report.id for report in first.reports + second.reports] == made[:1:-1]
    assert ids(offset=6) == made[1::-1]
    assert town.reports.find(Actor(), Query(limit=8)).next is None
    with pytest.raises(NotAllowedError):
        ids(Actor(), mine=True)


def test_updates_of_all_reports_come_newest_first_without_the_submissions(town: Town) -> None:
    reporter, officer = town.citizen("보라"), town.officer("담당")
    one, two = answered(town, reporter, officer), answered(town, reporter, officer, NOW + 10)
    assert [update.report for update in town.reports.updates(NOW, NOW + 10)] == [two.id, one.id]
    assert [update.report for update in town.reports.updates(NOW, NOW + 10, offset=1)] == [one.id]
    assert town.reports.updates(NOW + 11, NOW + 20) == []


def test_a_report_that_is_not_there_is_not_found(town: Town) -> None:
    officer = town.officer("담당")
    acts: list[Callable[[int], object]] = [
        town.reports.report,
        town.reports.steps,
        lambda number: town.reports.contact(officer, number),
        lambda number: town.reports.assign(officer, number, None, NOW),
        lambda number: town.reports.take_step(officer, number, Step.ACKNOWLEDGE, now=NOW),
        lambda number: town.reports.hide(officer, number, Part.PHOTO, "왜", now=NOW),
    ]
    for act in acts:
        for number in (0, -1, 10**30, 77):
            with pytest.raises(NotFoundError):
                act(number)


@given(st.sampled_from(sorted(SERVICES)))
def test_every_service_says_everything_in_both_languages(code: str) -> None:
    service = SERVICES[code]
    assert service.code == code
    for ko, en in (service.name, service.description, service.group, service.agency):
        assert any("가" <= sign <= "힣" for sign in ko)
        assert en.isascii()
    assert service.keywords


def test_people_are_offered_what_they_may_do_and_nothing_else(town: Town) -> None:
    reporter, officer, other = town.citizen("보라"), town.officer("담당"), town.citizen("철수")
    report = town.reports.submit(reporter, town.draft(), NOW)
    desk = {Act.ASSIGN, Act.HIDE}
    assert acts_open_to(officer, report, NOW) == desk | {Act.ACKNOWLEDGE, Act.START, Act.ANSWER}
    for nobody in (Actor(), reporter, other):
        assert acts_open_to(nobody, report, NOW) == frozenset()
    closed = town.reports.take_step(officer, report.id, Step.ANSWER, now=NOW, note_ko="네")
    assert acts_open_to(reporter, closed, NOW + 30 * DAY) == {Act.REOPEN}
    assert acts_open_to(reporter, closed, NOW + 31 * DAY) == frozenset()
    assert acts_open_to(reporter, replace(closed, reopened=3), NOW) == frozenset()
    assert acts_open_to(other, closed, NOW) == frozenset()
    assert acts_open_to(officer, closed, NOW) == desk
