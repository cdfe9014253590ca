"""Debian's Firefox ESR over WebDriver BiDi, spoken directly on its websocket.

Protocol: https://w3c.github.io/webdriver-bidi/ (sessions, browsing contexts, scripts, input, log entries).
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from tests.support.deadline import eventually
from tests.support.desktop import desktop
from tests.support.namespaces import Machine

FIREFOX = Path("/usr/bin/firefox-esr")


class BidiError(Exception):
    """Firefox answered a command with an error."""


def _preferences(origin: str) -> dict[str, object]:
    """Return what a Firefox without screen, sound card and user needs."""
    return {
        "media.navigator.streams.fake": True,
        "media.navigator.permission.disabled": True,
        "media.autoplay.default": 0,
        "media.autoplay.blocking_policy": 0,
        # Trust this one plain-HTTP origin like HTTPS, so that it may ask for the microphone.
        "dom.securecontext.allowlist": urlsplit(origin).hostname,
        # The names of mDNS are not resolved here: Firefox registers them only on networks it knows.
        "media.peerconnection.ice.obfuscate_host_addresses": False,
        "media.navigator.audio.fake_frequency": 1000,
        "webgl.force-enabled": True,
        "remote.prefs.recommended": True,
        "browser.shell.checkDefaultBrowser": False,
        "browser.startup.page": 0,
        "datareporting.policy.dataSubmissionEnabled": False,
        "toolkit.telemetry.reportingpolicy.firstRun": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
    }


def _value(result: dict[str, Any]) -> Any:
    """Turn a serialised BiDi value (only JSON strings are asked for here) into Python."""
    if result["type"] == "exception":
        raise BidiError(result["exceptionDetails"]["text"])
    value = result["result"]
    return None if value["type"] in {"undefined", "null"} else json.loads(value["value"])


class FirefoxPage:
    """One tab of a running Firefox.

    Attributes:
        problems: Console errors and uncaught exceptions so far.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._commands = 0
        self.problems: list[str] = []
        self._command("session.new", capabilities={})
        self._command("session.subscribe", events=["log.entryAdded"])
        self._context = str(self._command("browsingContext.getTree")["contexts"][0]["context"])

    def _command(self, method: str, **params: Any) -> dict[str, Any]:
        self._commands += 1
        self._socket.send(json.dumps({"id": self._commands, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=30))
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] == "error":
                self.problems.append(str(answer["params"]["text"]))
            if answer.get("id") != self._commands:
                continue
            if answer["type"] == "error":
                raise BidiError(f"{method}: {answer['error']}: {answer['message']}")
            result: dict[str, Any] = answer["result"]
            return result

    def resize(self, width: int, height: int) -> None:
        """Set the size of the page in CSS pixels."""
        viewport = {"width": width, "height": height}
        self._command("browsingContext.setViewport", context=self._context, viewport=viewport)

    def open(self, url: str) -> None:
        """Go to a page and wait until it has loaded."""
        self._command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression (promises are awaited), by way of JSON.

        Raises:
            BidiError: It threw.
        """
        wrapped = f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))"
        return _value(
            self._command(
                "script.evaluate",
                expression=wrapped,
                target={"context": self._context},
                awaitPromise=True,
                userActivation=True,
            )
        )

    def _keys(self, actions: Sequence[dict[str, str]]) -> None:
        source = {"type": "key", "id": "keyboard", "actions": list(actions)}
        self._command("input.performActions", context=self._context, actions=[source])

    def key_down(self, key: str) -> None:
        """Press a key and keep it pressed; `key` is one character."""
        self._keys([{"type": "keyDown", "value": key}])

    def key_up(self, key: str) -> None:
        """Let a key go."""
        self._keys([{"type": "keyUp", "value": key}])

    def drag(self, pixels: int) -> None:
        """Drag sideways from the middle of the page with the mouse; positive is to the right."""
        width, height = self.evaluate("[innerWidth, innerHeight]")
        middle, across = width // 2, {"type": "pointerMove", "y": height // 2}
        actions = [
            {**across, "x": middle},
            {"type": "pointerDown", "button": 0},
            {**across, "x": middle + pixels},
            {"type": "pointerUp", "button": 0},
        ]
        source = {"type": "pointer", "id": "mouse", "actions": actions}
        self._command("input.performActions", context=self._context, actions=[source])

    def close(self) -> None:
        """End the session and the browser."""
        self._command("browser.close")


def _announced(log: Path) -> int | None:
    found = re.search(r"WebDriver BiDi listening on ws://[^:]+:(\d+)", log.read_text(encoding="utf-8"))
    return int(found[1]) if found else None


def _profile(folder: Path, origin: str) -> Path:
    profile = folder / "firefox-profile"
    profile.mkdir()
    lines = [
        f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in _preferences(origin).items()
    ]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    return profile


@contextmanager
def _started(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@contextmanager
def firefox(folder: Path, origin: str, machine: Machine) -> Iterator[FirefoxPage]:
    """Start Firefox on a machine of the network, with a fake microphone, and stop it again.

    Args:
        folder: For its profile and its log.
        origin: The page's origin, which may use the microphone.
        machine: Where it runs.
    """
    log = folder / "firefox.log"
    program: list[str | Path] = [
        FIREFOX,
        "--no-remote",
        "--profile",
        _profile(folder, origin),
        "--remote-debugging-port",
        "9222",
    ]
    with desktop(folder) as environment, _started(machine.command(*program), log, environment) as process:
        port: Callable[[], int | None] = lambda: _announced(log)  # noqa: E731 - typed for `eventually`
        number = eventually(port, 40, lambda: log.read_text(encoding="utf-8"))
        assert number is not None
        stream = machine.connect("127.0.0.1", number)
        stream.settimeout(None)
        with connect(f"ws://127.0.0.1:{number}/session", sock=stream, max_size=None) as socket:
            page = FirefoxPage(socket)
            yield page
            page.close()
        process.wait(timeout=20)
