"""Files over HTTP: right types, right caching, and the compressed sibling where there is one."""

import os
from collections.abc import Callable
from pathlib import Path, PurePath

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

#: Types that the system's table may lack or get wrong (IANA media types).
_TYPES = {
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".json": "application/json",
    ".f32": "application/octet-stream",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".ktx2": "image/ktx2",
}

#: Keep it, but ask whether it changed (a 304 when it did not).
REVALIDATE = "public, no-cache"
#: The name changes with the content, so what is kept stays right.
IMMUTABLE = "public, max-age=31536000, immutable"


class Files(StaticFiles):
    """A folder over HTTP. `NAME.gz` beside `NAME` is sent to clients that take gzip, unless it is older.

    Args:
        folder: Served recursively; links out of it are not followed.
        caching: Returns the `Cache-Control` for a path relative to the folder.
        shared: Let pages of other origins read it (3D Tiles viewers do).
        html: Serve `index.html` for a folder.
    """

    def __init__(
        self, folder: Path, caching: Callable[[PurePath], str], *, shared: bool = False, html: bool = False
    ) -> None:
        super().__init__(directory=folder, html=html)
        self._folder = folder.resolve()
        self._caching = caching
        self._shared = shared

    def file_response(
        self,
        full_path: os.PathLike[str] | str,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file, its compressed sibling, or 304."""
        asked = Headers(scope=scope)
        plain = Path(full_path)
        packed = plain.with_name(plain.name + ".gz") if "range" not in asked else None
        sent = packed if packed and _is_current(packed, stat_result) and _takes_gzip(asked) else plain
        media_type = _TYPES.get(plain.suffix.lower())
        response = FileResponse(sent, status_code, media_type=media_type, stat_result=sent.stat())
        if sent is packed:
            response.headers["content-encoding"] = "gzip"
        response.headers["vary"] = "accept-encoding"
        response.headers["cache-control"] = self._caching(plain.relative_to(self._folder))
        if self._shared:
            response.headers["access-control-allow-origin"] = "*"
        return (
            NotModifiedResponse(response.headers)
            if self.is_not_modified(response.headers, asked)
            else response
        )


def _is_current(packed: Path, plain: os.stat_result) -> bool:
    try:
        return packed.stat().st_mtime_ns >= plain.st_mtime_ns
    except OSError:
        return False


def _takes_gzip(asked: Headers) -> bool:
    """Tell whether the client takes gzip (RFC 9110, section 12.5.3)."""
    for part in asked.get("accept-encoding", "").lower().split(","):
        coding, _, parameters = part.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def page_caching(path: PurePath) -> str:
    """Vite writes hashed names below `assets`; everything else may change under its name."""
    return IMMUTABLE if path.parts[:1] == ("assets",) else REVALIDATE


def city_caching(_path: PurePath) -> str:
    """Another seed writes other tiles under the same names."""
    return REVALIDATE
