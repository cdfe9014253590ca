import io
import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from PIL import Image

from meta_gwangju.photos import _AT_A_TIME, _MOST_WAITING, LONGEST, Photos
from municipality.errors import PhotoRefusedError, PhotosBusyError

ORIENTATION, GPS = 0x0112, 0x8825


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(tmp_path / "photos")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def halves(width: int = 400, height: int = 200) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


def kept(photos: Photos, photo: bytes, *, thumbnail: bool = False) -> Image.Image:
    file = photos.find(photos.keep(photo), thumbnail=thumbnail)
    assert file is not None
    return Image.open(io.BytesIO(file.read_bytes()))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, colour: int = 0) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_as_a_webp_of_at_most_1600_pixels_with_a_thumbnail(photos: Photos, kind: str) -> None:
    photo = encoded(halves(3000, 1500), kind)
    picture, thumbnail = kept(photos, photo), kept(photos, photo, thumbnail=True)
    assert (picture.format, picture.size) == ("WEBP", (1600, 800))
    assert thumbnail.size == (320, 160)


def test_position_and_camera_are_gone_and_the_photo_stands_upright(photos: Photos) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turned a quarter clockwise to be seen
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(GPS).update({1: "N", 2: (35.0, 9.0, 35.0), 3: "E", 4: (126.0, 51.0, 9.0)})
    photo = encoded(halves(), "JPEG", exif=exif, comment=b"my home")
    assert Image.open(io.BytesIO(photo)).getexif().get_ifd(GPS)
    picture = kept(photos, photo)
    assert picture.size == (200, 400)
    red, _, blue = picture.convert("RGB").getpixel((100, 20))
    assert red > blue  # what was left is on top
    assert not picture.getexif()
    assert set(picture.info) <= {"background", "loop", "timestamp", "duration"}
    file = photos.find(photos.keep(photo))
    assert file is not None
    content = file.read_bytes()
    assert not any(secret in content for secret in (b"Camera", b"my home", b"EXIF", b"ICCP"))


def test_what_shows_through_shows_white(photos: Photos) -> None:
    picture = kept(photos, encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    assert min(picture.convert("RGB").getpixel((25, 25))) > 250


def test_what_hides_behind_or_inside_a_photo_is_not_kept(photos: Photos) -> None:
    script = b"<html><script>alert(1)</script></html>"
    behind = encoded(halves(), "JPEG") + script + b"PK\x03\x04"
    text = chunk(b"tEXt", b"Comment\0" + script)
    inside = encoded(halves(), "PNG").replace(chunk(b"IEND", b""), text + chunk(b"IEND", b""))
    for photo in (behind, inside):
        file = photos.find(photos.keep(photo))
        assert file is not None
        assert b"script" not in file.read_bytes()
        assert b"PK\x03\x04" not in file.read_bytes()


def _truncated() -> bytes:
    whole = encoded(Image.effect_noise((600, 600), 80.0).convert("RGB"), "JPEG")
    return whole[: len(whole) // 2]


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        lambda: b"<!doctype html><script>alert(1)</script>",
        lambda: b"<svg/>" + encoded(halves(), "JPEG"),
        lambda: encoded(halves(), "GIF"),
        lambda: encoded(halves(), "BMP"),
        lambda: encoded(halves(), "TIFF"),
        lambda: encoded(halves(), "PDF"),
        lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(40),
        lambda: b"\xff\xd8\xff" + bytes(1000),
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000),
        _truncated,
        lambda: png(100, 100, chunk(b"IDAT", b"not compressed")),
        lambda: png(0, 0),
    ],
)
def test_what_is_no_whole_photo_is_refused(photos: Photos, make: Callable[[], bytes]) -> None:
    with pytest.raises(PhotoRefusedError):
        photos.keep(make())
    assert not list(photos._folder.rglob("*.webp"))


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (2**31 - 1, 1), (8_000, 7_000)])
def test_a_bomb_of_pixels_is_refused_before_it_is_decoded(photos: Photos, width: int, height: int) -> None:
    bomb = png(width, height, chunk(b"IDAT", zlib.compress(bytes(1_000_000))))
    with pytest.raises(PhotoRefusedError, match="pixels"):
        photos.keep(bomb)


def test_a_bomb_of_text_keeps_within_its_limits(photos: Photos) -> None:
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(300_000_000), 9))
    with pytest.raises(PhotoRefusedError):
        photos.keep(png(10, 10, text, chunk(b"IDAT", zlib.compress(bytes(110)))))


@pytest.mark.parametrize(("colour", "samples"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_the_largest_photo_that_may_come_can_be_drawn(photos: Photos, colour: int, samples: int) -> None:
    rows = zlib.compress(bytes((7_000 * samples + 1) * 7_000), 1)
    picture = kept(photos, png(7_000, 7_000, chunk(b"IDAT", rows), colour=colour))
    assert picture.size == (1600, 1600)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_every_kind_of_pixel_can_be_drawn(photos: Photos, mode: str) -> None:
    photo = encoded(Image.new(mode, (3_000, 40)), "PNG")
    assert kept(photos, photo).size == (1600, 21)


def test_a_print_shops_photo_can_be_drawn(photos: Photos) -> None:
    assert kept(photos, encoded(Image.new("CMYK", (60, 40)), "JPEG")).size == (60, 40)


def test_too_many_photos_at_once_are_sent_away(photos: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meta_gwangju.photos._PATIENCE", 0.0)
    with photos._drawing, photos._drawing, pytest.raises(PhotosBusyError):
        photos.keep(encoded(halves(), "JPEG"))
    assert photos.keep(encoded(halves(), "JPEG"))


def test_few_wait_for_their_photo_and_the_rest_is_sent_away_at_once(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meta_gwangju.photos._PATIENCE", 30.0)
    photo = encoded(halves(), "JPEG")
    with ThreadPoolExecutor(40) as crowd:
        with photos._drawing, photos._drawing:
            coming = {crowd.submit(photos.keep, photo) for _ in range(40)}
            sent_away, waiting = wait(coming, timeout=1.0)
        kept_in_the_end = [one.result() for one in waiting]
    assert len(kept_in_the_end) == _AT_A_TIME + _MOST_WAITING
    assert all(isinstance(one.exception(), PhotosBusyError) for one in sent_away)


def test_a_photo_of_more_than_ten_megabytes_is_refused(photos: Photos) -> None:
    with pytest.raises(PhotoRefusedError, match="10 MB"):
        photos.keep(encoded(halves(), "JPEG") + bytes(LONGEST))


def test_the_same_photo_has_the_same_name_and_can_be_forgotten(photos: Photos) -> None:
    photo = encoded(halves(), "JPEG")
    name = photos.keep(photo)
    assert photos.keep(photo) == name
    photos.forget(name)
    photos.forget(name)
    assert photos.find(name) is None
    assert photos.find(name, thumbnail=True) is None


@pytest.mark.parametrize("name", ["", "../../../etc/passwd", "A" * 64, "g" * 64, "0" * 63, "a/" * 32])
def test_a_name_that_is_none_finds_nothing(photos: Photos, name: str) -> None:
    assert photos.find(name) is None
