"""Whether the city is alive, for those who watch it."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from meta_gwangju.node import CityNode


class Health(BaseModel):
    """The state of the running city."""

    status: Literal["ok", "stalled"] = Field(
        description="`stalled`: the world has not stepped for two seconds."
    )
    people: int = Field(ge=0, description="People in the city now.")
    tick: int = Field(ge=0, description="World steps since the city opened, 20 a second.")
    late_ticks: int = Field(ge=0, description="Steps left out because the machine was too busy.")


def health_router(node: CityNode) -> APIRouter:
    """Return the route `/healthz`."""
    router = APIRouter(tags=["health"])

    @router.get(
        "/healthz",
        summary="도시가 살아 있는지 · Whether the city is alive",
        responses={503: {"description": "도시가 멈췄습니다. The world does not step.", "model": Health}},
    )
    def health(response: Response) -> Health:
        response.headers["cache-control"] = "no-store"
        alive = node.is_alive()
        if not alive:
            response.status_code = 503
        return Health(
            status="ok" if alive else "stalled",
            people=node.world.count,
            tick=node.world.tick,
            late_ticks=node.late_ticks,
        )

    return router
