"""`/api/v1/halls`: the expo halls, as the page draws them and as people walk in them."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from meta_gwangju.api.caller import OfficesOf
from meta_gwangju.problems import PROBLEMS

Plan = Annotated[list[tuple[float, float]], Field(description="꼭짓점 x, z. Corners, world x and z, metres.")]
Point = Annotated[tuple[float, float, float], Field(description="x 동쪽, y 위, z 남쪽. World metres, y up.")]
Yaw = Annotated[float, Field(description="0은 북쪽, 왼쪽으로 커짐. 0 looks north, positive turns left.")]


class Words(BaseModel):
    """In both languages."""

    ko: str
    en: str


class Posture(BaseModel):
    """A point and a heading."""

    position: Point
    yaw: Yaw


class Board(Posture):
    """A rectangle upright in the hall; its middle and heading."""

    size: tuple[float, float] = Field(description="너비, 높이. Width and height, metres.")


class Stand(Posture):
    """Where a booth's model stands: the middle of its foot."""

    size: tuple[float, float, float] = Field(description="너비, 높이, 깊이. Width, height, depth, metres.")


class Area(BaseModel):
    """A part of the floor."""

    corners: Plan


class Floor(Area):
    """The hall's floor."""

    y: float


class SlotOut(Posture):
    """A place for one booth; `yaw` is the heading of its open front."""

    id: str
    number: str
    place: str = Field(description="권한이 걸리는 곳. Where rights are held.")
    size: tuple[float, float]
    corners: Plan
    screen: Board
    plate: Board
    stand: Stand
    staff: Area = Field(description="직원만 들어가는 곳. Where only the booth's staff may go.")


class HallOut(BaseModel):
    """A hall."""

    id: str
    place: str
    name: Words
    synthetic: Literal[True] = Field(description="모양은 대역 모형. Its form is invented.")
    notice: Words
    floor: Floor
    arrival: Posture
    slots: list[SlotOut]


class HallsOut(BaseModel):
    """The same document as `/tiles/gwangju/halls.json`."""

    version: Literal[1]
    halls: list[HallOut]


router = APIRouter(prefix="/api/v1", tags=["expo"], responses=PROBLEMS)


@router.get("/halls", summary="전시장과 부스 칸 · Expo halls and their slots")
def halls(offices: OfficesOf) -> HallsOut:
    return HallsOut.model_validate(offices.halls.document)
