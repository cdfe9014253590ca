"""`/api/v1/passkeys` and codes: becoming a citizen, and the ways back in."""

import time
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from meta_gwangju.api import cookies
from meta_gwangju.api.caller import ActorOf, OfficesOf
from meta_gwangju.api.device import device_of
from meta_gwangju.api.origin import party_of
from meta_gwangju.api.session import Ceremony, Colour, Credential, Language, Me, Name, me, sign_in
from meta_gwangju.offices import Offices
from meta_gwangju.problems import PROBLEMS
from municipality.access import Actor
from municipality.citizens.passkeys import Newcomer
from municipality.errors import LedgerError

Number = Annotated[int, Path(ge=1, le=2**53 - 1)]


class RegistrationIn(BaseModel):
    """Under which name the browser is to keep the passkey."""

    name: Name


class RegistrationOptions(BaseModel):
    """What the browser needs to make a passkey."""

    ceremony: Ceremony
    options: dict[str, Any] = Field(description="`PublicKeyCredentialCreationOptionsJSON`")


class NewPasskey(BaseModel):
    """A passkey that the browser made; name, colour and language count for a new citizen."""

    ceremony: Ceremony
    credential: Credential
    name: Name
    colour: Colour = 0
    language: Language = "ko"


class Registered(BaseModel):
    """Whom the passkey made or belongs to."""

    me: Me
    recovery_codes: list[str] = Field(
        description="새 시민에게 한 번만 보여 줍니다. Shown once, to a new citizen."
    )


class PasskeyLine(BaseModel):
    """One of my passkeys."""

    id: int
    device: str
    added_at: float
    used_at: float | None


class RecoveryCodes(BaseModel):
    """Codes that let me in once each. The older ones open nothing any more."""

    codes: list[str]


class DeviceCode(BaseModel):
    """A code that signs another device in once."""

    code: str
    expires_at: float


router = APIRouter(prefix="/api/v1", tags=["passkeys"], responses=PROBLEMS)


@router.post("/passkeys/options", summary="패스키 만들기: 시작 · Begin to make a passkey")
def begin(offices: OfficesOf, body: RegistrationIn, request: Request, actor: ActorOf) -> RegistrationOptions:
    party = party_of(request)
    ceremony, options = offices.passkeys.begin_registration(actor, party, body.name, time.time())
    return RegistrationOptions(ceremony=ceremony, options=options)


@router.post("/passkeys", status_code=201, summary="시민 되기, 기기 더하기 · Become a citizen, add a device")
async def finish(
    offices: OfficesOf, body: NewPasskey, request: Request, response: Response, actor: ActorOf
) -> Registered:
    made = await run_in_threadpool(_finish, offices, body, request, response, actor)
    if actor.citizen is None and made.me.citizen is not None:
        # Without it they are a citizen all the same: the account is opened when it is first looked at.
        with suppress(LedgerError):
            await offices.wallet.open(made.me.citizen.number)
    return made


def _finish(
    offices: Offices, body: NewPasskey, request: Request, response: Response, actor: Actor
) -> Registered:
    now = time.time()
    citizen = offices.passkeys.finish_registration(
        actor,
        party_of(request),
        body.ceremony,
        body.credential,
        Newcomer(body.name, body.colour, body.language),
        device=device_of(request),
        now=now,
    )
    if actor.citizen is not None:
        return Registered(me=me(offices, actor, cookies.token_of(request)), recovery_codes=[])
    codes = offices.codes.new_recovery(offices.actors.citizen(citizen, actor.door, now), now)
    return Registered(me=sign_in(offices, request, response, citizen), recovery_codes=codes)


@router.get("/passkeys", summary="내 패스키 · My passkeys")
def mine(offices: OfficesOf, actor: ActorOf) -> list[PasskeyLine]:
    return [
        PasskeyLine(id=one.id, device=one.device, added_at=one.added_at, used_at=one.used_at)
        for one in offices.passkeys.of(actor)
    ]


@router.delete("/passkeys/{number}", status_code=204, summary="패스키 지우기 · Remove a passkey")
def remove(offices: OfficesOf, number: Number, actor: ActorOf) -> None:
    offices.passkeys.remove(actor, number, time.time())


@router.post("/recovery-codes", status_code=201, summary="새 복구 코드 · New recovery codes")
def recovery(offices: OfficesOf, actor: ActorOf) -> RecoveryCodes:
    return RecoveryCodes(codes=offices.codes.new_recovery(actor, time.time()))


@router.post("/device-codes", status_code=201, summary="다른 기기의 코드 · A code for another device")
def device(offices: OfficesOf, actor: ActorOf) -> DeviceCode:
    code, until = offices.codes.new_device(actor, time.time())
    return DeviceCode(code=code, expires_at=until)
