"""`/open311`: the report desk as every Open311 program knows it (GeoReport v2; docs/reports.md)."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from meta_gwangju.api.caller import ActorOf, IdempotencyKeyOf, OfficesOf
from meta_gwangju.api.open311_answers import (
    Format,
    answer,
    discovery_fields,
    request_fields,
    service_fields,
    update_fields,
)
from meta_gwangju.api.open311_query import (
    FormOf,
    RequestWish,
    UpdateWish,
    of_this_city,
    period,
)
from meta_gwangju.api.open311_route import GeoReportRoute
from meta_gwangju.api.reports import TOPIC
from meta_gwangju.offices import Offices
from municipality.access import Actor
from municipality.errors import NotFoundError, ReportRefusedError, SignInError
from municipality.reports import SERVICES, Contact, Draft, Place, Report, service_of

FormatOf = Annotated[Format, Path(description="`json`, `xml`")]
Name = Annotated[str, Path(max_length=64)]


def _contents(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}, "text/xml": {"schema": {"type": "string"}}}


_OBJECTS = {"type": "array", "items": {"type": "object"}}
_LISTED: dict[int | str, dict[str, Any]] = {200: {"content": _contents(_OBJECTS)}}
_OBJECT: dict[int | str, dict[str, Any]] = {200: {"content": _contents({"type": "object"})}}
_ERROR = {
    "type": "object",
    "required": ["code", "description"],
    "properties": {"code": {"type": "integer"}, "description": {"type": "string"}},
}
_ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "오류(Open311). Errors in Open311's format.",
        "content": _contents({"type": "array", "minItems": 1, "items": _ERROR}),
    }
}
_NEW_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["service_code", "lat", "long"],
                    "properties": {
                        **{
                            name: {"type": "string"}
                            for name in (
                                "api_key",
                                "jurisdiction_id",
                                "service_code",
                                "address_string",
                                "email",
                                "first_name",
                                "last_name",
                                "phone",
                                "description",
                                "media_url",
                            )
                        },
                        "lat": {"type": "number"},
                        "long": {"type": "number"},
                    },
                }
            }
        },
    }
}

router = APIRouter(
    prefix="/open311",
    tags=["open311"],
    route_class=GeoReportRoute,
    default_response_class=Response,
    responses=_ERRORS,
    dependencies=[Depends(of_this_city)],
)


@router.get("/discovery.{form}", summary="Service Discovery", responses=_OBJECT)
def discovery(request: Request, form: FormatOf) -> Response:
    return answer("discovery", discovery_fields(_base(request)), form)


@router.get("/v2/services.{form}", summary="GET Service List", responses=_LISTED)
def services(form: FormatOf) -> Response:
    return answer("services", [service_fields(one) for one in SERVICES.values()], form)


@router.get("/v2/services/{service_code}.{form}", summary="GET Service Definition", responses=_OBJECT)
def service_definition(service_code: Name, form: FormatOf) -> Response:
    fields = {"service_code": service_of(service_code).code, "attributes": []}
    return answer("service_definition", fields, form)


@router.get("/v2/requests.{form}", summary="GET Service Requests", responses=_LISTED)
def requests(
    request: Request,
    offices: OfficesOf,
    actor: ActorOf,
    form: FormatOf,
    wish: Annotated[RequestWish, Query()],
) -> Response:
    found = offices.reports.find(actor, wish.wanted(time.time())).reports
    return answer("service_requests", [request_fields(one, _media(request, one)) for one in found], form)


@router.post(
    "/v2/requests.{form}",
    status_code=201,
    summary="POST Service Request",
    responses={201: {"content": _contents(_OBJECTS)}},
    openapi_extra=_NEW_REQUEST,
)
def new_request(
    offices: OfficesOf,
    caller: ActorOf,
    form: FormatOf,
    fields: FormOf,
    api_key: Annotated[str, Header(alias="X-Api-Key", max_length=200)] = "",
    key: IdempotencyKeyOf = None,
) -> Response:
    of_this_city(fields.get("jurisdiction_id", ""))
    actor = _actor(offices, caller, fields.get("api_key", "") or api_key)
    made = offices.reports.submit(actor, _draft(offices, fields), time.time(), key)
    offices.news.tell(TOPIC)
    accepted = {
        "service_request_id": str(made.id),
        "service_notice": _notice(made, has_link="media_url" in fields),
        "account_id": None,
    }
    return answer("service_requests", [accepted], form, 201)


@router.get("/v2/requests/{service_request_id}.{form}", summary="GET Service Request", responses=_LISTED)
def one_request(request: Request, offices: OfficesOf, service_request_id: Name, form: FormatOf) -> Response:
    is_number = service_request_id.isascii() and service_request_id.isdecimal()
    number = int(service_request_id) if is_number else 0
    found = offices.reports.report(number)
    return answer("service_requests", [request_fields(found, _media(request, found))], form)


@router.get("/v2/tokens/{token}.{form}", summary="GET service_request_id from a token", responses=_LISTED)
def request_of_token(token: Name, form: FormatOf) -> Response:  # noqa: ARG001 -- of the address
    """이 도시는 접수하자마자 번호를 줘서 토큰이 없어요. Numbers are given at once, so there are no tokens."""
    raise NotFoundError(
        "그런 토큰이 없어요. 이 도시는 접수하자마자 service_request_id를 줘요.",
        "The token was not found: every service here is realtime, and gives a service_request_id at once.",
    )


@router.get(
    "/v2/servicerequestupdates.{form}",
    summary="GET Service Request Updates (mySociety)",
    responses=_LISTED,
)
def updates(offices: OfficesOf, form: FormatOf, wish: Annotated[UpdateWish, Query()]) -> Response:
    since, until = period(wish.start_date, wish.end_date, time.time())
    found = offices.reports.updates(since, until, (wish.page - 1) * wish.page_size, wish.page_size)
    return answer("service_request_updates", [update_fields(one) for one in found], form)


def _actor(offices: Offices, caller: Actor, api_key: str) -> Actor:
    """Return in whose name a request is made: the key's citizen, or whoever is signed in.

    Raises:
        SignInError: Neither is there.
    """
    if api_key:
        return offices.actors.citizen(offices.api_keys.citizen_of(api_key), "api", time.time())
    if caller.citizen is None:
        raise SignInError(
            "api_key가 없어요. 도시 운영자에게 받은 열쇠를 보내거나 시민으로 들어와 주세요.",
            "Missing api_key. Send one of the city's operator, or sign in as a citizen.",
        )
    return caller


def _draft(offices: Offices, fields: dict[str, str]) -> Draft:
    if "service_code" not in fields:
        raise ReportRefusedError("service_code가 없어요.", "service_code was not provided.")
    service = service_of(fields["service_code"])
    name = " ".join(fields[part] for part in ("last_name", "first_name") if part in fields)
    contact = Contact(name, fields.get("phone", ""), fields.get("email", ""))
    place = _place(offices, fields)
    return Draft(
        service.code,
        place,
        fields.get("description", ""),
        fields.get("address_string"),
        contact=contact,
    )


def _place(offices: Offices, fields: dict[str, str]) -> Place:
    """Return where a request is.

    Raises:
        ReportRefusedError: `lat` and `long` are missing, no numbers, or outside the city.
    """
    try:
        return offices.surveyor.at_lonlat(float(fields["long"]), float(fields["lat"]))
    except (KeyError, ValueError) as error:
        if isinstance(error, ReportRefusedError):
            raise
        raise ReportRefusedError(
            "lat과 long이 필요해요. 이 도시는 주소만으로 위치를 찾지 않아요.",
            "lat and long are needed: this city does not look up places by address.",
        ) from error


def _notice(made: Report, *, has_link: bool) -> str:
    ko, en = service_of(made.service).agency
    notice = f"{ko}에서 살펴봐요. · The {en} looks into it."
    if has_link:
        notice += " media_url은 가져오지 않아요. · What media_url points to is not fetched."
    return notice


def _media(request: Request, report: Report) -> str | None:
    return f"{_base(request)}/api/v1/reports/{report.id}/photo" if report.photo else None


def _base(request: Request) -> str:
    """Return this server's address as the caller sees it."""
    host = request.headers.get("x-forwarded-host") or request.headers.get("host", "")
    return f"{request.url.scheme}://{host}"
