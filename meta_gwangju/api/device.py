"""What a browser calls itself, in a word or two, so that people recognise their own devices."""

from starlette.requests import HTTPConnection

#: The first that a User-Agent names; some name others, too, for old times' sake.
_BROWSERS = (
    ("OculusBrowser", "Quest"),
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Whale", "Whale"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(connection: HTTPConnection) -> str:
    """Return such as `Chrome · Android`; `?` for what is not known."""
    agent = connection.headers.get("user-agent", "")
    browser = next((name for sign, name in _BROWSERS if sign in agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in agent), None)
    return " · ".join(word for word in (browser, system) if word) or "?"
