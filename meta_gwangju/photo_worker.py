"""Turns one uploaded photo into two small pictures, as a program of its own that can do no harm.

It reads the photo from standard input and writes the picture's length (4 bytes, big-endian), the picture and
its thumbnail, both WebP, to standard output; or ends with a code of :data:`ENDS`. It imports nothing of the
city, opens no file and no connection, and gives up when it needs more than its limits: what a decoder may be
talked into stays in here. What comes out is drawn anew from pixels: EXIF with its positions, comments, colour
profiles, and whatever else stood in or behind the file are gone.
"""

import io
import resource
import sys

from PIL import Image, ImageOps

#: How the program ends, and what that says.
ENDS = {"done": 0, "no photo": 3, "too many pixels": 4, "damaged": 5}
FORMATS = ("JPEG", "PNG", "WEBP")
#: Pixels in all, and along one side, that are decoded at most: 50 megapixels are 200 MB.
MOST_PIXELS, LONGEST_SIDE = 50_000_000, 20_000
#: Pixels along the longer side of what is kept.
PICTURE, THUMBNAIL = 1_600, 320
#: Bytes of memory, and seconds of a processor.
_MEMORY, _SECONDS = 1 << 30, 10


def limit() -> None:
    """Give this process little: memory, time, no files to write, few to open."""
    for kind, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def redraw(photo: bytes) -> tuple[bytes, bytes] | str:
    """Return picture and thumbnail, or why there are none (a key of :data:`ENDS`)."""
    try:
        opened = Image.open(io.BytesIO(photo), formats=FORMATS)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "no photo"
    width, height = opened.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        return "too many pixels"
    try:
        opened.draft("RGB", (2 * PICTURE, 2 * PICTURE))  # JPEG decodes to a fraction of its size
        ImageOps.exif_transpose(opened, in_place=True)
        picture = _on_white(_shrunk(opened))
        return _webp(picture), _webp(_shrunk(picture, THUMBNAIL))
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, ArithmeticError, LookupError):
        return "damaged"


def _shrunk(image: Image.Image, side: int = PICTURE) -> Image.Image:
    """Return the picture itself, made smaller where it stands: of a large one there is no room for copies."""
    if image.mode not in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture in RGB; what shows through shows white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")


def _webp(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.info.clear()  # nothing of the photo but its pixels
    image.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()


def main() -> int:
    """Run the program; returns how it ends."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit comes first, before anything is decoded
    limit()
    drawn = redraw(sys.stdin.buffer.read())
    if isinstance(drawn, str):
        return ENDS[drawn]
    picture, thumbnail = drawn
    sys.stdout.buffer.write(len(picture).to_bytes(4, "big") + picture + thumbnail)
    return ENDS["done"]


if __name__ == "__main__":
    sys.exit(main())
