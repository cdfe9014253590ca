"""What Open311 programs ask with: dates, lists, and the form of a new request."""

import datetime as dt
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from meta_gwangju.api.open311_answers import JURISDICTION
from meta_gwangju.api.report_form import bounded_body
from municipality.errors import NotFoundError, ReportRefusedError
from municipality.reports import OPEN, Status
from municipality.reports import Query as Wanted
from municipality.reports.report import MOST_ROWS

#: The longest span of one query (GeoReport v2, GET Service Requests).
SPAN = dt.timedelta(days=90)
#: Bytes and fields of a form; 4,000 characters of Korean have 36,000 bytes once they are encoded.
_MOST_FORM, _MOST_FIELDS = 128 * 1024, 64
_FORM = "application/x-www-form-urlencoded"
_LIST = "쉼표로 나눈 목록. Comma separated."


class RequestWish(BaseModel):
    """Which requests to list; what is empty counts as left out."""

    service_request_id: list[str] = Field([], max_length=MOST_ROWS, description=f"번호. Numbers. {_LIST}")
    service_code: list[str] = Field([], max_length=50, description=f"종류. Kinds. {_LIST}")
    start_date: str = Field(
        "", max_length=40, description="이때부터(W3C). From then on, e.g. 2026-01-01T00:00:00Z."
    )
    end_date: str = Field("", max_length=40, description="이때까지. Until then; at most 90 days in all.")
    status: list[str] = Field([], max_length=10, description=f"`open`, `closed`. {_LIST}")
    page: int = Field(1, ge=1, le=100_000, description="쪽(GeoReport 2.1). Page.")
    page_size: int = Field(MOST_ROWS, ge=1, le=MOST_ROWS, description="한 쪽의 수. Requests a page.")

    def wanted(self, now: float) -> Wanted:
        """Return it as the domain asks for it.

        Raises:
            ReportRefusedError: A date or a status is none, or the span is too long.
        """
        offset = (self.page - 1) * self.page_size
        if numbers := split(self.service_request_id):  # overrides all other arguments
            ids = {int(text) for text in numbers if text.isascii() and text.isdecimal() and len(text) < 20}
            return Wanted(ids=frozenset(ids), offset=offset, limit=self.page_size)
        since, until = period(self.start_date, self.end_date, now)
        return Wanted(
            services=frozenset(split(self.service_code)),
            statuses=_statuses(split(self.status)),
            since=since,
            until=until,
            offset=offset,
            limit=self.page_size,
        )


class UpdateWish(BaseModel):
    """Which updates to list."""

    start_date: str = Field("", max_length=40)
    end_date: str = Field("", max_length=40)
    page: int = Field(1, ge=1, le=100_000)
    page_size: int = Field(MOST_ROWS, ge=1, le=MOST_ROWS)


def of_this_city(jurisdiction_id: Annotated[str, Query(max_length=200)] = "") -> None:
    """Refuse questions about another city.

    Raises:
        NotFoundError: `jurisdiction_id` names none of ours.
    """
    if jurisdiction_id not in {"", JURISDICTION}:
        raise NotFoundError(
            f"jurisdiction_id가 이 도시의 것이 아니에요. 빼거나 {JURISDICTION}을(를) 쓰세요.",
            f"jurisdiction_id was not found. Leave it out, or send {JURISDICTION}.",
        )


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; those that are empty count as left out.

    Raises:
        HTTPException: It is too large, of another type, or not UTF-8.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(400, f"the body must be {_FORM}")
    try:
        body = (await bounded_body(request, _MOST_FORM)).decode()
        return dict(parse_qsl(body, max_num_fields=_MOST_FIELDS, errors="strict"))
    except ValueError as error:
        raise HTTPException(400, "the form is not UTF-8, or has too many fields") from error
    except ClientDisconnect as error:
        raise HTTPException(400) from error


FormOf = Annotated[dict[str, str], Depends(form_of)]


def split(texts: list[str]) -> list[str]:
    """Return the parts of lists that were declared several times, or with commas."""
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def period(start: str, end: str, now: float) -> tuple[float, float]:
    """Return since and until, Unix seconds: 90 days at most, the most recent unless a date is given.

    Raises:
        ReportRefusedError: A date is none, or they are more than 90 days apart or in the wrong order.
    """
    span = SPAN.total_seconds()
    since = moment(start) if start else None
    until = moment(end) if end else None
    if since is None:
        until = now if until is None else until
        return until - span, until
    if until is None:
        return since, since + span
    if not 0.0 <= until - since <= span:
        raise ReportRefusedError(
            "start_date와 end_date는 이 차례로, 90일 안이어야 해요.",
            "start_date and end_date must come in this order and span at most 90 days.",
        )
    return since, until


def moment(text: str) -> float:
    """Return Unix seconds of a date and time with its zone (W3C note).

    Raises:
        ReportRefusedError: It is none.
    """
    try:
        # A plus sign that nobody escaped arrives as a space.
        parsed = dt.datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise ReportRefusedError(
            "날짜는 시간대까지 적어 주세요(예: 2026-01-01T00:00:00Z).",
            "Write dates with their time zone, such as 2026-01-01T00:00:00Z.",
        )
    try:
        return parsed.timestamp()
    except OverflowError:
        return 0.0


def _statuses(names: list[str]) -> frozenset[Status]:
    by_name = {"open": OPEN, "closed": frozenset(Status) - OPEN}
    if strange := set(names) - set(by_name):
        raise ReportRefusedError(
            "status는 open이나 closed예요.", f"status is open or closed, not {min(strange)[:40]!r}."
        )
    return frozenset(status for name in names for status in by_name[name])
