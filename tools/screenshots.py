"""Takes the pictures of the README into `docs/images/`: `python -m tools.screenshots [--data var] [NAME …]`.

Starts a server on a built city, lets simulated citizens walk in where the picture shows people, and looks at
it with Chromium. Drawing is in software, so each picture waits until the city is complete.
"""

import argparse
import io
import math
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from meta_gwangju.config import Settings
from tests.support.chromium import ChromiumPage, chromium
from tests.support.deadline import eventually
from tests.support.server import PROGRAM, PROJECT, Server, serving
from tests.support.visitor import Visitor
from tests.support.webxr import EmulatedHeadset, webxr_script
from tools.sample_town import fill

IMAGES = PROJECT / "docs" / "images"
#: Bytes; dithering costs a third, and is left out where it would cost too much.
LARGEST = 400_000
NOON, NIGHT = "2026-05-18T12:20:00+09:00", "2026-05-18T21:00:00+09:00"
SQUARE = "may18_square"
#: Two minutes: a frame of the whole square takes seconds in software.
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture.

    Attributes:
        name: Of the file.
        link: Query of the page.
        size: CSS pixels, width and height.
        people: Simulated citizens in the square.
        vr: Look through the emulated headset, both eyes.
        key: A shortcut that is typed before the picture is taken.
        press: What is pressed after it, one after the other, before the picture is taken.
    """

    name: str
    link: MappingProxyType[str, str]
    size: tuple[int, int] = (1280, 800)
    people: int = 0
    vr: bool = False
    key: str = ""
    press: tuple[str, ...] = ()


def _link(time: str, **query: str) -> MappingProxyType[str, str]:
    return MappingProxyType({"lang": "ko", "time": time, "quality": "medium", **query})


def _inside(time: str, spot: str = SQUARE, **query: str) -> MappingProxyType[str, str]:
    return _link(time, enter="1", name="나은", mic="0", colour="5", spot=spot, **query)


SHOTS = (
    Shot("landing", _link(NOON), size=(1440, 900)),
    Shot("noon", _inside(NOON)),
    Shot("night", _inside(NIGHT)),
    Shot("people", _inside(NOON, lang="en"), people=30),
    Shot("phone", _inside(NOON), size=(390, 844), people=18),
    Shot("city_hall", _inside(NOON, "city_hall"), key="l"),
    Shot(
        "expo",
        _inside(NOON, "kdj_center"),
        key="x",
        press=(".hall-floor button >> nth=0", "text=부스로 가기"),
    ),
    Shot("vr", _inside(NOON), size=(1280, 720), people=18, vr=True),
)


@contextmanager
def company(server: Server, citizens: int) -> Iterator[None]:
    """Let simulated citizens walk around the square, a third of them speaking."""
    if citizens == 0:
        yield
        return
    counts = ("--citizens", str(citizens), "--talkers", str(max(citizens // 3, 1)))
    process = subprocess.Popen(
        [*PROGRAM, "simulate", "--server", server.origin, *counts],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _is_drawn(visitor: Visitor) -> bool:
    city = visitor.look().city
    return city is not None and city.complete


def take(browser: Browser, server: Server, shot: Shot) -> bytes:
    """Take one picture; returns the PNG as the browser gives it."""
    width, height = shot.size
    options: dict[str, Any] = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    tab = ChromiumPage(
        browser,
        width=width,
        height=height,
        scripts=[webxr_script()] if shot.vr else [],
        **(options if width < 600 else {}),
    )
    visitor = Visitor(tab, server.origin)
    try:
        tab.page.set_default_timeout(PATIENCE * 1000)
        tab.open(f"{server.origin}/?{urlencode(shot.link)}")
        eventually(lambda: _is_drawn(visitor), PATIENCE, lambda: (tab.problems, visitor.look()), every=0.5)
        if shot.vr:
            _enter_vr(tab, visitor)
        _let_settle(visitor)
        if shot.key:
            tab.page.keyboard.press(shot.key)
            for target in shot.press:
                tab.page.locator(target).first.click()
            tab.page.wait_for_load_state("networkidle")
            _let_settle(visitor)
        if shot.people:
            aside = 30.0 if width > height else 14.0
            eventually(lambda: _is_lively(visitor, shot.people // 9, aside), PATIENCE, every=0.1)
        return tab.page.screenshot(timeout=PATIENCE * 1000, animations="disabled")
    finally:
        tab.close()


def _is_lively(visitor: Visitor, wanted: int, visible_degrees: float) -> bool:
    """Tell whether that many people stand in front, neither too near nor far, and one of them speaks."""
    seen = visitor.look()
    own = seen.pose
    ahead = []
    for person in seen.people:
        east, south = (person.pose.position[axis] - own.position[axis] for axis in (0, 2))
        aside = math.remainder(math.atan2(-east, -south) - own.yaw, math.tau)
        if abs(math.degrees(aside)) < visible_degrees and 2.5 < person.distance_m < 18.0:
            ahead.append(person)
    return len(ahead) >= wanted and any(person.speaking for person in ahead)


def _enter_vr(tab: ChromiumPage, visitor: Visitor) -> None:
    headset = EmulatedHeadset(tab.page)
    headset.move_head((0.0, 1.65, 0.0))
    headset.move_hand("left", (-0.2, 1.25, -0.45))
    headset.move_hand("right", (0.25, 1.2, -0.5))
    tab.page.get_by_role("button", name="VR").first.click()
    eventually(lambda: (vr := visitor.look().vr) and vr.presenting, PATIENCE, lambda: tab.problems)


def _let_settle(visitor: Visitor) -> None:
    """Wait until the same tiles have been shown for some looks: what faded in is in."""
    seen: list[int] = []

    def settled() -> bool:
        city = visitor.look().city
        seen.append(city.tiles_visible if city else 0)
        return len(seen) > 8 and len(set(seen[-6:])) == 1

    eventually(settled, PATIENCE, lambda: seen[-10:], every=0.5)


def write(picture: bytes, path: Path) -> None:
    """Write a PNG with a palette: a third of the size, and hardly to be told apart."""
    with Image.open(io.BytesIO(picture)) as image:
        colours = image.convert("RGB")
    # Half of the palette for what fills the picture, half for what is small but stands out.
    common = colours.quantize(128, Image.Quantize.MEDIANCUT).getpalette() or []
    rare = colours.quantize(128, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(common[: 3 * 128] + rare[: 3 * 128])
    for dither in (Image.Dither.FLOYDSTEINBERG, Image.Dither.NONE):
        colours.quantize(palette=palette, dither=dither).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return


def _town(data: Path, folder: Path) -> Path:
    """Return a data folder with the same tiles, and invented people, proposals and booths."""
    town = folder / "var"
    town.mkdir()
    (town / "city").symlink_to((data / "city").resolve())
    fill(Settings(data=town))
    return town


def main() -> None:
    """Take all pictures, or those that were named."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*(shot.name for shot in SHOTS), []], metavar="NAME")
    parser.add_argument("--data", type=Path, default=PROJECT / "var", help="folder with the built city")
    parser.add_argument("--port", type=int, default=8270)
    chosen = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as temporary,
        sync_playwright() as playwright,
        serving(_town(chosen.data, Path(temporary)), Path(temporary) / "log", port=chosen.port) as server,
        chromium(playwright, Path(temporary), server.origin) as browser,
    ):
        for shot in SHOTS:
            if chosen.names and shot.name not in chosen.names:
                continue
            with company(server, shot.people):
                write(take(browser, server, shot), IMAGES / f"{shot.name}.png")
            print(IMAGES / f"{shot.name}.png", (IMAGES / f"{shot.name}.png").stat().st_size)


if __name__ == "__main__":
    main()
