"""A booth: a slot that an organisation holds."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from municipality.errors import TextRefusedError
from municipality.texts import checked_text

LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_DESCRIPTION, LONGEST_LINK = 60, 200, 4000, 300
#: RFC 3986: what may stand in an address; a host in letters, digits, dots and hyphens, with a dot in it.
_ADDRESS = re.compile(r"https://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class State(StrEnum):
    """How far a booth is."""

    DRAFT = "draft"
    """Taken, never opened: only its organisation sees what is in it."""
    OPEN = "open"
    CLOSED = "closed"
    """Was open; only its organisation sees what is in it."""
    FREED = "freed"
    """The slot is free again."""


@dataclass(frozen=True, slots=True)
class WriteUp:
    """What a booth says of itself; plain text. The descriptions may be empty."""

    title_ko: str
    title_en: str
    summary_ko: str
    summary_en: str
    description_ko: str = ""
    description_en: str = ""
    link: str | None = None

    def checked(self) -> "WriteUp":
        """Return it as it is kept and shown.

        Raises:
            TextRefusedError: A text is missing, too long or may not be shown, or the link is none.
        """
        return WriteUp(
            checked_text(self.title_ko, ("한국어 제목", "Korean title"), LONGEST_TITLE, lines=False),
            checked_text(self.title_en, ("영어 제목", "English title"), LONGEST_TITLE, lines=False),
            checked_text(self.summary_ko, ("한국어 요약", "Korean summary"), LONGEST_SUMMARY, lines=False),
            checked_text(self.summary_en, ("영어 요약", "English summary"), LONGEST_SUMMARY, lines=False),
            _optional(self.description_ko, ("한국어 설명", "Korean description")),
            _optional(self.description_en, ("영어 설명", "English description")),
            _checked_link(self.link) if self.link else None,
        )


@dataclass(frozen=True, slots=True)
class Model:
    """The model that stands in a booth.

    Attributes:
        sha256: Of the kept glb, hexadecimal; its name in the store.
        report: JSON: its figures, and what was found in it.
    """

    sha256: str
    report: str


@dataclass(frozen=True, slots=True)
class Booth:
    """A slot that an organisation holds.

    Attributes:
        id: Number of this holding.
        slot: Id of the slot, which is the booth's name in addresses.
        organisation: Number, and names in Korean and English.
        state: How far it is.
        says: What it says of itself.
        model: What stands in it; None: nothing yet.
        key_at: When the key of its screen was made, Unix seconds; None: there is none.
        taken_at, changed_at: Unix seconds.
    """

    id: int
    slot: str
    organisation: tuple[int, str, str]
    state: State
    says: WriteUp
    model: Model | None
    key_at: float | None
    taken_at: float
    changed_at: float


def _optional(text: str, what: tuple[str, str]) -> str:
    return checked_text(text, what, LONGEST_DESCRIPTION) if text.strip() else ""


def _checked_link(link: str) -> str:
    """Return an https address that opens a public host, with nobody's name or password in it."""
    try:
        parts = urlsplit(link)
        host, fine = parts.hostname or "", not parts.username and not parts.password
        fine = fine and (parts.port is None or parts.port == 443)
    except ValueError:
        host, fine = "", False
    if not fine or len(link) > LONGEST_LINK or not _ADDRESS.fullmatch(link) or not _HOST.fullmatch(host):
        raise TextRefusedError(
            f"링크는 https://로 시작하는 {LONGEST_LINK}자까지의 인터넷 주소여야 해요. "
            "주소창에서 복사해 붙여 주세요.",
            f"The link must be an internet address that begins with https://, of {LONGEST_LINK} characters "
            "at most. Copy it from the address bar.",
        )
    return link
