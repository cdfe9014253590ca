"""Settings: read once from defaults, a TOML file, the environment and the command line, then passed down."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from meta_gwangju.errors import SettingsError

#: Environment variables are this and the setting's name in capitals: META_GWANGJU_PORT.
PREFIX = "META_GWANGJU_"
#: What one core carries, all of them talking, until `docs/performance.md` holds a figure of this city's own:
#: what stock aiortc was measured to carry, with Opus both ways. Most people only listen.
PEOPLE_PER_CORE = 20
_LEAST_QUEUE = 32
_PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can choose.

    Attributes:
        host: Address to listen on; voice and poses are offered on the same address only.
        port: TCP port of the page and of signalling; 0 takes a free one.
        udp_port: UDP port of everybody's voice and poses and of the screens, the same for IPv4 and IPv6;
            0 takes the number of ``port`` if that is free there.
        data: Folder of everything that is kept: the database, the built city, certificates.
        database: An SQLite file, or the URL of a PostgreSQL database, `postgresql://user@host/name`. Unless
            it is given: `meta-gwangju.sqlite3` in ``data``. It stays when ``data`` is replaced afterwards.
        tls: Serve https with a certificate of our own: phones and headsets ask for it before a microphone.
        seed: Of the synthetic buildings.
        capacity: Most people in the city at once; 0: as many as this machine's cores carry.
        media: How everybody's packets move: `pump` (Linux), `portable`, or `auto`: the pump where it runs.
        complexity: Of the Opus encoders, 0 to 10: how hard they try to make the best of the bits.
        adapt_complexity: Whether they try less while the machine has no time for it.
        reserved: So many of these places are kept for those who keep order.
        web: Folder of the built web client.
        supports: So many supports of a proposal oblige an officer to answer.
        log_level: debug, info, warning or error.
        log_format: `text`, or `json`: one object a line.
        metrics_token: Whoever sends it as a bearer token may read `/metrics` from another machine; empty:
            nobody may.
    """

    host: str = "127.0.0.1"
    port: int = field(default=8000, metadata={"least": 0, "most": 65_535})
    udp_port: int = field(default=0, metadata={"least": 0, "most": 65_535})
    data: Path = Path("var")
    database: Path | str = field(default="", repr=False)
    tls: bool = False
    seed: int = field(default=518, metadata={"least": 0, "most": 2**31 - 1})
    capacity: int = field(default=0, metadata={"least": 0, "most": 10_000})
    media: str = field(default="auto", metadata={"among": ("auto", "portable", "pump")})
    complexity: int = field(default=5, metadata={"least": 0, "most": 10})
    adapt_complexity: bool = True
    reserved: int = field(default=0, metadata={"least": 0, "most": 1000})
    web: Path = _PROJECT / "web" / "dist"
    supports: int = field(default=20, metadata={"least": 1, "most": 1_000_000})
    log_level: str = field(default="info", metadata={"among": ("debug", "info", "warning", "error")})
    log_format: str = field(default="text", metadata={"among": ("text", "json")})
    metrics_token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.capacity == 0:
            object.__setattr__(self, "capacity", PEOPLE_PER_CORE * (os.cpu_count() or 1))
        if self.database == "":
            object.__setattr__(self, "database", self.data / "meta-gwangju.sqlite3")
        elif isinstance(self.database, str) and self.database.startswith("sqlite:///"):
            object.__setattr__(self, "database", Path(self.database.removeprefix("sqlite:///")))
        elif isinstance(self.database, str) and "://" not in self.database:
            object.__setattr__(self, "database", Path(self.database))

    @property
    def queue(self) -> int:
        """So many may wait while the city is full."""
        return max(self.capacity, _LEAST_QUEUE)

    @property
    def spectators(self) -> int:
        """So many may look without being in the city."""
        return max(self.capacity, _LEAST_QUEUE)

    @property
    def cities(self) -> Path:
        """What is served below `/tiles`: one folder a city."""
        return self.data / "city"

    @property
    def city(self) -> Path:
        """The built city."""
        return self.cities / "gwangju"

    @property
    def certificates(self) -> Path:
        """Certificate and key of --tls."""
        return self.data / "tls"

    @property
    def keys(self) -> Path:
        """What personal data and votes are sealed and signed with: secret, and not to be had again."""
        return self.data / "keys"

    @property
    def scheme(self) -> str:
        """`https` with --tls, else `http`."""
        return "https" if self.tls else "http"


def load_settings(
    options: Mapping[str, Any], environment: Mapping[str, str] = os.environ, file: Path | None = None
) -> Settings:
    """Put the settings together; of two sources that name a setting, the later one counts.

    Order: defaults, the TOML file, environment variables, ``options``. With ``tls`` and no host named
    anywhere, the host is 0.0.0.0: a certificate is for devices other than this one.

    Args:
        options: From the command line, already of the right types; None means not given.
        environment: Variables; those without :data:`PREFIX` are ignored.
        file: TOML with the names of :class:`Settings`, at the top level.

    Raises:
        SettingsError: A file that cannot be read, a name that is no setting, or a value that does not fit.
    """
    known = {setting.name: setting for setting in fields(Settings)}
    given: dict[str, Any] = {}
    if file is not None:
        given |= _from_file(file, known)
    for variable, text in environment.items():
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and name in known:
            given[name] = _parsed(variable, text, type(known[name].default))
    given |= {name: value for name, value in options.items() if value is not None}
    for name, value in given.items():
        _check(name, value, known[name].metadata)
    settings = Settings(**given)
    return replace(settings, host="0.0.0.0") if settings.tls and "host" not in given else settings  # noqa: S104 -- what --tls is for


def _from_file(file: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            table = tomllib.load(opened)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"설정 파일 {file}을(를) 읽을 수 없습니다: {error}. 경로와 TOML 문법을 확인하세요.",
            f"The settings file {file} cannot be read: {error}. Check its path and its TOML.",
        ) from error
    if strange := sorted(table.keys() - known.keys()):
        raise SettingsError(
            f"설정 파일 {file}에 없는 설정이 있습니다: {', '.join(strange)}. 가능한 것: {', '.join(known)}.",
            f"{file} holds unknown settings: {', '.join(strange)}. Known are: {', '.join(known)}.",
        )
    return {
        name: _typed(f"{file}: {name}", value, type(known[name].default)) for name, value in table.items()
    }


def _typed(where: str, value: object, kind: type) -> Any:
    """Return a TOML value as the setting's type; a path may be written as a string."""
    if issubclass(kind, Path) and isinstance(value, str):
        return Path(value)
    if type(value) is not kind:
        raise _does_not_fit(where, value, kind)
    return value


def _parsed(where: str, text: str, kind: type) -> Any:
    """Return an environment variable's text as the setting's type."""
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise _does_not_fit(where, text, kind)
    convert: Callable[[str], Any] = Path if issubclass(kind, Path) else kind
    try:
        return convert(text)
    except ValueError:
        raise _does_not_fit(where, text, kind) from None


def _check(name: str, value: Any, bounds: Mapping[str, Any]) -> None:
    if "among" in bounds and value not in bounds["among"]:
        choices = ", ".join(bounds["among"])
        raise SettingsError(
            f"설정 {name}의 값 {value!r}은(는) 쓸 수 없습니다. 가능한 값: {choices}.",
            f"The setting {name} cannot be {value!r}. It is one of: {choices}.",
        )
    if "least" in bounds and not bounds["least"] <= value <= bounds["most"]:
        raise SettingsError(
            f"설정 {name}의 값 {value}은(는) 쓸 수 없습니다. 범위: {bounds['least']}–{bounds['most']}.",
            f"The setting {name} cannot be {value}. It goes from {bounds['least']} to {bounds['most']}.",
        )


def _does_not_fit(where: str, value: object, kind: type) -> SettingsError:
    name = {bool: "true/false", int: "a whole number"}.get(kind, "text")
    return SettingsError(
        f"{where}의 값 {value!r}을(를) 이해할 수 없습니다. 필요한 형식: {name}.",
        f"{where} cannot be {value!r}: {name} is needed.",
    )
