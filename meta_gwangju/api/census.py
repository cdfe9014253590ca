"""How many people are in the city."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from meta_gwangju.node import CityNode


class Census(BaseModel):
    """People in the city now."""

    people: int = Field(ge=0, description="도시에 있는 사람 수. People in the city now.")


def census_router(node: CityNode) -> APIRouter:
    """Return the route `/api/v1/census`."""
    router = APIRouter(prefix="/api/v1", tags=["census"])

    @router.get("/census", summary="도시에 있는 사람 수 · People in the city")
    def census() -> Census:
        return Census(people=node.world.count)

    return router
