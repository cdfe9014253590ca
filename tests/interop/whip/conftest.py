"""Fixtures: a network with a city of booths on one machine and a browser on another."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.interop.whip.booths import BoothCity, booth_city
from tests.support.chromium import chromium
from tests.support.namespaces import Machine, Network
from tests.support.tone import syllables, write_wave

PROJECT = Path(__file__).resolve().parents[3]
PORT = 9110
TONE_HERTZ = 700.0


@pytest.fixture(scope="package")
def driver() -> Iterator[Playwright]:
    """Playwright's loop runs in this thread while it lives: it must not outlive the tests that use it."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network() as network:
        yield network


@pytest.fixture(scope="module")
def away(network: Network) -> Machine:
    """The machine of everybody who is not the city."""
    return network.machine("away")


@pytest.fixture(scope="module")
def viewer(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page's own viewer, as one script."""
    file = tmp_path_factory.mktemp("viewer") / "viewer.js"
    subprocess.run(
        ["npx", "rolldown", "src/screen/viewer.ts", "--format", "esm", "-o", str(file)],
        cwd=PROJECT / "web",
        check=True,
        capture_output=True,
    )
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def city(network: Network, viewer: str) -> Iterator[BoothCity]:
    with booth_city(PORT, network.machine("city"), viewer) as city:
        yield city


@pytest.fixture(scope="module")
def browser(
    driver: Playwright, tmp_path_factory: pytest.TempPathFactory, city: BoothCity, away: Machine
) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("chromium")
    tone = write_wave(folder / "tone.wav", syllables(TONE_HERTZ, 10.0))
    with chromium(driver, folder, city.origin, machine=away, microphone=tone) as browser:
        yield browser
