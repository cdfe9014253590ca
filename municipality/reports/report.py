"""A report and what belongs to it, as values."""

from dataclasses import dataclass, field
from enum import StrEnum

from municipality.reports.place import Place
from municipality.reports.states import Status, Step

#: Characters of a description (GeoReport v2), of an officer's note in one language, and of the rest.
LONGEST_DESCRIPTION = 4_000
LONGEST_NOTE = 4_000
LONGEST_ADDRESS = 200
LONGEST_REASON = 300
#: Most rows of a page (GeoReport v2, Response Volume).
MOST_ROWS = 1_000


class Part(StrEnum):
    """What an officer can take out of sight."""

    DESCRIPTION = "description"
    ADDRESS = "address"
    PHOTO = "photo"
    NOTE = "note"
    """The note of a step."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach whoever reports; kept sealed, shown to them and to officers.

    Attributes:
        name: At most 60 characters.
        phone: At most 30.
        email: At most 254.
    """

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to report.

    Attributes:
        service: Code of the service.
        place: From a :class:`~municipality.reports.place.Surveyor`.
        description: At most 4,000 characters; may be empty when service and place say it all.
        address: Where it is, in words; None without.
        photo: SHA-256 of a picture that is kept already, hexadecimal; None without.
        contact: None without.
    """

    service: str
    place: Place
    description: str
    address: str | None = None
    photo: str | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Redaction:
    """Something that an officer took out of sight.

    Attributes:
        part: What.
        step: Whose note; None for the report's own parts.
        reason: Why, for everybody to read.
        at: Unix seconds.
    """

    part: Part
    step: int | None
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class ReportStep:
    """One thing that was done to a report.

    Attributes:
        id: Its number, over all reports.
        kind: What was done.
        status: The report's status after it.
        by_reporter: Whether whoever reported it did this; else an officer.
        note_ko: What was said to it in Korean; None when nothing, or hidden.
        note_en: The same in English.
        expected_at: When the officer expects the end, Unix seconds.
        at: Unix seconds.
    """

    id: int
    kind: Step
    status: Status
    by_reporter: bool
    note_ko: str | None
    note_en: str | None
    expected_at: float | None
    at: float


@dataclass(frozen=True, slots=True)
class Report:
    """A service request.

    Attributes:
        id: Its number.
        reporter: Number of the citizen; only for them, for notices and for officers.
        service: Code of the service.
        status: Where it stands.
        place: Where it is.
        description: None when hidden.
        address: In words; None without, or hidden.
        photo: SHA-256 of the kept picture; None without, or hidden.
        assignee: Number of the officer who has it; only for officers.
        reopened: How often.
        submitted_at: Unix seconds.
        updated_at: When a step was last taken.
        answered_at: None while it is open.
        expected_at: When an officer expects the end.
        status_note: The newest word of an officer (Korean, English); None when there is none.
        redactions: What was hidden of it.
    """

    id: int
    reporter: int
    service: str
    status: Status
    place: Place
    description: str | None
    address: str | None
    photo: str | None
    assignee: int | None
    reopened: int
    submitted_at: float
    updated_at: float
    answered_at: float | None
    expected_at: float | None
    status_note: tuple[str | None, str | None] | None = None
    redactions: tuple[Redaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """A step together with its report's number, for lists over all reports."""

    report: int
    step: ReportStep


@dataclass(frozen=True, slots=True)
class Query:
    """Which reports are wanted; what is None or empty limits nothing.

    Attributes:
        ids: Of these numbers.
        statuses: With one of these.
        services: Codes.
        gu: Id of a district.
        dong: Id of a neighbourhood.
        bounds: (x0, z0, x1, z1), world metres.
        mine: Only the asking citizen's own.
        assignee: Number of the officer who has it.
        unassigned: Nobody has it.
        since: Submitted then or later, Unix seconds.
        until: Submitted then or earlier.
        after: Number of the last report of the page before, in the order asked for.
        offset: Rows to leave out from there.
        limit: Rows, 1 to 1,000.
        oldest_first: As officers work; else the newest first.
    """

    ids: frozenset[int] | None = None
    statuses: frozenset[Status] = frozenset()
    services: frozenset[str] = frozenset()
    gu: str | None = None
    dong: str | None = None
    bounds: tuple[float, float, float, float] | None = None
    mine: bool = False
    assignee: int | None = None
    unassigned: bool = False
    since: float | None = None
    until: float | None = None
    after: int | None = None
    offset: int = 0
    limit: int = 50
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some reports, in order.

    Attributes:
        reports: At most as many as asked for.
        next: What to ask after for more; None when there are none.
    """

    reports: list[Report] = field(default_factory=list)
    next: int | None = None
