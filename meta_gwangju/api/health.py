"""Whether the city is alive, for those who watch it."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from meta_gwangju.node import CityNode
from meta_gwangju.vitals import DatabaseProbe


class Health(BaseModel):
    """The state of the running city."""

    status: Literal["ok", "stalled", "not_recording"] = Field(
        description="`stalled`: the world has not stepped for two seconds. "
        "`not_recording`: the database takes no changes, or the ledger's writer has ended."
    )
    people: int = Field(ge=0, description="People in the city now.")
    tick: int = Field(ge=0, description="World steps since the city opened, 20 a second.")
    late_ticks: int = Field(ge=0, description="Steps left out because the machine was too busy.")
    database: bool = Field(description="A change was committed within the last two seconds, or just now.")
    ledger: bool = Field(description="The ledger's writer goes on.")


def health_router(node: CityNode, probe: DatabaseProbe) -> APIRouter:
    """Return the route `/healthz`."""
    router = APIRouter(tags=["health"])

    @router.get(
        "/healthz",
        summary="도시가 살아 있는지 · Whether the city is alive",
        responses={
            503: {
                "description": "도시가 멈췄거나 기록하지 못합니다. Stalled or not recording.",
                "model": Health,
            }
        },
    )
    def health(response: Response) -> Health:
        response.headers["cache-control"] = "no-store"
        alive, writable = node.is_alive(), probe.is_writable()
        ledger = node.offices.ledger.is_alive
        if not (alive and writable and ledger):
            response.status_code = 503
        return Health(
            status="stalled" if not alive else "ok" if writable and ledger else "not_recording",
            people=node.world.count,
            tick=node.world.tick,
            late_ticks=node.late_ticks,
            database=writable,
            ledger=ledger,
        )

    return router
