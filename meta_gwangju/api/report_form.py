"""Reading what people report, never more of it than there may be: JSON, or a form with a photo."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from meta_gwangju.api.caller import ActorOf
from meta_gwangju.api.report_models import ReportIn
from meta_gwangju.photos import LONGEST
from municipality.access import CITY_HALL, Action

#: Bytes of everything but the photo.
_MOST_TEXT = 128 * 1024
_MOST_FIELDS = 32
_FORM, _JSON = "multipart/form-data", "application/json"

_REPORT = ReportIn.model_json_schema()
_PHOTO = {
    "type": "string",
    "contentMediaType": "application/octet-stream",
    "description": "JPEG, PNG, WebP; 10 MB까지. At most 10 MB.",
}
#: For the OpenAPI description: what FastAPI cannot see of a body that it does not read.
REQUEST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {"schema": _REPORT},
            _FORM: {"schema": _REPORT | {"properties": _REPORT["properties"] | {"photo": _PHOTO}}},
        },
    }
}


@dataclass(frozen=True, slots=True)
class Submission:
    """What came.

    Attributes:
        report: The report.
        photo: As it came; None without.
    """

    report: ReportIn
    photo: bytes | None


async def submission_of(request: Request, actor: ActorOf) -> Submission:
    """Read a report of somebody who may report; of anybody else nothing is read.

    Raises:
        NotAllowedError: They may not report.
        HTTPException: The body is too large, of another type, or cannot be read.
        RequestValidationError: It does not hold a report.
    """
    actor.require(Action.REPORT, CITY_HALL)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == _JSON:
            values, photo = await _json(request), None
        elif kind == _FORM:
            values, photo = await _form(request)
        else:
            raise HTTPException(415)
        return Submission(ReportIn.model_validate(values), photo)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_input=False, include_url=False)) from error
    except ClientDisconnect as error:
        raise HTTPException(400) from error


SubmissionOf = Annotated[Submission, Depends(submission_of)]


async def bounded_body(request: Request, most: int) -> bytes:
    """Return a whole body of at most so many bytes.

    Raises:
        HTTPException: It is larger; the rest is not read.
    """
    return b"".join([chunk async for chunk in _bounded(request, most)])


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > most:
        raise HTTPException(413)
    read = 0
    async for chunk in request.stream():
        read += len(chunk)
        if read > most:
            raise HTTPException(413)
        yield chunk


async def _json(request: Request) -> Any:
    try:
        return json.loads(await bounded_body(request, _MOST_TEXT))
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error


async def _form(request: Request) -> tuple[dict[str, str], bytes | None]:
    stream = _bounded(request, LONGEST + _MOST_TEXT)
    parser = MultiPartParser(
        request.headers, stream, max_files=1, max_fields=_MOST_FIELDS, max_part_size=_MOST_TEXT
    )
    try:
        form = await parser.parse()
    except (MultiPartException, LookupError, ValueError) as error:  # the latter two: a strange charset
        raise HTTPException(400) from error
    try:
        # An empty field of a form is one that was left out.
        values = {name: text for name, text in form.items() if isinstance(text, str) and text}
        upload = form.get("photo")
        photo = await upload.read() if isinstance(upload, UploadFile) else None
    finally:
        await form.close()
    return values, photo or None
