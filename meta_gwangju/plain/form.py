"""What a form sent: read up to a bound, whoever sends it, and however slowly."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

#: Bytes of a form without a file.
FORM_BYTES = 64 * 1024
_MOST_FIELDS = 64
#: Seconds that somebody has to send a form, and one with a file.
_SECONDS, _FILE_SECONDS = 20.0, 120.0


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, chosen and uploaded.

    Attributes:
        values: By the names of the fields.
        files: Contents, by the names of the fields.
    """

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def get(self, name: str, otherwise: str = "") -> str:
        """Return the first value of a field."""
        return next(iter(self.values.get(name, ())), otherwise)

    def all(self, name: str) -> Sequence[str]:
        """Return every value of a field."""
        return self.values.get(name, ())


async def read_form(request: Request, most_bytes: int) -> Form:
    """Return the form that a request sends.

    Raises:
        HTTPException: It is too large (413), too slow (408), of another type (415) or no form (400).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded":
            async with asyncio.timeout(_SECONDS):
                return _typed([part async for part in _bounded(request, FORM_BYTES)])
        if kind == "multipart/form-data" and most_bytes > FORM_BYTES:
            async with asyncio.timeout(_FILE_SECONDS):
                return await _with_files(request, most_bytes)
    except TimeoutError as error:
        raise HTTPException(408) from error
    except (MultiPartException, ValueError, KeyError) as error:
        raise HTTPException(400) from error
    raise HTTPException(415)


def _typed(parts: Sequence[bytes]) -> Form:
    """Return the fields of a body (WHATWG URL, application/x-www-form-urlencoded).

    Raises:
        ValueError: It is none, or has too many fields.
    """
    pairs = parse_qsl(
        b"".join(parts).decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
    )
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return Form(values)


async def _with_files(request: Request, most_bytes: int) -> Form:
    parser = MultiPartParser(
        request.headers,
        _bounded(request, most_bytes),
        max_files=1,
        max_fields=_MOST_FIELDS,
        max_part_size=FORM_BYTES,
    )
    data = await parser.parse()
    try:
        values: dict[str, list[str]] = {}
        files: dict[str, bytes] = {}
        for name, value in data.multi_items():
            if isinstance(value, UploadFile):
                files[name] = await value.read()
            else:
                values.setdefault(name, []).append(value)
        return Form(values, files)
    finally:
        await data.close()


async def _bounded(request: Request, most_bytes: int) -> AsyncGenerator[bytes, None]:
    """Yield a body's parts; what is announced or sent beyond the bound is not read.

    Raises:
        HTTPException: It is too large (413).
    """
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > most_bytes:
        raise HTTPException(413)
    received = 0
    async for part in request.stream():
        received += len(part)
        if received > most_bytes:
            raise HTTPException(413)
        yield part
