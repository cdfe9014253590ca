"""What `/api/v1/reports` takes and gives."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from municipality.reports import OPEN, Act, Part, Query, Status, Step
from municipality.reports.report import (
    LONGEST_ADDRESS,
    LONGEST_DESCRIPTION,
    LONGEST_NOTE,
    LONGEST_REASON,
)

#: Beyond this no city reaches; metres.
_FAR = 1_000_000.0
#: Unix seconds of the year 9999.
_LAST = 253_402_300_799.0

#: Pins of one answer.
MOST_PINS = 1_000
_BOX = r"^-?\d{1,7}(\.\d{1,9})?(,-?\d{1,7}(\.\d{1,9})?){3}$"
_BOX_SAYS = "가장 작은 x, z와 가장 큰 x, z(미터). Least x, z, most x, z, metres."

ServiceCode = Literal["road", "streetlight", "parking", "waste", "noise", "park", "safety", "other"]
Metres = Annotated[float, Field(ge=-_FAR, le=_FAR, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0.0, le=_LAST, allow_inf_nan=False)]
RowNumber = Annotated[int, Field(ge=1, le=2**53 - 1)]


class ServiceOut(BaseModel):
    """A kind of report."""

    code: ServiceCode
    name_ko: str
    name_en: str
    description_ko: str
    description_en: str
    group_ko: str
    group_en: str
    keywords: list[str]


class ReportIn(BaseModel):
    """What somebody reports. The place is given once: on the map, or in the world."""

    service: ServiceCode = Field(description="민원 종류. Kind of report.")
    description: str = Field(
        min_length=1,
        max_length=2 * LONGEST_DESCRIPTION,
        description=f"내용({LONGEST_DESCRIPTION}자까지). What is wrong.",
    )
    longitude: Longitude | None = Field(None, description="경도(WGS 84). Degrees east.")
    latitude: Latitude | None = Field(None, description="위도(WGS 84). Degrees north.")
    x: Metres | None = Field(None, description="동쪽으로, 미터. World metres east.")
    z: Metres | None = Field(None, description="남쪽으로, 미터. World metres south.")
    address: str | None = Field(None, max_length=2 * LONGEST_ADDRESS, description="주소나 찾는 길. In words.")
    contact_name: str | None = Field(
        None, max_length=120, description="이름(담당자만 봄). For officers alone."
    )
    contact_phone: str | None = Field(
        None, max_length=60, description="전화번호(담당자만 봄). For officers alone."
    )
    contact_email: str | None = Field(
        None, max_length=254, description="이메일(담당자만 봄). For officers alone."
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        on_map, in_world = (self.longitude, self.latitude), (self.x, self.z)
        whole = [pair for pair in (on_map, in_world) if None not in pair]
        if len(whole) != 1 or any(one is not None for one in {on_map: in_world, in_world: on_map}[whole[0]]):
            raise ValueError(
                "위치를 longitude·latitude 또는 x·z 한 가지로 보내 주세요. "
                "Give the place once: as longitude and latitude, or as x and z."
            )
        return self


class RedactionOut(BaseModel):
    """Something that an officer took out of sight."""

    part: Part
    step: int | None
    reason: str
    at: float


class Pin(BaseModel):
    """A report on the map or in the city."""

    id: int
    service: ServiceCode
    status: Status
    x: float
    z: float


class ReportLine(Pin):
    """A report in a list."""

    open: bool = Field(description="답변이 끝나지 않음. Not yet answered.")
    mine: bool = Field(description="내가 신고함. I reported it.")
    description: str | None = Field(description="null: 담당자가 숨김. Null: an officer hid it.")
    address: str | None
    longitude: float
    latitude: float
    gu: str | None = Field(description="구. Id of the district.")
    dong: str | None = Field(description="동. Id of the neighbourhood.")
    photo: str | None = Field(description="사진의 주소. Path of the photo.")
    thumbnail: str | None
    reopened: int = Field(ge=0)
    submitted_at: float
    updated_at: float
    answered_at: float | None
    expected_at: float | None = Field(description="처리 예상 시각. When officers expect the end.")
    note_ko: str | None = Field(description="담당자의 마지막 말. The newest word of an officer.")
    note_en: str | None
    redactions: list[RedactionOut] = Field(description="숨긴 것과 까닭. What was hidden, and why.")
    assignee: int | None = Field(description="맡은 담당자(담당자만 봄). For officers alone.")


class StepOut(BaseModel):
    """One thing that was done to a report."""

    id: int
    step: Step
    status: Status = Field(description="그 뒤의 상태. Status after it.")
    by_reporter: bool
    note_ko: str | None
    note_en: str | None
    expected_at: float | None
    at: float


class ContactOut(BaseModel):
    """How to reach whoever reported."""

    name: str
    phone: str
    email: str


class ReportOut(ReportLine):
    """A report in full."""

    steps: list[StepOut]
    acts: list[Act] = Field(description="지금 내가 할 수 있는 일. What I may do with it now.")
    contact: ContactOut | None = Field(
        description="신고한 사람과 담당자만 봄. For the reporter and officers."
    )


class ReportPage(BaseModel):
    """Some reports."""

    reports: list[ReportLine]
    after: int | None = Field(description="다음 쪽을 부를 값. null: 끝. Asks for the next; null: the end.")


class StepIn(BaseModel):
    """What to do to a report."""

    step: Literal["acknowledge", "start", "note", "answer", "reopen"] = Field(
        description="`reopen`은 신고한 사람, 나머지는 담당자. `reopen` by the reporter, the rest by officers."
    )
    note_ko: str | None = Field(None, max_length=2 * LONGEST_NOTE, description="한국어 글. In Korean.")
    note_en: str | None = Field(None, max_length=2 * LONGEST_NOTE, description="영어 글. In English.")
    expected_at: Seconds | None = Field(None, description="처리 예상 시각(Unix 초). Unix seconds.")


class AssignIn(BaseModel):
    """Who takes a report."""

    officer: RowNumber | Literal["me"] | None = Field(description="null: 아무도. Null: nobody.")


class HideIn(BaseModel):
    """What to take out of sight, and why; everybody reads the reason."""

    part: Part
    step: RowNumber | None = Field(None, description="part가 note일 때 그 단계. Of the note.")
    reason: str = Field(min_length=1, max_length=2 * LONGEST_REASON, description="까닭. Reason.")


class PinWish(BaseModel):
    """Which pins to show."""

    bbox: str | None = Field(None, max_length=80, pattern=_BOX, description=_BOX_SAYS)
    closed: bool = Field(default=False, description="답변이 끝난 것도. Answered ones, too.")

    def query(self) -> Query:
        """Return it as the domain asks for it."""
        return Query(statuses=frozenset() if self.closed else OPEN, bounds=box_of(self.bbox), limit=MOST_PINS)


class Wish(BaseModel):
    """Which reports to list."""

    status: list[Status] = Field([], max_length=len(Status), description="이 상태만. Only with these.")
    service: list[ServiceCode] = Field([], max_length=8, description="이 종류만. Only of these kinds.")
    gu: str | None = Field(
        None, max_length=16, pattern=r"^\d{1,16}$", description="이 구만. In this district."
    )
    dong: str | None = Field(
        None, max_length=16, pattern=r"^\d{1,16}$", description="이 동만. Neighbourhood."
    )
    bbox: str | None = Field(None, max_length=80, pattern=_BOX, description=_BOX_SAYS)
    mine: bool = Field(default=False, description="내 신고만. Only mine.")
    assignee: Literal["me", "nobody"] | None = Field(
        None, description="맡은 사람(담당자만). By who has it; for officers alone."
    )
    oldest_first: bool = Field(default=False, description="오래된 것부터. As officers work.")
    after: RowNumber | None = Field(None, description="앞 쪽의 마지막 번호. Last number of the page before.")
    limit: int = Field(20, ge=1, le=100)

    def query(self, citizen: int | None) -> Query:
        """Return it as the domain asks for it, for the citizen who asks."""
        return Query(
            statuses=frozenset(self.status),
            services=frozenset(self.service),
            gu=self.gu,
            dong=self.dong,
            bounds=box_of(self.bbox),
            mine=self.mine,
            # A visitor is nobody's assignee, and is refused for asking.
            assignee=(citizen or 0) if self.assignee == "me" else None,
            unassigned=self.assignee == "nobody",
            after=self.after,
            limit=self.limit,
            oldest_first=self.oldest_first,
        )


def box_of(text: str | None) -> tuple[float, float, float, float] | None:
    """Return the bounds that a checked text names."""
    if text is None:
        return None
    x0, z0, x1, z1 = (float(part) for part in text.split(","))
    return x0, z0, x1, z1
