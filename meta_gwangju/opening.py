"""Opening the city: everything that has to be right is looked at first, and said when it is not."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from meta_gwangju.certificates import Certificate, ensure_certificate, wanted_names
from meta_gwangju.city import load_ground, make_sure_of_city
from meta_gwangju.codecs import check_codec
from meta_gwangju.config import Settings
from meta_gwangju.console import out
from meta_gwangju.errors import DataFolderError, PageMissingError, StartError
from meta_gwangju.land import CityLand
from meta_gwangju.listen import addresses, open_listener, open_udp
from meta_gwangju.node import CityNode
from meta_gwangju.offices import Offices, make_offices
from meta_gwangju.places import Places
from meta_gwangju.serve import run_city
from municipality.errors import StoreError
from municipality.store import Store, url_of
from world.limits import TICK_HZ


def open_city(settings: Settings) -> None:
    """Check, build what is missing, and serve until asked to stop.

    Raises:
        StartError: Something needed is missing; nothing was started.
    """
    check_page(settings.web)
    codec = check_codec()
    check_data(settings.data)
    certificate = ensure_certificate(settings.certificates, wanted_names()) if settings.tls else None
    with (
        open_listener(settings.host, settings.port) as listener,
        open_udp(settings, int(listener.getsockname()[1])) as mux,
        _store(settings.database) as store,
    ):
        make_sure_of_city(settings.city, settings.seed)
        ground = load_ground(settings.city)
        offices = _offices(store, settings, CityLand.load(settings.city, ground))
        node = CityNode(settings, offices, Places.load(settings.city), ground, mux)
        opened = Opened(int(listener.getsockname()[1]), mux.number, codec, node.media.name, certificate)
        run_city(node, settings, listener, certificate, lambda: announce(settings, opened))
    out.print("도시를 닫았습니다 · The city is closed.")


def check_page(web: Path) -> None:
    """Check that the web client was built.

    Raises:
        PageMissingError: It was not.
    """
    if not (web / "index.html").is_file():
        raise PageMissingError(
            f"웹 페이지가 아직 없습니다({web}). 'make run'으로 시작하거나 web 폴더에서 "
            "'npm ci && npm run build'를 실행하세요.",
            f"The page was not built yet ({web}). Start with 'make run', or run "
            "'npm ci && npm run build' in the folder web.",
        )


def check_data(folder: Path) -> None:
    """Make the data folder, and check that it can be written.

    Raises:
        DataFolderError: It cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DataFolderError(
            f"데이터 폴더 {folder}에 쓸 수 없습니다({error.strerror}). "
            "권한을 고치거나 --data로 다른 폴더를 고르세요.",
            f"The data folder {folder} cannot be written ({error.strerror}). Change its permissions, "
            "or choose another with --data.",
        ) from error


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found while opening.

    Attributes:
        port: TCP port.
        udp_port: UDP port.
        codec: The speech codec's name and version.
        certificate: For https; None without.
    """

    port: int
    udp_port: int
    codec: str
    media: str
    certificate: Certificate | None


def announce(settings: Settings, opened: Opened) -> None:
    """Print the address, and in one line each what is running."""
    links = addresses(settings, opened.port)
    out.print("\n[bold]메타 광주가 열렸습니다 · Meta Gwangju is open[/]")
    for link in links:
        out.print(f"  [bold cyan]{link}[/]", soft_wrap=True)
    for korean, english, what in (
        ("도시", "city", f"{_built(settings.city)} · {settings.city}"),
        ("세계", "world", f"{TICK_HZ} Hz, up to {settings.capacity} people"),
        ("다리", "bridge", f"WebRTC on {settings.host}, UDP port {opened.udp_port}; signalling at /signal"),
        ("소리", "audio", f"{opened.codec}, one binaural mix a listener, 50 Hz, media path {opened.media}"),
        ("기록", "database", _database(settings.database)),
        ("화면", "page", f"한국어·English · {settings.web}"),
    ):
        out.print(f"  {korean} {english:<8}  {what}", soft_wrap=True)
    if opened.certificate:
        _explain_certificate(settings, opened.certificate)
    out.print("Ctrl+C로 닫습니다 · Ctrl+C closes the city.\n")


def _explain_certificate(settings: Settings, certificate: Certificate) -> None:
    if settings.host == "0.0.0.0":  # noqa: S104 -- compared with, not bound
        out.print(
            "같은 네트워크의 모든 기기에 열렸습니다 · Open to every device on this network (0.0.0.0).",
            soft_wrap=True,
        )
    out.print(
        "휴대전화는 '안전하지 않음' 경고를 한 번 보입니다: '고급 → 계속'을 누르고 마이크를 허용하세요.\n"
        "A phone warns once that the connection is not private: choose 'Advanced → Proceed', then allow the "
        "microphone.\n"
        f"지문 fingerprint SHA-256 {certificate.fingerprint} · {certificate.expires:%Y-%m-%d}까지 until",
        soft_wrap=True,
    )


def _built(city: Path) -> str:
    """Return what the city consists of, as it says itself."""
    try:
        built = json.loads((city / "sources.json").read_text(encoding="utf-8"))["built"]
        return (
            f"{built['tiles']:,} tiles, {built['buildings']:,} synthetic buildings (seed {built['seed']}), "
            f"{built['places']} real places"
        )
    except (OSError, ValueError, KeyError, TypeError):
        return "3D Tiles 1.1"


def _database(database: Path | str) -> str:
    """Return which database keeps the city, without its password."""
    if isinstance(database, Path):
        return f"SQLite (WAL, synchronous=FULL) · {database}"
    return (
        f"PostgreSQL · {url_of(database).set(drivername='postgresql').render_as_string(hide_password=True)}"
    )


def _offices(store: Store, settings: Settings, land: CityLand) -> Offices:
    try:
        return make_offices(store, settings, land)
    except StoreError as error:
        raise StartError(error.ko, error.en) from error


def _store(database: Path | str) -> Store:
    try:
        return Store(database)
    except StoreError as error:
        raise StartError(error.ko, error.en) from error
