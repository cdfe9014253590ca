"""Open311 GeoReport v2: the fields of its answers, and their two formats, which say the same.

https://wiki.open311.org/GeoReport_v2; JSON follows from XML by the Spark convention: lists of objects without
their root. XML is written by a library from values, never put together from texts.
"""

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import Literal

from fastapi import Response

from municipality.reports import OPEN, Report, Service, Update, service_of

Format = Literal["json", "xml"]
Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]

JURISDICTION = "meta-gwangju"
#: What stands in each list.
_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
#: XML 1.0, section 2.2: what is no Char cannot be written at all, not even escaped.
_NO_CHARS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}


def answer(root: str, value: Value, form: str, status: int = 200) -> Response:
    """Return a value in a format.

    Args:
        root: Name of the XML document's element.
        value: An object, or a list of objects.
        form: `json`; anything else is XML, which every server must speak.
        status: HTTP status.
    """
    media_type = _TYPES.get(form, _TYPES["xml"])
    if form == "json":
        return Response(json.dumps(value, ensure_ascii=False, allow_nan=False), status, media_type=media_type)
    element = ET.Element(root)
    _fill(element, value)
    text = ET.tostring(element, encoding="unicode")
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', status, media_type=media_type)


def errors(found: Sequence[tuple[int, str]], form: str, status: int) -> Response:
    """Return what went wrong, as (code, description)."""
    return answer("errors", [{"code": code, "description": text} for code, text in found], form, status)


def service_fields(service: Service) -> dict[str, Value]:
    """Return a service of GET Service List."""
    return {
        "service_code": service.code,
        "service_name": _both(service.name),
        "description": _both(service.description),
        "metadata": False,
        "type": "realtime",
        "keywords": ", ".join(service.keywords),
        "group": _both(service.group),
    }


def request_fields(report: Report, media_url: str | None) -> dict[str, Value]:
    """Return a request of GET Service Requests."""
    service = service_of(report.service)
    closed_or_touched = report.answered_at if report.answered_at is not None else report.updated_at
    return {
        "service_request_id": str(report.id),
        "status": "open" if report.status in OPEN else "closed",
        "status_notes": _said(report.status_note),
        "service_name": _both(service.name),
        "service_code": report.service,
        "description": report.description,
        "agency_responsible": _both(service.agency),
        "service_notice": None,
        "requested_datetime": w3c(report.submitted_at),
        "updated_datetime": w3c(closed_or_touched),
        "expected_datetime": None if report.expected_at is None else w3c(report.expected_at),
        "address": report.address,
        "address_id": None,
        "zipcode": None,
        "lat": report.place.latitude,
        "long": report.place.longitude,
        "media_url": media_url,
    }


def update_fields(update: Update) -> dict[str, Value]:
    """Return an update (mySociety's extension, GET Service Request Updates)."""
    step = update.step
    return {
        "update_id": str(step.id),
        "service_request_id": str(update.report),
        "status": "OPEN" if step.status in OPEN else "CLOSED",
        "updated_datetime": w3c(step.at),
        "description": _said((step.note_ko, step.note_en)),
        "media_url": None,
    }


def discovery_fields(base: str) -> dict[str, Value]:
    """Return the Service Discovery of the server whose address is ``base``, without a slash at its end."""
    changed = "2026-11-23T00:00:00Z"  # when services were last added or renamed
    return {
        "changeset": changed,
        "contact": "이 도시의 운영자에게 문의하세요. · Ask whoever operates this city.",
        "key_service": "meta-gwangju api-key issue",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": f"{base}/open311/v2",
                "changeset": changed,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def w3c(seconds: float) -> str:
    """Return Unix seconds as the W3C's date and time, in UTC."""
    moment = dt.datetime.fromtimestamp(int(seconds), dt.UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _both(words: tuple[str, str]) -> str:
    return f"{words[0]} · {words[1]}"


def _said(words: tuple[str | None, str | None] | None) -> str | None:
    return "\n".join(text for text in words or () if text) or None


def _fill(element: ET.Element, value: Value) -> None:
    """Write a value into an element; None leaves it empty."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            _fill(ET.SubElement(element, name), part)
    elif isinstance(value, str):
        element.text = _NO_CHARS.sub("\ufffd", value)
    elif isinstance(value, Sequence):
        for part in value:
            _fill(ET.SubElement(element, _ITEMS[element.tag]), part)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = repr(value)
