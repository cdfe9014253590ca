"""Fixtures of the end-to-end tests: the browser driver, a network, a small city and a server in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.support.chromium import chromium
from tests.support.citizen import Citizen
from tests.support.namespaces import Machine, Network
from tests.support.resident import at_home
from tests.support.server import Server, serving
from tests.support.small_city import small_city
from tests.support.tone import syllables, write_wave

#: Of the fake microphones: the ears' difference at this tone changes little around 90 degrees.
TONE_HERTZ = 700.0


@pytest.fixture(scope="package")
def driver() -> Iterator[Playwright]:
    """Playwright's loop runs in this thread while it lives: it must not outlive the tests that use it."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def city() -> Path:
    return small_city()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("e2e")


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network() as network:
        yield network


@pytest.fixture(scope="module")
def city_machine(network: Network) -> Machine:
    return network.machine("city")


@pytest.fixture(scope="module")
def server(city: Path, folder: Path, city_machine: Machine) -> Iterator[Server]:
    data = folder / "data"
    data.mkdir()
    (data / "city").symlink_to(city)
    with serving(data, folder / "server.log", machine=city_machine) as server:
        yield server


@pytest.fixture(scope="session")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wave(tmp_path_factory.mktemp("tone") / "tone.wav", syllables(TONE_HERTZ, 10.0))


@pytest.fixture(scope="module")
def localhost(city: Path, folder: Path) -> Iterator[Server]:
    """Passkeys belong to names: this city is served at localhost, not on a machine that has only a number."""
    named = folder / "named"
    named.mkdir()
    with at_home(city, named) as server:
        yield server


@pytest.fixture(scope="module")
def citizens_browser(driver: Playwright, localhost: Server, folder: Path) -> Iterator[Browser]:
    with chromium(driver, folder, localhost.origin) as browser:
        yield browser


#: Makes a page of another citizen to be; takes what `ChromiumPage` takes.
Maker = Callable[..., Citizen]


@pytest.fixture
def citizen(citizens_browser: Browser, localhost: Server) -> Iterator[Maker]:
    made: list[Citizen] = []

    def make(**look: Any) -> Citizen:
        made.append(Citizen(citizens_browser, localhost, **look))
        return made[-1]

    # Two or three cities drawn in software share the machine: an answer may take its time.
    expect.set_options(timeout=30_000)
    yield make
    expect.set_options(timeout=5_000)
    for one in made:
        one.tab.close()
        assert not one.tab.problems
