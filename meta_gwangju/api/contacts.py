"""Contacts: left at a booth, read by its organisation, taken back by whoever left them."""

import time
from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel, Field

from meta_gwangju.api.booth_answers import BoothName
from meta_gwangju.api.caller import ActorOf, OfficesOf
from meta_gwangju.api.guard import Buckets
from meta_gwangju.api.origin import network_of
from meta_gwangju.problems import PROBLEMS, problem
from municipality.expo import Contact, Left
from municipality.expo.contacts import (
    LIFETIME,
    LONGEST_EMAIL,
    LONGEST_MESSAGE,
    LONGEST_NAME,
    LONGEST_PHONE,
)


class ContactIn(BaseModel):
    """Who I am and how to reach me: by e-mail or phone, one at least."""

    name: str = Field(min_length=1, max_length=2 * LONGEST_NAME, description="이름(40자). Name.")
    email: str = Field("", max_length=LONGEST_EMAIL)
    phone: str = Field("", max_length=LONGEST_PHONE)
    message: str = Field("", max_length=2 * LONGEST_MESSAGE, description="남기는 말(500자). Message.")
    consent: Literal[True] = Field(
        description="이 단체에 90일 동안 보이는 데 동의함. "
        "I agree that this organisation sees it for 90 days."
    )


class ContactMade(BaseModel):
    """A contact that was left."""

    id: int
    token: str | None = Field(
        description="방문자가 거둘 때 쓰는 열쇠, 지금만 보임. "
        "A visitor's key to withdraw it; shown this once."
    )
    expires_at: float


class ContactFields(BaseModel):
    """What was left."""

    name: str
    email: str
    phone: str
    message: str


class ContactOut(BaseModel):
    """A contact."""

    id: int
    booth: str
    organisation_ko: str
    organisation_en: str
    state: Literal["given", "withdrawn"]
    contact: ContactFields | None = Field(description="null: 거두었음. Withdrawn.")
    left_at: float
    expires_at: float


Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
ContactToken = Annotated[
    str | None,
    Header(alias="X-Contact-Token", max_length=64, description="방문자의 열쇠. A visitor's key."),
]

#: Contacts that visitors without an account may leave from one address: one a minute, and so many at once.
#: A citizen has one at a booth; without this a program would fill a booth with inventions.
_FROM_VISITORS = Buckets(1.0 / 60.0, 10.0)

router = APIRouter(prefix="/api/v1", tags=["expo"], responses=PROBLEMS)


@router.post(
    "/booths/{name}/contacts",
    status_code=201,
    summary="연락처 남기기 · Leave a contact",
    response_model=ContactMade,
)
def leave(
    request: Request, offices: OfficesOf, name: BoothName, body: ContactIn, actor: ActorOf
) -> Response | ContactMade:
    now, network = time.time(), network_of(request)
    if actor.citizen is None and network and not _FROM_VISITORS.take(network, time.monotonic()):
        return problem(429, request.url.path, {"retry-after": "60"}, code="too_often", log=request)
    contact = Contact(body.name, body.email, body.phone, body.message)
    number, token = offices.expo.contacts.leave(actor, name, contact, now)
    booth = offices.expo.booths.find(name)
    if booth is not None:
        offices.news.tell("contacts", offices.expo.booths.staff(booth))
    return ContactMade(id=number, token=token, expires_at=now + LIFETIME)


@router.get("/booths/{name}/contacts", summary="받은 연락처 · Contacts left at my booth")
def at_booth(offices: OfficesOf, name: BoothName, actor: ActorOf) -> list[ContactOut]:
    return [_shown(left) for left in offices.expo.contacts.at(actor, name, time.time())]


@router.get("/contacts", summary="내가 남긴 연락처 · Contacts that I left")
def mine(offices: OfficesOf, actor: ActorOf) -> list[ContactOut]:
    return [_shown(left) for left in offices.expo.contacts.of(actor, time.time())]


@router.delete("/contacts/{number}", status_code=204, summary="연락처 거두기 · Withdraw a contact")
def withdraw(offices: OfficesOf, number: Number, actor: ActorOf, token: ContactToken = None) -> None:
    offices.expo.contacts.withdraw(actor, number, token, time.time())


def _shown(left: Left) -> ContactOut:
    fields = None if left.contact is None else ContactFields.model_validate(asdict(left.contact))
    return ContactOut(
        id=left.id,
        booth=left.slot,
        organisation_ko=left.organisation[0],
        organisation_en=left.organisation[1],
        state=left.state.value,
        contact=fields,
        left_at=left.left_at,
        expires_at=left.expires_at,
    )
