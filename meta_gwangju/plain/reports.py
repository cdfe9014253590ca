"""Reports (민원): the list, one with what was done about it, a new one, and the steps of officers."""

import math
import re
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from meta_gwangju.api.reports import TOPIC
from meta_gwangju.photos import LONGEST as LONGEST_PHOTO
from meta_gwangju.plain.door import Pages, refused
from meta_gwangju.plain.form import FORM_BYTES
from meta_gwangju.plain.proposals import near
from meta_gwangju.plain.visit import DOOR, Visit
from municipality.access import CITY_HALL, Action
from municipality.errors import MunicipalityError, PhotoRefusedError, ReportRefusedError, TextRefusedError
from municipality.reports import (
    OPEN,
    SERVICES,
    Contact,
    Draft,
    Place,
    Query,
    Status,
    Step,
    acts_open_to,
    service_of,
)

_SHOWN = 20
STATUS_NAMES = {
    Status.SUBMITTED: ("접수", "submitted"),
    Status.ACKNOWLEDGED: ("확인", "acknowledged"),
    Status.IN_PROGRESS: ("처리 중", "in progress"),
    Status.ANSWERED: ("답변 완료", "answered"),
    Status.REOPENED: ("다시 열림", "reopened"),
}
STEP_NAMES = {
    Step.SUBMIT: ("신고", "Reported"),
    Step.ACKNOWLEDGE: ("확인하기", "Acknowledge"),
    Step.START: ("처리 시작", "Start"),
    Step.NOTE: ("진행 알리기", "Tell how it goes"),
    Step.ANSWER: ("답변하기", "Answer"),
    Step.REOPEN: ("다시 열기", "Reopen"),
}
_LATITUDE_LONGITUDE = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?)(?:\s*,\s*|\s+)(-?\d{1,3}(?:\.\d{1,9})?)")

pages = Pages()


@pages.get("/reports", (TOPIC,))
def listed(visit: Visit) -> Response:
    """List reports."""
    which, after = visit.asked("which"), visit.asked("after")
    is_officer = visit.actor.may(Action.ANSWER_REPORT, CITY_HALL)
    query = Query(
        statuses=OPEN if which in {"open", "queue"} else frozenset(),
        mine=which == "mine" and visit.actor.citizen is not None,
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 16 else None,
        limit=_SHOWN,
        oldest_first=which == "queue" and is_officer,
    )
    page = visit.offices.reports.find(visit.actor, query)
    more = {"after": page.next, **({"which": which} if which else {})}
    return visit.page(
        "reports.html",
        reports=page.reports,
        which=which,
        is_officer=is_officer,
        next=page.next and f"{DOOR}/reports?{urlencode(more)}",
        services=SERVICES,
        status_names=STATUS_NAMES,
        spots={one.id: near(visit.offices.land, (one.place.x, one.place.z)) for one in page.reports},
    )


@pages.get("/reports/new", (TOPIC,))
def new(visit: Visit) -> Response:
    """Show the form of a new report."""
    visit.actor.require(Action.REPORT, CITY_HALL)
    return visit.page("report_form.html", faults=[], **_form(visit))


@pages.post("/reports/new", most_bytes=LONGEST_PHOTO + FORM_BYTES)
def submit(visit: Visit) -> Response:
    """Take a report."""
    try:
        visit.actor.require(Action.REPORT, CITY_HALL)
        draft = _draft(visit)
        made = visit.offices.reports.submit(visit.actor, draft, visit.now, visit.key())
    except MunicipalityError as error:
        field = "photo" if isinstance(error, PhotoRefusedError) else ""
        if isinstance(error, ReportRefusedError):
            field = "position"
        return refused(visit, error, "report_form.html", field=field, **_form(visit))
    if draft.photo is not None and not visit.offices.reports.uses_photo(draft.photo):
        visit.offices.photos.forget(draft.photo)  # asked again after it was hidden
    visit.offices.news.tell(TOPIC)
    return visit.go(f"/reports/{made.id}", "reported")


@pages.get("/reports/{number:whole}", (TOPIC,))
def one(visit: Visit) -> Response:
    """Show a report."""
    return visit.page("report.html", faults=[], **_shown(visit))


@pages.post("/reports/{number:whole}/step")
def take_step(visit: Visit) -> Response:
    """Take a step: an officer's, or the reporter's who opens it again."""
    number, name = visit.number(), visit.form.get("step")
    try:
        step = Step(name) if name in set(Step) else Step.SUBMIT
        visit.offices.reports.take_step(
            visit.actor,
            number,
            step,
            now=visit.now,
            note_ko=visit.form.get("note_ko") or None,
            note_en=visit.form.get("note_en") or None,
            key=visit.key(),
        )
    except MunicipalityError as error:
        field = "note_ko" if isinstance(error, ReportRefusedError) else ""
        return refused(visit, error, "report.html", field=field, **_shown(visit))
    visit.offices.news.tell(TOPIC)
    return visit.go(f"/reports/{number}", "reopened" if step is Step.REOPEN else "step-taken", "#steps")


def _shown(visit: Visit) -> dict[str, Any]:
    number = visit.number()
    found = visit.offices.reports.report(number)
    is_mine = visit.actor.citizen is not None and found.reporter == visit.actor.citizen
    knows = is_mine or visit.actor.may(Action.ANSWER_REPORT, CITY_HALL)
    acts = acts_open_to(visit.actor, found, visit.now)
    return {
        "one": found,
        "steps": visit.offices.reports.steps(number),
        "contact": visit.offices.reports.contact(visit.actor, number) if knows else None,
        "is_mine": is_mine,
        "may_reopen": "reopen" in acts,
        "next_steps": [
            (step.value, visit.say(*STEP_NAMES[step]))
            for step in (Step.ACKNOWLEDGE, Step.START, Step.NOTE, Step.ANSWER)
            if step.value in acts
        ],
        "services": SERVICES,
        "status_names": STATUS_NAMES,
        "step_names": STEP_NAMES,
        "near": near(visit.offices.land, (found.place.x, found.place.z)),
        "values": visit.form,
    }


def _form(visit: Visit) -> dict[str, Any]:
    land = visit.offices.land
    return {
        "values": visit.form,
        "service_options": [(one.code, visit.say(*one.name)) for one in SERVICES.values()],
        "services": SERVICES,
        "place_options": [("", visit.say("좌표로 적기", "By coordinates"))]
        + [(one.id, visit.say(one.ko, one.en)) for one in land.landmarks],
    }


def _draft(visit: Visit) -> Draft:
    """Return what a form reports; the photo comes last: for what is refused anyway none is kept."""
    form = visit.form
    service_of(form.get("service"))
    place = _place(visit)
    photo = form.files.get("photo")
    contact = Contact(form.get("contact_name"), form.get("contact_phone"), form.get("contact_email"))
    description = form.get("description")
    if not description.strip():
        raise TextRefusedError("무엇이 문제인지 적어 주세요.", "Please write what is wrong.", "description")
    kept = visit.offices.photos.keep(photo) if photo else None
    return Draft(form.get("service"), place, description, form.get("address") or None, kept, contact)


def _place(visit: Visit) -> Place:
    """Return where a report is: coordinates count before a landmark.

    Raises:
        ReportRefusedError: There is neither, or it lies outside the city.
    """
    written = visit.form.get("position").strip()
    if written:
        found = _LATITUDE_LONGITUDE.fullmatch(written)
        latitude, longitude = (float(found[1]), float(found[2])) if found else (math.nan, math.nan)
        return visit.offices.surveyor.at_lonlat(longitude, latitude)
    spot = next((one for one in visit.offices.land.landmarks if one.id == visit.form.get("place")), None)
    if spot is None:
        raise ReportRefusedError(
            "어디인지 골라 주세요. 가까운 곳을 고르거나 위도와 경도를 적어 주세요.",
            "Say where it is: choose a place nearby, or write latitude and longitude.",
        )
    return visit.offices.surveyor.at_world(spot.x, spot.z)
