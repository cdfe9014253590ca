"""Looks at this machine, and says what to do about what it finds."""

import datetime as dt
import json
import shutil
import urllib.request
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from urllib.error import URLError

from rich.markup import escape

from devices.camera import list_cameras
from devices.errors import DeviceError
from devices.sound import list_sound_devices
from meta_gwangju.certificates import read_certificate, wanted_names
from meta_gwangju.city import load_ground
from meta_gwangju.codecs import check_codec
from meta_gwangju.config import Settings
from meta_gwangju.console import out
from meta_gwangju.errors import StartError
from meta_gwangju.listen import addresses, open_listener, open_udp
from meta_gwangju.opening import check_data, check_page
from meta_gwangju.places import Places
from municipality.errors import StoreError
from municipality.store import known_revisions, revisions
from xr_runtime.probe import probe

#: The built city and its database take about a gigabyte; less than that left and nothing can be promised.
_NEEDED_BYTES = 1_000_000_000
_GIGABYTE = 1_000_000_000


class State(StrEnum):
    """What a finding means for opening the city."""

    OK = "ok"
    NOTE = "note"
    """The city opens without it; something does not work."""
    MISSING = "missing"
    """The city cannot open."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: A short stable word for programs.
        state: What it means.
        ko, en: What was found and, unless all is well, what to do.
    """

    what: str
    state: State
    ko: str
    en: str


def examine(settings: Settings, only: Collection[str] | None = None) -> list[Finding]:
    """Look at everything that `serve` and `headset` need, under these settings.

    Args:
        settings: As `serve` would get them.
        only: Names of findings; None looks at all of them.
    """
    checks: dict[str, Callable[[Settings], Finding]] = {
        "port": _port,
        "udp": _udp,
        "codec": _codec,
        "page": _page,
        "data": _data,
        "disk": _disk,
        "database": _database,
        "city": _city,
        "tls": _tls,
        "openxr": _openxr,
        "sound": _sound,
        "camera": _camera,
    }
    return [
        _explained(what, check, settings) for what, check in checks.items() if only is None or what in only
    ]


def report(findings: Iterable[Finding], *, as_json: bool) -> bool:
    """Print the findings; returns whether the city can open."""
    found = list(findings)
    if as_json:
        out.print_json(json.dumps([asdict(finding) for finding in found], ensure_ascii=False))
    else:
        signs = {State.OK: "[green]✓[/]", State.NOTE: "[yellow]![/]", State.MISSING: "[red]✗[/]"}
        for finding in found:
            out.print(f"{signs[finding.state]} {finding.what:<8} {escape(finding.ko)}", soft_wrap=True)
            out.print(f"           [dim]{escape(finding.en)}[/]", soft_wrap=True)
    return all(finding.state is not State.MISSING for finding in found)


def _explained(what: str, check: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return check(settings)
    except StartError as error:
        return Finding(what, State.MISSING, error.ko, error.en)
    except StoreError as error:
        return Finding(what, State.MISSING, error.ko, error.en)
    except DeviceError as error:
        return Finding(what, State.NOTE, error.ko, error.en)


def _port(settings: Settings) -> Finding:
    link = addresses(settings, settings.port)[0]
    try:
        open_listener(settings.host, settings.port).close()
    except StartError:
        if not _is_our_city(link):
            raise
        return Finding(
            "port", State.OK, f"도시가 이미 {link}에 열려 있습니다.", f"The city is open already at {link}."
        )
    return Finding("port", State.OK, f"{link}을(를) 쓸 수 있습니다.", f"{link} is free.")


def _udp(settings: Settings) -> Finding:
    try:
        with open_udp(settings, settings.port) as mux:
            number = mux.number
    except StartError:
        if not _is_our_city(addresses(settings, settings.port)[0]):
            raise
        return Finding(
            "udp",
            State.OK,
            f"도시가 UDP 포트 {settings.udp_port}을(를) 이미 씁니다.",
            f"The city uses UDP port {settings.udp_port} already.",
        )
    if number in {settings.udp_port, settings.port} or _is_our_city(addresses(settings, settings.port)[0]):
        found = settings.udp_port or settings.port
        return Finding(
            "udp",
            State.OK,
            f"UDP 포트 {found}: 다른 기기가 들어오려면 방화벽에 이 포트를 여세요.",
            f"UDP port {found}: a firewall has to open it for other devices.",
        )
    return Finding(
        "udp",
        State.NOTE,
        f"UDP 포트 {settings.port}을(를) 쓸 수 없어 열 때마다 다른 번호를 씁니다. "
        "방화벽이 있으면 --udp-port로 정하세요.",
        f"UDP port {settings.port} cannot be had: each start takes another number. "
        "Behind a firewall, choose one with --udp-port.",
    )


def _is_our_city(link: str) -> bool:
    if not link.startswith("http://"):
        return False
    try:
        with urllib.request.urlopen(f"{link}/healthz", timeout=2.0) as answer:  # noqa: S310 -- http, checked above
            return "late_ticks" in json.load(answer)
    except (URLError, OSError, ValueError):
        return False


def _codec(_settings: Settings) -> Finding:
    codec = check_codec()
    return Finding("codec", State.OK, f"음성 코덱: {codec}", f"Speech codec: {codec}")


def _page(settings: Settings) -> Finding:
    check_page(settings.web)
    return Finding("page", State.OK, f"웹 페이지: {settings.web}", f"Page: {settings.web}")


def _data(settings: Settings) -> Finding:
    check_data(settings.data)
    return Finding(
        "data",
        State.OK,
        f"데이터 폴더 {settings.data}에 쓸 수 있습니다.",
        f"The data folder {settings.data} can be written.",
    )


def _disk(settings: Settings) -> Finding:
    check_data(settings.data)
    free = shutil.disk_usage(settings.data).free
    amount = f"{free / _GIGABYTE:.1f} GB"
    if free < _NEEDED_BYTES:
        return Finding(
            "disk",
            State.MISSING,
            f"디스크에 {amount}만 남았습니다. 1 GB 이상 비우거나 --data로 다른 디스크를 고르세요.",
            f"Only {amount} are left on the disk. Free 1 GB, or choose another disk with --data.",
        )
    return Finding("disk", State.OK, f"디스크 여유: {amount}", f"Disk space: {amount}")


def _database(settings: Settings) -> Finding:
    found, needed = revisions(settings.database)
    kind = "SQLite" if isinstance(settings.database, Path) else "PostgreSQL"
    if found is not None and found not in known_revisions():
        return Finding(
            "database",
            State.MISSING,
            f"{kind}: 더 새로운 버전(스키마 {found})이 만들었습니다. 프로그램을 업데이트하세요.",
            f"{kind}: written by a newer version (schema {found}). Update this program.",
        )
    if found is None:
        return Finding(
            "database", State.OK, f"{kind}: 처음 열 때 만듭니다.", f"{kind}: the first start makes it."
        )
    if found != needed:
        return Finding(
            "database",
            State.NOTE,
            f"{kind}: 스키마 {found}, 다음에 열 때 {needed}(으)로 바꿉니다. 먼저 'meta-gwangju backup FILE'.",
            f"{kind}: schema {found}; the next start makes it {needed}. First 'meta-gwangju backup FILE'.",
        )
    return Finding("database", State.OK, f"{kind}: 스키마 {found}", f"{kind}: schema {found}")


def _city(settings: Settings) -> Finding:
    if not settings.city.exists():
        return Finding(
            "city",
            State.NOTE,
            "도시를 아직 짓지 않았습니다. 처음 열 때 짓습니다. 미리 지으려면 'meta-gwangju build-city'.",
            "The city is not built yet. The first start builds it; 'meta-gwangju build-city' does so now.",
        )
    places = Places.load(settings.city)
    load_ground(settings.city)
    count = len(places.arrivals)
    return Finding(
        "city", State.OK, f"도시: 장소 {count}곳, {settings.city}", f"City: {count} places, {settings.city}"
    )


def _tls(settings: Settings) -> Finding:
    kept = read_certificate(settings.certificates)
    if kept is None:
        return Finding(
            "tls",
            State.OK if settings.tls else State.NOTE,
            "인증서가 없습니다. 휴대전화나 헤드셋도 들어오게 하려면 --tls(make run TLS=1)로 여세요.",
            "There is no certificate. For phones and headsets start with --tls (make run TLS=1).",
        )
    until = f"{kept.expires:%Y-%m-%d}"
    if kept.expires < dt.datetime.now(dt.UTC) or not wanted_names() <= kept.names:
        return Finding(
            "tls",
            State.NOTE,
            f"인증서({until}까지)가 지났거나 이 컴퓨터의 새 주소가 없습니다. --tls로 열면 새로 만듭니다.",
            f"The certificate (until {until}) is over or lacks an address of ours. --tls makes another.",
        )
    return Finding("tls", State.OK, f"인증서: {until}까지", f"Certificate: valid until {until}")


def _openxr(_settings: Settings) -> Finding:
    found = probe()
    if found.ready:
        named = f"{found.runtime}, {found.system}"
        return Finding("openxr", State.OK, f"OpenXR 런타임: {named}", f"OpenXR runtime: {named}")
    return Finding("openxr", State.NOTE, found.ko, found.en)


def _sound(_settings: Settings) -> Finding:
    found = list_sound_devices()
    microphones, speakers = len(found.microphones), len(found.speakers)
    if microphones and speakers:
        return Finding(
            "sound",
            State.OK,
            f"마이크 {microphones}, 스피커 {speakers}",
            f"Microphones {microphones}, speakers {speakers}",
        )
    return Finding(
        "sound",
        State.NOTE,
        f"마이크 {microphones}, 스피커 {speakers}: 여기서 헤드셋은 소리 없이 들어갑니다. 장치를 꽂으세요.",
        f"Microphones {microphones}, speakers {speakers}: a headset on this machine joins without sound. "
        "Plug a device in.",
    )


def _camera(_settings: Settings) -> Finding:
    cameras = list_cameras()
    if cameras:
        names = ", ".join(camera.name for camera in cameras)
        return Finding("camera", State.OK, f"카메라: {names}", f"Cameras: {names}")
    return Finding(
        "camera",
        State.NOTE,
        "카메라가 없습니다. 도시를 여는 데는 필요 없습니다.",
        "There is no camera. The city opens without one.",
    )
