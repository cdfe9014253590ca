"""Debian's Chromium, driven by playwright-core, optionally on a machine of its own network."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

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
