"""Whoever calls, for the handlers: as an actor, and with the key that makes a request safe to repeat."""

import time
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.concurrency import run_in_threadpool

from meta_gwangju.api.cookies import COOKIE, token_of
from meta_gwangju.offices import Offices
from municipality.access import Actor
from municipality.citizens import Session


def session_of(request: Request) -> Session | None:
    """Return the web session that a request belongs to."""
    token, offices = token_of(request), request.app.state.offices
    return offices.sessions.find(token, time.time()) if token else None


def _signed_in(request: Request, door: str) -> Actor:
    offices: Offices = request.app.state.offices
    return offices.actors.of(session_of(request), door, time.time())


# What asks no database is a coroutine: FastAPI calls functions in a thread, each in one of its own.


async def actor_of(request: Request) -> Actor:
    """Return whoever calls the API: a citizen, or a visitor."""
    door = "page" if COOKIE in request.cookies else "api"
    return await run_in_threadpool(_signed_in, request, door) if token_of(request) else Actor(door=door)


async def offices_of(request: Request) -> Offices:
    """Return the offices that the application was made with."""
    offices: Offices = request.app.state.offices
    return offices


OfficesOf = Annotated[Offices, Depends(offices_of)]
SessionOf = Annotated[Session | None, Depends(session_of)]
ActorOf = Annotated[Actor, Depends(actor_of)]
IdempotencyKeyOf = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=64,
        pattern=r"^[\x21-\x7e]+$",
        description="같은 요청을 두 번 보내도 한 번만 이루어지게 하는 키(UUID 버전 7 권장). "
        "Makes a request safe to repeat; a UUID of version 7 is best.",
    ),
]
