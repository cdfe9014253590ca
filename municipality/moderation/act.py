"""What an officer may do about somebody, for how long, and in which words they are told."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from municipality.access import CITY, Action, Denial
from municipality.errors import ConflictError

HOUR = 3_600.0
DAY = 24 * HOUR
#: Korea keeps one time all the year round.
_KOREA = dt.timezone(dt.timedelta(hours=9), "KST")


class Kind(StrEnum):
    """The acts, from the mildest to the hardest."""

    MUTE = "mute"
    """Neither voice nor text."""
    KICK = "kick"
    """Out of the city at once; they may come back at once."""
    TIMEOUT = "timeout"
    """Out, and not back in for up to a day."""
    BAN = "ban"
    """Out, and not back in for up to a year."""


class Category(StrEnum):
    """Why. It is public; what exactly happened is not."""

    NOISE = "noise"
    INSULT = "insult"
    SPAM = "spam"
    IMPERSONATION = "impersonation"
    OBSCENITY = "obscenity"
    DANGER = "danger"
    """Threats, violence, what the law forbids."""
    OTHER = "other"


#: What each forbids. Voting, reporting, paying and appealing are nobody's to forbid.
_TALK = (Action.SPEAK, Action.CHAT)
FORBIDS: Mapping[Kind, tuple[Action, ...]] = MappingProxyType(
    {
        Kind.MUTE: _TALK,
        Kind.KICK: (),
        Kind.TIMEOUT: (*_TALK, Action.ENTER, Action.WAVE, Action.PUBLISH),
        Kind.BAN: (*_TALK, Action.ENTER, Action.WAVE, Action.PUBLISH, Action.PROPOSE, Action.COMMENT),
    }
)
#: Which capability each needs.
NEEDS: Mapping[Kind, Action] = MappingProxyType(
    {
        Kind.MUTE: Action.MUTE,
        Kind.KICK: Action.KICK,
        Kind.TIMEOUT: Action.TIMEOUT,
        Kind.BAN: Action.BAN,
    }
)
#: Shortest and longest of each, seconds.
LENGTHS: Mapping[Kind, tuple[float, float]] = MappingProxyType(
    {
        Kind.MUTE: (60.0, DAY),
        Kind.KICK: (0.0, 0.0),
        Kind.TIMEOUT: (300.0, DAY),
        Kind.BAN: (HOUR, 365 * DAY),
    }
)
#: A visitor is known by a connection and a network: nothing about them lasts longer.
LONGEST_OF_VISITOR = DAY
#: A ban follows a timeout or ban of not longer ago than this, unless somebody is in danger.
GRADED_SECONDS = 180 * DAY

_WORDS: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        Kind.MUTE: ("말하기와 글쓰기를 {until} 막았어요.", "You cannot speak or write {until}."),
        Kind.KICK: ("도시에서 내보냈어요. 다시 들어올 수 있어요.", "You were removed, and may come back."),
        Kind.TIMEOUT: ("{until} 들어올 수 없어요.", "You cannot come in {until}."),
        Kind.BAN: ("{until} 들어올 수 없어요.", "You are banned {until}."),
    }
)
_WHY: Mapping[Category, tuple[str, str]] = MappingProxyType(
    {
        Category.NOISE: ("다른 사람의 대화를 방해해서", "disturbing others"),
        Category.INSULT: ("다른 사람을 모욕하거나 괴롭혀서", "insulting or harassing others"),
        Category.SPAM: ("광고나 같은 글을 되풀이해서", "advertising or repeating yourself"),
        Category.IMPERSONATION: ("다른 사람인 척해서", "pretending to be somebody else"),
        Category.OBSCENITY: ("음란한 말이나 행동을 해서", "obscene words or acts"),
        Category.DANGER: ("위협하거나 법을 어겨서", "threats, or breaking the law"),
        Category.OTHER: ("이용 약속을 어겨서", "breaking the rules of this city"),
    }
)


@dataclass(frozen=True, slots=True)
class Target:
    """About whom: a citizen, or a visitor by their person in the city."""

    citizen: int | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """A sanction, as those see it whom it concerns: without its reason's text.

    Attributes:
        id: Its number.
        kind: What was done.
        place: Where it holds, and everywhere below.
        target: About whom.
        category: Why.
        officer: Citizen who acted.
        at, until: Unix seconds; a kick's are the same.
        lifted_at: When it was taken back; None while it was not.
    """

    id: int
    kind: Kind
    place: str
    target: Target
    category: Category
    officer: int
    at: float
    until: float
    lifted_at: float | None

    def holds(self, now: float) -> bool:
        """Tell whether it forbids anything now."""
        return self.lifted_at is None and self.at <= now < self.until

    @property
    def shuts_out(self) -> bool:
        """Whether it ends the connection of somebody in the city."""
        return self.kind is Kind.KICK or (self.kind is not Kind.MUTE and self.place == CITY)

    def denials(self) -> frozenset[Denial]:
        """Return what it forbids while it holds."""
        return frozenset(Denial(action, self.place) for action in FORBIDS[self.kind])

    def told(self, code: str | None = None) -> tuple[str, str]:
        """Return what they are told: why, until when, and how to appeal; Korean and English.

        Args:
            code: What a visitor appeals with; a citizen signs in.
        """
        moment = dt.datetime.fromtimestamp(self.until, _KOREA)
        ko, en = _WORDS[self.kind]
        why_ko, why_en = _WHY[self.category]
        number = f"{self.id}" if code is None else f"{self.id}, {code}"
        done_ko = ko.format(until=f"{moment:%Y-%m-%d %H:%M}까지")
        done_en = en.format(until=f"until {moment:%Y-%m-%d %H:%M} KST")
        return (
            f"{why_ko} {done_ko} 이의가 있으면 처분 번호({number})로 알려 주세요.",
            f"For {why_en}: {done_en} You may appeal with the number of this act ({number}).",
        )


def checked_length(kind: Kind, seconds: float, target: Target) -> float:
    """Return a length that may be given.

    Raises:
        ConflictError: It is shorter or longer than such an act may be.
    """
    least, most = LENGTHS[kind]
    if target.citizen is None:
        most = min(most, LONGEST_OF_VISITOR)
    if kind is Kind.KICK:
        return 0.0
    if not least <= seconds <= most:
        raise ConflictError(
            f"이 처분은 {least / 60:,.0f}분에서 {most / HOUR:,.0f}시간까지 할 수 있어요. 길이를 바꿔 주세요.",
            f"This act lasts from {least / 60:,.0f} minutes to {most / HOUR:,.0f} hours. Change its length.",
        )
    return seconds
