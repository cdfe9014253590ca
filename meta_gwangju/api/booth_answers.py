"""What the API says of booths, and how it says it."""

import json
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from meta_gwangju.offices import Offices
from municipality.access import Action, Actor
from municipality.expo import Booth, Model, Slot, State

#: A booth is called by its slot.
BoothName = Annotated[
    str,
    Path(
        pattern=r"^[a-z0-9_-]{1,64}$",
        description="부스 칸의 이름. The slot's id.",
        examples=["kdj_center-a1"],
    ),
]


class OrganisationLine(BaseModel):
    """Whose booth it is."""

    id: int
    name_ko: str
    name_en: str


class FindingOut(BaseModel):
    """One thing that the inspection of a model found."""

    weight: Literal["refused", "dropped", "note"] = Field(
        description="refused: 받지 않음 not taken · dropped: 그것만 뺌 taken without it · note: 알아 둘 것"
    )
    code: str
    where: str = Field(description="glTF 문서 안의 자리. JSON path in the document.")
    ko: str
    en: str


class FiguresOut(BaseModel):
    """What a model is made of."""

    triangles: int = Field(ge=1)
    vertices: int = Field(ge=1)
    draws: int = Field(ge=1)
    textures: int = Field(ge=0)
    pixels: int = Field(ge=0, description="모든 그림의 화소. Pixels of all pictures together.")
    low: tuple[float, float, float] = Field(description="모델의 경계. Bounds in the model's frame, metres.")
    high: tuple[float, float, float]
    scale: float = Field(gt=0, le=1, description="자리에 맞춘 배율. By which it is drawn, to fit its stand.")
    offset: tuple[float, float, float] = Field(
        description="배율 뒤에 더함. Added to scaled points: puts the model on the middle of its stand."
    )


class ModelOut(BaseModel):
    """A booth's model."""

    sha256: str
    bytes: int = Field(ge=1)
    url: str = Field(description="바뀌지 않는 주소. An address whose content never changes.")
    figures: FiguresOut
    findings: list[FindingOut]


class BoothOut(BaseModel):
    """A slot, and the booth in it. While a booth is not open, only its staff see what is in it."""

    id: str
    number: str
    place: str
    state: Literal["free", "draft", "open", "closed"]
    organisation: OrganisationLine | None
    mine: bool = Field(description="내가 꾸밀 수 있음. I may edit it.")
    title_ko: str | None
    title_en: str | None
    summary_ko: str | None
    summary_en: str | None
    description_ko: str | None
    description_en: str | None
    link: str | None
    model: ModelOut | None
    staff: list[int] = Field(description="도시에 있는 직원(사람 번호). Staff in the city now, as persons.")
    token_made_at: float | None = Field(
        description="송출 열쇠를 만든 때(직원만). When the publishing token was made; for staff."
    )
    taken_at: float | None
    changed_at: float | None


def shown(offices: Offices, actor: Actor, slot: Slot, booth: Booth | None) -> BoothOut:
    """Return a slot and its booth as somebody may see them."""
    line: dict[str, Any] = dict.fromkeys(BoothOut.model_fields)
    number = slot.place.rpartition("/")[2].upper()
    line |= {
        "id": slot.id,
        "number": number,
        "place": slot.place,
        "state": "free",
        "mine": False,
        "staff": [],
    }
    if booth is not None:
        organisation, name_ko, name_en = booth.organisation
        line |= {
            "state": booth.state.value,
            "organisation": {"id": organisation, "name_ko": name_ko, "name_en": name_en},
            "mine": actor.may(Action.EDIT_BOOTH, slot.place),
            "taken_at": booth.taken_at,
        }
        if offices.expo.booths.sees(actor, booth):
            line |= _inside(offices, booth)
        if line["mine"]:
            line["token_made_at"] = booth.key_at
    return BoothOut.model_validate(line)


def _inside(offices: Offices, booth: Booth) -> dict[str, Any]:
    says = booth.says
    present = booth.state is State.OPEN
    return {
        "title_ko": says.title_ko,
        "title_en": says.title_en,
        "summary_ko": says.summary_ko,
        "summary_en": says.summary_en,
        "description_ko": says.description_ko,
        "description_en": says.description_en,
        "link": says.link,
        "model": None if booth.model is None else model_out(booth.slot, booth.model),
        "staff": sorted(offices.presence.persons(offices.expo.booths.staff(booth))) if present else [],
        "changed_at": booth.changed_at,
    }


def model_out(name: str, model: Model) -> ModelOut:
    """Return a booth's model as it is told."""
    url = f"/api/v1/booths/{name}/model?v={model.sha256}"
    return ModelOut.model_validate({"sha256": model.sha256, "url": url, **json.loads(model.report)})
