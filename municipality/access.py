"""Who may do what, and where: roles are bundles of capabilities, each held for a place and all below it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from municipality.errors import NotAllowedError

#: The whole city. Places are paths: everything below a place belongs to it.
CITY = "city"
CITY_HALL = "city/city_hall"
EXPO = "city/kdj_center"


class Role(StrEnum):
    """What somebody is, at a place."""

    VISITOR = "visitor"
    CITIZEN = "citizen"
    EXHIBITOR = "exhibitor"
    OFFICER = "officer"
    OPERATOR = "operator"


class Action(StrEnum):
    """What somebody does."""

    ENTER = "enter"
    """Come in, and walk into a place that is not open to all."""
    SPEAK = "speak"
    CHAT = "chat"
    WAVE = "wave"
    TELEPORT = "teleport"
    LEAVE_CONTACT = "leave_contact"
    PAY = "pay"
    PROPOSE = "propose"
    SUPPORT = "support"
    COMMENT = "comment"
    VOTE = "vote"
    REPORT = "report"
    FOUND = "found"
    """Found an organisation."""
    TAKE_SLOT = "take_slot"
    ENTER_STAFF = "enter_staff"
    """Walk into what only a booth's staff may."""
    EDIT_BOOTH = "edit_booth"
    PUBLISH = "publish"
    """Show live video on a booth's screen."""
    READ_CONTACTS = "read_contacts"
    ANSWER_PROPOSAL = "answer_proposal"
    OPEN_VOTE = "open_vote"
    ANSWER_REPORT = "answer_report"
    FREE_SLOT = "free_slot"
    HIDE = "hide"
    """Take a text or a picture of somebody else out of sight."""
    MUTE = "mute"
    KICK = "kick"
    TIMEOUT = "timeout"
    BAN = "ban"
    ADMINISTER = "administer"
    """See and change people, roles and slots."""


_VISITOR = frozenset(
    {Action.ENTER, Action.SPEAK, Action.CHAT, Action.WAVE, Action.TELEPORT, Action.LEAVE_CONTACT}
)
_OFFICER = frozenset(
    {
        Action.ANSWER_PROPOSAL,
        Action.OPEN_VOTE,
        Action.ANSWER_REPORT,
        Action.FREE_SLOT,
        Action.HIDE,
        Action.MUTE,
        Action.KICK,
        Action.TIMEOUT,
    }
)
#: What each role may do where it is held.
CAPABILITIES: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.VISITOR: _VISITOR,
        Role.CITIZEN: _VISITOR
        | {
            Action.PAY,
            Action.PROPOSE,
            Action.SUPPORT,
            Action.COMMENT,
            Action.VOTE,
            Action.REPORT,
            Action.FOUND,
            Action.TAKE_SLOT,
        },
        Role.EXHIBITOR: frozenset(
            {Action.ENTER_STAFF, Action.EDIT_BOOTH, Action.PUBLISH, Action.READ_CONTACTS}
        ),
        Role.OFFICER: _OFFICER,
        Role.OPERATOR: _OFFICER | {Action.BAN, Action.ADMINISTER, Action.ENTER_STAFF},
    }
)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, held at a place and everywhere below it."""

    role: Role
    place: str = CITY


@dataclass(frozen=True, slots=True)
class Denial:
    """Something that a sanction forbids, at a place and everywhere below it."""

    action: Action
    place: str = CITY


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, as the rules see them.

    Attributes:
        citizen: Their number; None for a visitor.
        session: The web session that they act in; None outside one.
        door: By which door the act came: `page`, `plain`, `headset`, `api` or `program`.
        grants: Roles that they hold.
        denials: What sanctions forbid them.
        language: `ko` or `en`.
    """

    citizen: int | None = None
    session: int | None = None
    door: str = "page"
    grants: frozenset[Grant] = field(default=frozenset({Grant(Role.VISITOR)}))
    denials: frozenset[Denial] = field(default=frozenset())
    language: str = "ko"

    def may(self, action: Action, place: str = CITY) -> bool:
        """Tell whether they may do something at a place."""
        if any(denial.action is action and covers(denial.place, place) for denial in self.denials):
            return False
        return any(action in CAPABILITIES[grant.role] and covers(grant.place, place) for grant in self.grants)

    def require(self, action: Action, place: str = CITY) -> None:
        """Go on only if they may.

        Raises:
            NotAllowedError: They may not.
        """
        if self.may(action, place):
            return
        if self.citizen is None and any(
            action in CAPABILITIES[role] for role in (Role.CITIZEN, Role.EXHIBITOR)
        ):
            raise NotAllowedError(
                "시민만 할 수 있어요. 먼저 시민으로 들어와 주세요.",
                "Only citizens can do this. Please sign in as a citizen first.",
            )
        raise NotAllowedError(
            "이곳에서 그 일을 할 권한이 없어요. 담당자에게 문의해 주세요.",
            "You may not do this here. Please ask those in charge of the place.",
        )

    def of_citizen(self) -> int:
        """Return their number.

        Raises:
            NotAllowedError: They are a visitor.
        """
        if self.citizen is None:
            raise NotAllowedError(
                "시민만 할 수 있어요. 먼저 시민으로 들어와 주세요.",
                "Only citizens can do this. Please sign in as a citizen first.",
            )
        return self.citizen


def covers(outer: str, inner: str) -> bool:
    """Tell whether a place is another one or lies in it."""
    return inner == outer or inner.startswith(outer + "/")
