"""What a vote is about: fixed when it is opened, and bound to every ballot by its digest."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from municipality.access import CITY_HALL
from municipality.ballot import refusals
from municipality.ballot.ballot import FEWEST_OPTIONS, MOST_OPTIONS
from municipality.journal import canonical
from municipality.texts import checked_text

FORMAT = "meta-gwangju vote 1"
#: Characters.
LONGEST_TITLE, LONGEST_OPTION, LONGEST_ABOUT = 120, 120, 4000
#: Seconds that a vote may last: a minute to a year.
SHORTEST, LONGEST = 60, 366 * 86_400
#: Seconds ahead that one may be announced.
EARLIEST = 366 * 86_400
#: Times up to which JSON's numbers are exact everywhere.
_LAST_SECOND = 2**53 - 1
_PLACE = re.compile(r"city(/[a-z0-9_]{1,32}){0,4}")


@dataclass(frozen=True, slots=True)
class Text:
    """The same in both languages."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A vote as an officer asks for it.

    Attributes:
        title: What is asked.
        options: What may be approved of; any number of them, or none.
        opens, closes: Unix seconds.
        about: What there is to know, in both languages or in none.
        place: Where it stands, and for whom it is.
        local: Only for those who are citizens of this very place, not of the city at large.
        proposal: Number of the proposal that it decides on.
    """

    title: Text
    options: tuple[Text, ...]
    opens: int
    closes: int
    about: Text = Text("", "")
    place: str = CITY_HALL
    local: bool = False
    proposal: int | None = None

    def checked(self, now: float) -> "Draft":
        """Return it with its texts in the form that is kept (NFC).

        Raises:
            VoteRefusedError: There are too few or too many options, or two alike; it closes before it opens,
                or in the past; there is no such place.
            TextRefusedError: A text is empty, too long, or holds what may not be shown.
        """
        if not FEWEST_OPTIONS <= len(self.options) <= MOST_OPTIONS:
            raise refusals.draft(
                "options",
                f"선택지는 {FEWEST_OPTIONS}개에서 {MOST_OPTIONS}개까지예요. 지금 {len(self.options)}개예요.",
                f"there may be {FEWEST_OPTIONS} to {MOST_OPTIONS} options, not {len(self.options)}.",
            )
        _check_times(self, now)
        if not _PLACE.fullmatch(self.place) or (self.local and self.place == "city"):
            raise refusals.draft(
                "place", "그런 장소는 없어요. 장소를 다시 골라 주세요.", "no such place; choose another."
            )
        options = tuple(
            _checked(f"선택지 {number}", f"options[{number}]", option, LONGEST_OPTION)
            for number, option in enumerate(self.options)
        )
        for number, option in enumerate(options):
            if any(option.ko == other.ko or option.en == other.en for other in options[:number]):
                raise refusals.draft(
                    f"options[{number}]",
                    "같은 선택지가 또 있어요. 하나만 남겨 주세요.",
                    "another option reads the same; keep one of them.",
                )
        return Draft(
            _checked("제목", "title", self.title, LONGEST_TITLE),
            options,
            self.opens,
            self.closes,
            _checked("설명", "about", self.about, LONGEST_ABOUT, lines=True)
            if self.about.ko.strip() or self.about.en.strip()
            else Text("", ""),
            self.place,
            self.local,
            self.proposal,
        )


@dataclass(frozen=True, slots=True)
class Definition:
    """A vote that was opened.

    Attributes:
        vote: Its number.
        draft: What was asked for.
        city: Public key of the city that signs its log, (32,) bytes.
    """

    vote: int
    draft: Draft
    city: bytes

    def text(self) -> str:
        """Return it as canonical JSON: the bytes that the digest is of."""
        draft = self.draft
        return canonical(
            {
                "format": FORMAT,
                "vote": self.vote,
                "city": self.city.hex(),
                "title": _both(draft.title),
                "about": _both(draft.about),
                "options": [_both(option) for option in draft.options],
                "opens": draft.opens,
                "closes": draft.closes,
                "place": draft.place,
                "local": draft.local,
                "proposal": draft.proposal,
            }
        )

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Definition":
        """Read what :meth:`text` wrote, parsed.

        Raises:
            KeyError, TypeError, ValueError: It is something else.
        """
        if value["format"] != FORMAT or not FEWEST_OPTIONS <= len(value["options"]) <= MOST_OPTIONS:
            raise ValueError("not a vote of this format")
        draft = Draft(
            Text(**value["title"]),
            tuple(Text(**option) for option in value["options"]),
            int(value["opens"]),
            int(value["closes"]),
            Text(**value["about"]),
            str(value["place"]),
            bool(value["local"]),
            value["proposal"],
        )
        return cls(int(value["vote"]), draft, bytes.fromhex(value["city"]))


def digest(text: str) -> bytes:
    """Return the digest, (32,) bytes, of a definition's text."""
    return hashlib.sha256(text.encode()).digest()


def _both(text: Text) -> dict[str, str]:
    return {"ko": text.ko, "en": text.en}


def _check_times(draft: Draft, now: float) -> None:
    if not 0 <= draft.opens <= now + EARLIEST or draft.opens > _LAST_SECOND:
        raise refusals.draft(
            "opens",
            "여는 시각이 너무 이르거나 늦어요. 1년 안으로 정해 주세요.",
            "it opens too early or too late; choose a time within a year.",
        )
    if not SHORTEST <= draft.closes - draft.opens <= LONGEST or draft.closes <= now:
        raise refusals.draft(
            "closes",
            "닫는 시각은 지금보다 뒤이고, 연 뒤 1분에서 1년 사이여야 해요.",
            "it must close later than now, and a minute to a year after it opens.",
        )


def _checked(ko: str, en: str, text: Text, longest: int, *, lines: bool = False) -> Text:
    return Text(
        checked_text(text.ko, (f"{ko}(한국어)", f"{en}.ko"), longest, lines=lines),
        checked_text(text.en, (f"{ko}(영어)", f"{en}.en"), longest, lines=lines),
    )
