"""`/api/v1/reports`: what citizens report (민원), and what officers do about it."""

import time
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response

from meta_gwangju.api.caller import ActorOf, IdempotencyKeyOf, OfficesOf
from meta_gwangju.api.report_form import REQUEST_BODY, SubmissionOf
from meta_gwangju.api.report_models import (
    AssignIn,
    ContactOut,
    HideIn,
    Pin,
    PinWish,
    RedactionOut,
    ReportIn,
    ReportLine,
    ReportOut,
    ReportPage,
    ServiceOut,
    StepIn,
    StepOut,
    Wish,
)
from meta_gwangju.offices import Offices
from meta_gwangju.photos import MEDIA_TYPE
from meta_gwangju.problems import PROBLEMS
from municipality.access import CITY_HALL, Action, Actor
from municipality.errors import NotFoundError
from municipality.reports import (
    OPEN,
    SERVICES,
    Contact,
    Draft,
    Part,
    Report,
    ReportStep,
    Step,
    acts_open_to,
    service_of,
)

#: What clients hear when something changed.
TOPIC = "reports"

Number = Annotated[int, Path(ge=1, le=2**53 - 1)]

router = APIRouter(prefix="/api/v1/reports", tags=["reports"], responses=PROBLEMS)


@router.get("", summary="민원 목록 · Reports")
def reports(offices: OfficesOf, actor: ActorOf, wish: Annotated[Wish, Query()]) -> ReportPage:
    page = offices.reports.find(actor, wish.query(actor.citizen))
    lines = [ReportLine.model_validate(_line(actor, one)) for one in page.reports]
    return ReportPage(reports=lines, after=page.next)


@router.post("", status_code=201, summary="신고하기 · Report", openapi_extra=REQUEST_BODY)
def submit(
    offices: OfficesOf,
    submission: SubmissionOf,
    actor: ActorOf,
    response: Response,
    key: IdempotencyKeyOf = None,
) -> ReportOut:
    draft = _draft(offices, submission.report, submission.photo)
    made = offices.reports.submit(actor, draft, time.time(), key)
    _forget_unused(offices, draft.photo)  # asked again after it was hidden
    offices.news.tell(TOPIC)
    response.headers["location"] = f"/api/v1/reports/{made.id}"
    return _shown(offices, actor, made)


@router.get("/services", summary="민원 종류 · Kinds of reports")
def services() -> list[ServiceOut]:
    return [
        ServiceOut.model_validate(
            {
                "code": one.code,
                "name_ko": one.name[0],
                "name_en": one.name[1],
                "description_ko": one.description[0],
                "description_en": one.description[1],
                "group_ko": one.group[0],
                "group_en": one.group[1],
                "keywords": one.keywords,
            }
        )
        for one in SERVICES.values()
    ]


@router.get("/pins", summary="도시에 선 핀 · Pins in the city")
def pins(offices: OfficesOf, actor: ActorOf, wish: Annotated[PinWish, Query()]) -> list[Pin]:
    """답변을 기다리는 민원, 새것부터 1,000개까지. Open reports, the newest 1,000."""
    return [
        Pin(id=one.id, service=one.service, status=one.status, x=one.place.x, z=one.place.z)  # type: ignore[arg-type]
        for one in offices.reports.find(actor, wish.query()).reports
    ]


@router.get("/{number}", summary="민원 하나 · A report")
def report(offices: OfficesOf, number: Number, actor: ActorOf) -> ReportOut:
    return _shown(offices, actor, *offices.reports.report_and_steps(number))


@router.post("/{number}/steps", summary="처리하기, 다시 신청하기 · Take a step")
def take_step(
    offices: OfficesOf, number: Number, body: StepIn, actor: ActorOf, key: IdempotencyKeyOf = None
) -> ReportOut:
    done = offices.reports.take_step(
        actor,
        number,
        Step(body.step),
        now=time.time(),
        note_ko=body.note_ko,
        note_en=body.note_en,
        expected_at=body.expected_at,
        key=key,
    )
    offices.news.tell(TOPIC)
    return _shown(offices, actor, done)


@router.post("/{number}/assign", summary="담당자 정하기 · Assign")
def assign(offices: OfficesOf, number: Number, body: AssignIn, actor: ActorOf) -> ReportOut:
    officer = actor.of_citizen() if body.officer == "me" else body.officer
    assigned = offices.reports.assign(actor, number, officer, time.time())
    offices.news.tell(TOPIC)
    return _shown(offices, actor, assigned)


@router.post("/{number}/hide", summary="가리기 · Hide")
def hide(offices: OfficesOf, number: Number, body: HideIn, actor: ActorOf) -> ReportOut:
    before = offices.reports.report(number)
    hidden = offices.reports.hide(actor, number, body.part, body.reason, now=time.time(), step=body.step)
    if body.part is Part.PHOTO:
        _forget_unused(offices, before.photo)
    offices.news.tell(TOPIC)
    return _shown(offices, actor, hidden)


_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "바뀌지 않음. Not changed."},
}


@router.get("/{number}/photo", summary="사진 · The photo", response_class=Response, responses=_PICTURE)
def photo(
    offices: OfficesOf,
    number: Number,
    seen: Annotated[str | None, Header(alias="If-None-Match", max_length=200)] = None,
) -> Response:
    return _picture(offices, number, seen, thumbnail=False)


@router.get(
    "/{number}/thumbnail", summary="작은 사진 · The photo, small", response_class=Response, responses=_PICTURE
)
def thumbnail(
    offices: OfficesOf,
    number: Number,
    seen: Annotated[str | None, Header(alias="If-None-Match", max_length=200)] = None,
) -> Response:
    return _picture(offices, number, seen, thumbnail=True)


def _draft(offices: Offices, body: ReportIn, photo: bytes | None) -> Draft:
    """Return what is reported; the photo comes last: for what is refused anyway none is kept."""
    service_of(body.service)
    if body.longitude is not None and body.latitude is not None:
        place = offices.surveyor.at_lonlat(body.longitude, body.latitude)
    else:
        place = offices.surveyor.at_world(body.x or 0.0, body.z or 0.0)
    contact = Contact(body.contact_name or "", body.contact_phone or "", body.contact_email or "")
    kept = offices.photos.keep(photo) if photo is not None else None
    return Draft(body.service, place, body.description, body.address, kept, contact)


def _forget_unused(offices: Offices, photo: str | None) -> None:
    if photo is not None and not offices.reports.uses_photo(photo):
        offices.photos.forget(photo)


def _picture(offices: Offices, number: int, seen: str | None, *, thumbnail: bool) -> Response:
    name = offices.reports.report(number).photo
    file = offices.photos.find(name, thumbnail=thumbnail) if name is not None else None
    if name is None or file is None:
        raise NotFoundError("이 민원에는 사진이 없어요.", "This report has no photo.")
    tag = f'"{name}{"-small" if thumbnail else ""}"'
    # An officer may hide it at any time: nobody keeps it without asking again.
    headers = {"etag": tag, "cache-control": "no-cache"}
    if seen is not None and tag in seen:
        return Response(status_code=304, headers=headers)
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError("이 민원에는 사진이 없어요.", "This report has no photo.") from error
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _shown(
    offices: Offices, actor: Actor, one: Report, taken: Sequence[ReportStep] | None = None
) -> ReportOut:
    knows = one.reporter == actor.citizen or actor.may(Action.ANSWER_REPORT, CITY_HALL)
    contact = offices.reports.contact(actor, one.id) if knows else None
    steps = [
        StepOut(
            id=step.id,
            step=step.kind,
            status=step.status,
            by_reporter=step.by_reporter,
            note_ko=step.note_ko,
            note_en=step.note_en,
            expected_at=step.expected_at,
            at=step.at,
        )
        for step in (offices.reports.steps(one.id) if taken is None else taken)
    ]
    return ReportOut.model_validate(
        {
            **_line(actor, one),
            "steps": steps,
            "acts": sorted(acts_open_to(actor, one, time.time())),
            "contact": contact and ContactOut(name=contact.name, phone=contact.phone, email=contact.email),
        }
    )


def _line(actor: Actor, one: Report) -> dict[str, object]:
    """Return what everybody may know of a report, by the names of :class:`ReportLine`; never whose it is."""
    path = f"/api/v1/reports/{one.id}"
    note_ko, note_en = one.status_note or (None, None)
    return {
        "id": one.id,
        "service": one.service,
        "status": one.status,
        "x": one.place.x,
        "z": one.place.z,
        "open": one.status in OPEN,
        "mine": one.reporter == actor.citizen,
        "description": one.description,
        "address": one.address,
        "longitude": one.place.longitude,
        "latitude": one.place.latitude,
        "gu": one.place.gu,
        "dong": one.place.dong,
        "photo": f"{path}/photo" if one.photo else None,
        "thumbnail": f"{path}/thumbnail" if one.photo else None,
        "reopened": one.reopened,
        "submitted_at": one.submitted_at,
        "updated_at": one.updated_at,
        "answered_at": one.answered_at,
        "expected_at": one.expected_at,
        "note_ko": note_ko,
        "note_en": note_en,
        "redactions": [
            RedactionOut(part=gone.part, step=gone.step, reason=gone.reason, at=gone.at)
            for gone in one.redactions
        ],
        "assignee": one.assignee if actor.may(Action.ANSWER_REPORT, CITY_HALL) else None,
    }
