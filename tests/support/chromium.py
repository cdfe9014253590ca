"""Debian's Chromium, driven by playwright-core, optionally on a machine of its own network."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, ViewportSize

from tests.support.namespaces import Machine

CHROMIUM = Path("/usr/bin/chromium")

#: What a browser without screen, graphics card and sound card needs; nothing of it changes WebRTC.
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Two pages share two cores with the server here: neither may be put to sleep for being in the background.
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)

#: Lets Chromium reach a server on 127.0.0.1 over WebRTC; a machine of its own network needs none of it.
LOOPBACK = ("--allow-loopback-in-peer-connection", "--disable-features=WebRtcHideLocalIpsWithMdns")


#: What software WebGL says about itself, and 3d-tiles-renderer about every tileset of version 1.1.
_HARMLESS = re.compile(
    r"GPU stall due to ReadPixels|swiftshader|tiles versions at 1\.1 or higher", re.IGNORECASE
)


@contextmanager
def chromium(
    playwright: Playwright,
    folder: Path,
    origin: str,
    *,
    machine: Machine | None = None,
    microphone: Path | None = None,
    flags: Sequence[str] = (),
) -> Iterator[Browser]:
    """Start a Chromium and stop it again.

    Args:
        playwright: The driver.
        folder: For the script that starts it on its machine.
        origin: The page's origin, trusted like HTTPS, so that plain HTTP may ask for the microphone.
        machine: Where it runs; on this very machine when None.
        microphone: A WAV file that the fake microphone plays in a loop; Chromium's own beeps when None.
        flags: More command-line flags.
    """
    arguments = [*FLAGS, f"--unsafely-treat-insecure-origin-as-secure={origin}", *flags]
    if microphone is not None:
        arguments.append(f"--use-file-for-fake-audio-capture={microphone}")
    if machine is None:
        arguments += LOOPBACK
    path = CHROMIUM if machine is None else machine.executable(CHROMIUM, folder)
    browser = playwright.chromium.launch(
        executable_path=path, args=arguments, ignore_default_args=["--mute-audio"]
    )
    try:
        yield browser
    finally:
        browser.close()


class ChromiumPage:
    """One page in a browser context of its own, and everything it complained about or asked for.

    Attributes:
        page: Playwright's page.
        problems: Console errors and warnings, uncaught exceptions and failed requests so far.
        requests: Every URL it asked for.
    """

    def __init__(
        self,
        browser: Browser,
        *,
        width: int = 640,
        height: int = 400,
        microphone: bool = False,
        scripts: Sequence[str] = (),
        **context: Any,
    ) -> None:
        allowed = ["microphone"] if microphone else []
        viewport = ViewportSize(width=width, height=height)
        self._context = browser.new_context(viewport=viewport, permissions=allowed, **context)
        self._context.set_default_timeout(20_000)
        for script in scripts:
            self._context.add_init_script(script)
        self.page: Page = self._context.new_page()
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error.message}"))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _HARMLESS.search(message.text):
            self.problems.append(f"{message.type}: {message.text} ({message.location['url']})")

    def open(self, url: str) -> None:
        """Go to a page and wait until it has loaded."""
        self.page.goto(url)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression; promises are awaited."""
        return self.page.evaluate(expression)

    def key_down(self, key: str) -> None:
        """Press a key and keep it pressed."""
        self.page.keyboard.down(key)

    def key_up(self, key: str) -> None:
        """Let a key go."""
        self.page.keyboard.up(key)

    def drag(self, pixels: int) -> None:
        """Drag sideways from the middle of the page with the mouse; positive is to the right."""
        viewport = self.page.viewport_size
        assert viewport is not None
        middle, height = viewport["width"] // 2, viewport["height"] // 2
        self.page.mouse.move(middle, height)
        self.page.mouse.down()
        self.page.mouse.move(middle + pixels, height)
        self.page.mouse.up()

    def close(self) -> None:
        """Close the page, as a visitor who closes the tab."""
        self._context.close()
