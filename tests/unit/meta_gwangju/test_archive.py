"""Files that were damaged, or made by somebody else to do harm: refused, and nothing is changed."""

import gzip
import hashlib
import io
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from meta_gwangju.archive import Manifest, unpack
from meta_gwangju.backup import make_backup
from meta_gwangju.config import Settings
from meta_gwangju.errors import BackupError
from tests.unit.meta_gwangju.living import live, refusal


@pytest.fixture
def sqlite_city(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "var")
    live(settings)
    return settings


@pytest.fixture
def file(sqlite_city: Settings, tmp_path: Path) -> Path:
    """A backup of it."""
    make_backup(sqlite_city, tmp_path / "city.tar.gz")
    return tmp_path / "city.tar.gz"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """Where nothing is yet."""
    return Settings(data=tmp_path / "other")


@pytest.mark.parametrize("part", range(4, 20, 3))
def test_a_flipped_byte_is_refused(sqlite_city: Settings, elsewhere: Settings, part: int) -> None:
    noise = random.Random(part).randbytes(2_000_000)  # what repeats itself can be coded in several ways
    (sqlite_city.data / "uploads" / "noise").write_bytes(noise)
    file = sqlite_city.data.parent / "city.tar.gz"
    make_backup(sqlite_city, file)
    content = bytearray(file.read_bytes())
    content[len(content) * part // 20] ^= 0x20
    file.write_bytes(content)
    elsewhere.data.mkdir()
    assert "damaged" in refusal(elsewhere, file)


@pytest.mark.parametrize("left", [0, 1, 100, 5000, -100, -8, -1])
def test_a_file_that_ends_too_early_is_refused(file: Path, elsewhere: Settings, left: int) -> None:
    file.write_bytes(file.read_bytes()[:left])
    elsewhere.data.mkdir()
    assert "damaged" in refusal(elsewhere, file)


def test_something_behind_the_end_is_refused(file: Path, elsewhere: Settings) -> None:
    file.write_bytes(file.read_bytes() + gzip.compress(bytes(512) + b"more"))
    elsewhere.data.mkdir()
    assert "behind its end" in refusal(elsewhere, file)


def test_a_file_that_inflates_without_end_is_refused(file: Path, elsewhere: Settings) -> None:
    with gzip.open(file, "ab") as stream:
        for _ in range(200):
            stream.write(bytes(1024 * 1024))
    elsewhere.data.mkdir()
    assert "behind its end" in refusal(elsewhere, file)


Change = Callable[[dict[str, object]], None]


def forged(file: Path, change: Callable[[Manifest, dict[str, bytes]], None]) -> None:
    """Write a backup anew, with manifest and contents as somebody else would have them."""
    with tarfile.open(file) as tar:
        inside = {name: tar.extractfile(name).read() for name in tar.getnames()}  # type: ignore[union-attr]
    manifest = msgspec.json.decode(inside.pop("manifest.json"))
    change(manifest, inside)
    with tarfile.open(file, "w:gz", format=tarfile.GNU_FORMAT) as tar:
        described = msgspec.json.encode(manifest)
        for name, content in {"manifest.json": described, **inside}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def added(path: str, content: bytes = b"x") -> Callable[..., None]:
    def change(manifest: dict[str, list[object]], inside: dict[str, bytes]) -> None:
        digest = hashlib.sha256(content).hexdigest()
        manifest["members"].append({"path": path, "size": len(content), "sha256": digest})
        inside[path] = content

    return change


def first_is(**values: object) -> Callable[..., None]:
    def change(manifest: dict[str, list[dict[str, object]]], _: dict[str, bytes]) -> None:
        manifest["members"][0].update(values)

    return change


def top_is(**values: object) -> Callable[..., None]:
    def change(manifest: dict[str, object], _: dict[str, bytes]) -> None:
        manifest.update(values)

    return change


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (added("files/../../evil"), "no path"),
        (added("/etc/evil"), "no path"),
        (added("files//evil"), "no path"),
        (added("files/a\nb"), "no path"),
        (added("files/c:\\evil"), "no path"),
        (added("evil"), "belongs nowhere"),
        (added("database/other"), "belongs nowhere"),
        (added("files/meta-gwangju.sqlite3-wal"), "nothing that a backup holds"),
        (added("files/city/tileset.json"), "nothing that a backup holds"),
        (added("files/.bashrc"), "nothing that a backup holds"),
        (added("files/uploads/photo.jpg"), "twice"),
        (first_is(size=10**15), "GB left"),
        (first_is(size=-1), "manifest cannot be read"),
        (first_is(size=10), "is not where"),
        (first_is(sha256="0" * 64), "is not what"),
        (first_is(sha256="../x"), "manifest cannot be read"),
        (first_is(path="files/x"), "no database"),
        (top_is(format="meta-gwangju backup 2"), "manifest cannot be read"),
        (top_is(schema="9999"), "newer version"),
        (top_is(schema="0001"), "not of the schema"),
        (top_is(database="postgresql"), "no database"),
        (top_is(members=[]), "no database"),
        (top_is(more=1), "manifest cannot be read"),
    ],
)
def test_a_forged_backup_is_refused(
    file: Path, elsewhere: Settings, change: Callable[..., None], word: str
) -> None:
    forged(file, change)
    elsewhere.data.mkdir()
    assert word in refusal(elsewhere, file)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_SPARSE])
def test_a_header_that_is_no_plain_file_is_refused(file: Path, elsewhere: Settings, kind: bytes) -> None:
    with tarfile.open(file) as tar:
        described = tar.extractfile("manifest.json").read()  # type: ignore[union-attr]
    info = tarfile.TarInfo("database/city.sqlite3")
    info.type, info.linkname, info.size = kind, "/etc/passwd", 2**40
    padding = bytes(-len(described) % 512)
    first = tarfile.TarInfo("manifest.json")
    first.size = len(described)
    whole = first.tobuf() + described + padding + info.tobuf(tarfile.GNU_FORMAT) + bytes(10_240)
    file.write_bytes(gzip.compress(whole))
    elsewhere.data.mkdir()
    assert "is not where" in refusal(elsewhere, file)


def test_a_manifest_of_negative_size_is_refused(file: Path, elsewhere: Settings) -> None:
    info = tarfile.TarInfo("manifest.json")
    info.size = -5
    file.write_bytes(gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(10_240)))
    elsewhere.data.mkdir()
    assert "is not where" in refusal(elsewhere, file)


def test_a_file_is_never_written_through_a_link(file: Path, tmp_path: Path) -> None:
    """Should somebody have put a link where a member goes, it is not followed."""
    (tmp_path / "staging" / "database").mkdir(parents=True)
    (tmp_path / "staging" / "database" / "city.sqlite3").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="exists"):
        unpack(file, tmp_path / "staging", lambda *_: None)
    assert not (tmp_path / "victim").exists()


def test_a_link_among_the_files_is_not_backed_up_silently(sqlite_city: Settings, tmp_path: Path) -> None:
    (sqlite_city.data / "uploads" / "link").symlink_to("/etc/hostname")
    with pytest.raises(BackupError, match="is a link"):
        make_backup(sqlite_city, tmp_path / "city.tar.gz")
    assert not (tmp_path / "city.tar.gz").exists()
