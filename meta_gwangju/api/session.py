"""`/api/v1/session`: who I am, signing in and out, my devices, and which person in the city I am."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from meta_gwangju.api import cookies
from meta_gwangju.api.caller import ActorOf, OfficesOf, SessionOf
from meta_gwangju.api.device import device_of
from meta_gwangju.api.origin import party_of
from meta_gwangju.offices import Offices
from meta_gwangju.problems import PROBLEMS
from municipality.access import CITY, Action, Actor
from municipality.errors import NotFoundError
from municipality.wallet import wallet_number

Name = Annotated[str, Field(min_length=1, max_length=64, description="보일 이름(24자까지). Name as shown.")]
Colour = Annotated[int, Field(ge=0, le=9, description="외투 색. Colour of the coat.")]
Language = Annotated[str, Field(pattern="^(ko|en)$")]
Ceremony = Annotated[str, Field(min_length=16, max_length=64, description="받은 그대로. As it was given.")]
Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
Credential = Annotated[dict[str, Any], Field(description="`PublicKeyCredential.toJSON()`.", max_length=16)]


class RoleAt(BaseModel):
    """A role, and where it is held."""

    role: str
    place: str


class MyOrganisation(BaseModel):
    """An organisation that I belong to."""

    id: int
    name_ko: str
    name_en: str
    rank: str = Field(description="`owner` · `staff`")


class MyCitizen(BaseModel):
    """Me, as a citizen."""

    number: int
    name: str
    colour: int
    language: str
    wallet_number: str = Field(description="다른 사람이 나에게 보낼 때 쓰는 번호. What others pay me by.")
    joined_at: float
    recovery_codes_left: int


class Me(BaseModel):
    """Whoever asks."""

    citizen: MyCitizen | None = Field(description="null: 방문자. A visitor.")
    roles: list[RoleAt]
    may: list[str] = Field(description="도시 전체에서 할 수 있는 일. What I may do all over the city.")
    may_at: dict[str, list[str]] = Field(
        description="역할이 있는 곳마다 할 수 있는 일. What I may do at each place where I hold a role."
    )
    organisations: list[MyOrganisation]
    csrf: str | None = Field(description="바꾸는 요청의 `X-CSRF-Token`. To send with every change.")


class SignInOptions(BaseModel):
    """What the browser needs to find a passkey."""

    ceremony: Ceremony
    options: dict[str, Any] = Field(description="`PublicKeyCredentialRequestOptionsJSON`")


class SignIn(BaseModel):
    """A passkey's answer."""

    ceremony: Ceremony
    credential: Credential


class SignInByCode(BaseModel):
    """A code from another device, or a recovery code."""

    code: str = Field(min_length=10, max_length=64)


class Profile(BaseModel):
    """How I am shown."""

    name: Name
    colour: Colour
    language: Language


class PresenceIn(BaseModel):
    """The session token that `/signal` gave to me in the city."""

    session: str = Field(min_length=16, max_length=64)


class SessionLine(BaseModel):
    """One of my devices."""

    id: int
    device: str
    opened_at: float
    seen_at: float
    here: bool = Field(description="지금 쓰는 기기. The one that asks.")


def me(offices: Offices, actor: Actor, token: str | None) -> Me:
    """Return what somebody is told of themselves."""
    citizen = None
    organisations: list[MyOrganisation] = []
    if actor.citizen is not None:
        found = offices.citizens.find(actor.citizen)
        citizen = MyCitizen(
            number=found.id,
            name=found.name or "",
            colour=found.colour,
            language=found.language,
            wallet_number=wallet_number(found.id),
            joined_at=found.joined_at,
            recovery_codes_left=offices.codes.recovery_left(found.id),
        )
        organisations = [
            MyOrganisation(id=one.id, name_ko=one.name_ko, name_en=one.name_en, rank=rank)
            for one, rank in offices.organisations.of(found.id)
        ]
    return Me(
        citizen=citizen,
        roles=sorted(
            (RoleAt(role=grant.role, place=grant.place) for grant in actor.grants),
            key=lambda one: (one.place, one.role),
        ),
        may=_actions(actor, CITY),
        may_at={place: _actions(actor, place) for place in sorted({grant.place for grant in actor.grants})},
        organisations=organisations,
        csrf=cookies.csrf_of(token) if token else None,
    )


def _actions(actor: Actor, place: str) -> list[str]:
    return sorted(action.value for action in Action if actor.may(action, place))


def sign_in(offices: Offices, request: Request, response: Response, citizen: int) -> Me:
    """Open a session for a citizen in the browser that asks; the one that it had ends."""
    now = time.time()
    before = cookies.token_of(request)
    if before and (old := offices.sessions.find(before, now)) is not None:
        offices.sessions.end(Actor(session=old.id), old.id)
        offices.presence.end_session(old.id)
    session, token = offices.sessions.open(citizen, device_of(request), now)
    cookies.give(response, token, secure=request.url.scheme == "https")
    return me(offices, offices.actors.of(session, "page", now), token)


router = APIRouter(prefix="/api/v1", tags=["session"], responses=PROBLEMS)


@router.get("/session", summary="나는 누구인가 · Who I am")
def who(offices: OfficesOf, request: Request, response: Response, actor: ActorOf) -> Me:
    response.headers["cache-control"] = "no-store"
    # Of a session that is over, too: with its cookie in the browser nobody could sign in again without it.
    return me(offices, actor, cookies.token_of(request))


@router.post("/session/passkey/options", summary="패스키로 들어오기: 시작 · Begin to sign in")
def begin(offices: OfficesOf, request: Request) -> SignInOptions:
    ceremony, options = offices.passkeys.begin_sign_in(party_of(request), time.time())
    return SignInOptions(ceremony=ceremony, options=options)


@router.post("/session/passkey", summary="패스키로 들어오기 · Sign in with a passkey")
def by_passkey(offices: OfficesOf, body: SignIn, request: Request, response: Response) -> Me:
    citizen = offices.passkeys.finish_sign_in(party_of(request), body.ceremony, body.credential, time.time())
    return sign_in(offices, request, response, citizen)


@router.post("/session/code", summary="코드로 들어오기 · Sign in with a code")
def by_code(offices: OfficesOf, body: SignInByCode, request: Request, response: Response) -> Me:
    citizen = offices.codes.use(body.code, time.time(), "page")
    return sign_in(offices, request, response, citizen)


@router.put("/session/presence", status_code=204, summary="도시 안의 나를 잇기 · I am this person")
def present(offices: OfficesOf, body: PresenceIn, actor: ActorOf, session: SessionOf) -> None:
    person = offices.presence.person_with(body.session)
    if person is None or session is None:
        raise NotFoundError("도시 안에 그런 사람이 없어요.", "There is no such person in the city.")
    offices.presence.link(person, session, actor.door, time.time())
    offices.enforcement.linked(person, time.time())


@router.put("/session/profile", summary="이름과 외투 바꾸기 · Change name and coat")
def change(offices: OfficesOf, body: Profile, request: Request, actor: ActorOf) -> Me:
    offices.citizens.update(actor, body.name, body.colour, body.language)
    offices.news.tell("proposals")  # which carry the name
    return me(offices, actor, cookies.token_of(request))


@router.delete("/session", status_code=204, summary="나가기 · Sign out")
def sign_out(offices: OfficesOf, response: Response, actor: ActorOf) -> None:
    if actor.session is not None:
        offices.sessions.end(actor, actor.session)
        offices.presence.end_session(actor.session)
    cookies.take(response)


@router.get("/sessions", summary="들어와 있는 기기 · My devices")
def all_sessions(offices: OfficesOf, actor: ActorOf) -> list[SessionLine]:
    return [
        SessionLine(
            id=one.id,
            device=one.device,
            opened_at=one.opened_at,
            seen_at=one.seen_at,
            here=one.id == actor.session,
        )
        for one in offices.sessions.of(actor)
    ]


@router.delete("/sessions/{number}", status_code=204, summary="기기 하나를 내보내기 · Sign a device out")
def end(offices: OfficesOf, number: Number, actor: ActorOf) -> None:
    offices.sessions.end(actor, number)
    offices.presence.end_session(number)


@router.delete("/citizen", status_code=204, summary="시민 그만두기 · Erase me")
def erase(offices: OfficesOf, response: Response, actor: ActorOf) -> None:
    offices.citizens.erase(actor, time.time())
    offices.news.tell("proposals")  # which carried the name
    offices.presence.end_citizen(actor.of_citizen())
    cookies.take(response)
