"""`/api/v1/admin`: whether all verifies, and how the system stands, for operators."""

import shutil
import threading
import time
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from meta_gwangju import __version__
from meta_gwangju.api.caller import ActorOf
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from meta_gwangju.offices import Offices
from meta_gwangju.problems import PROBLEMS
from meta_gwangju.verification import Verdict, verify_city
from meta_gwangju.vitals import database_bytes
from municipality.access import CITY, Action
from municipality.store import revisions

#: Checking everything takes its time: what was found holds for so many seconds.
_VERIFIED_SECONDS = 60.0


class VerdictOut(BaseModel):
    """What one check found."""

    what: str = Field(description="`ledger`, `ballots`, 또는 일지의 이름. Or a journal's name.")
    passed: bool
    ko: str
    en: str


class VerificationOut(BaseModel):
    """Whether nothing that must never be lost was changed."""

    at: float
    passed: bool
    verdicts: list[VerdictOut]


class Facts(BaseModel):
    """How the system stands."""

    version: str
    schema_found: str | None
    schema_needed: str
    database: Literal["sqlite", "postgresql"]
    database_bytes: int
    free_bytes: int = Field(description="데이터 폴더의 남은 공간. Left for the data folder.")
    up_seconds: float
    people: int
    capacity: int
    tick: int
    late_ticks: int
    lost_audio_frames: int
    ledger_waiting: int


class Verifier:
    """Checks everything, for one at a time, and not more often than once a minute."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices
        self._lock = threading.Lock()
        self._found: tuple[float, list[Verdict]] | None = None

    def found(self, now: float) -> tuple[float, list[Verdict]]:
        """Return what was found, and when, Unix seconds."""
        with self._lock:
            if self._found is None or now - self._found[0] >= _VERIFIED_SECONDS:
                self._found = now, list(verify_city(self._offices.store))
            return self._found


def standing_router(node: CityNode, settings: Settings) -> APIRouter:
    """Return the routes that tell how the system stands."""
    router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=PROBLEMS)
    offices, verifier, opened = node.offices, Verifier(node.offices), time.monotonic()

    @router.get("/verification", summary="원장·투표·일지 검사 · Does everything verify")
    def verification(actor: ActorOf) -> VerificationOut:
        actor.require(Action.ADMINISTER, CITY)
        at, verdicts = verifier.found(time.time())
        return VerificationOut(
            at=at,
            passed=all(one.passed for one in verdicts),
            verdicts=[VerdictOut(what=one.what, passed=one.passed, ko=one.ko, en=one.en) for one in verdicts],
        )

    @router.get("/facts", summary="시스템의 상태 · How the system stands")
    def facts(actor: ActorOf) -> Facts:
        actor.require(Action.ADMINISTER, CITY)
        found, needed = revisions(settings.database)
        return Facts(
            version=__version__,
            schema_found=found,
            schema_needed=needed,
            database="sqlite" if offices.store.url.get_backend_name() == "sqlite" else "postgresql",
            database_bytes=database_bytes(offices.store),
            free_bytes=shutil.disk_usage(settings.data).free,
            up_seconds=time.monotonic() - opened,
            people=node.world.count,
            capacity=settings.capacity,
            tick=node.world.tick,
            late_ticks=node.late_ticks,
            lost_audio_frames=node.media.lost_frames,
            ledger_waiting=offices.ledger.waiting,
        )

    return router
