"""`/api/v1/booths/{name}/model`: the glb that stands in a booth: uploaded, inspected, served."""

import asyncio
import json
import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.requests import ClientDisconnect

from meta_gwangju.api.booth_answers import BoothName, FindingOut, ModelOut, model_out
from meta_gwangju.api.booths import TOPIC
from meta_gwangju.api.caller import ActorOf, OfficesOf
from meta_gwangju.files import IMMUTABLE
from meta_gwangju.offices import Offices
from meta_gwangju.problems import MEDIA_TYPE as PROBLEM_TYPE
from meta_gwangju.problems import PROBLEMS, Problem, problem
from meta_gwangju.uploads import MEDIA_TYPE, Inspected, UploadError, received
from municipality.access import Actor
from municipality.errors import NotFoundError
from municipality.expo import Model, State


class ModelProblem(Problem):
    """A model that was refused, with everything that was found."""

    findings: list[FindingOut]


_REFUSED: dict[int | str, dict[str, Any]] = {
    422: {
        "description": "모델을 받지 않았어요. The model was refused.",
        "model": ModelProblem,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ModelProblem"}}},
    },
    503: PROBLEMS["4XX"],
}
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_GLB = {MEDIA_TYPE: _BYTES}
#: Programs that know no better name for it may send it as plain bytes.
_UPLOAD = {**_GLB, "application/octet-stream": _BYTES}
Version = Annotated[
    str | None,
    Query(alias="v", pattern=r"^[0-9a-f]{64}$", description="모델의 SHA-256. Which model, by its content."),
]

router = APIRouter(prefix="/api/v1/booths", tags=["expo"], responses=PROBLEMS)


@router.put(
    "/{name}/model",
    summary="모델 올리기 · Upload the model",
    description=f"glb, 20 MB까지. A glb of 20 MB at most, as `{MEDIA_TYPE}`.",
    response_model=ModelOut,
    responses=_REFUSED,
    openapi_extra={"requestBody": {"required": True, "content": _UPLOAD}},
)
async def upload(
    request: Request, offices: OfficesOf, name: BoothName, actor: ActorOf
) -> Response | ModelOut:
    await asyncio.to_thread(offices.expo.booths.may_edit, actor, name)
    headers = request.headers
    try:
        with offices.models.passage(name):
            body = await received(
                request.stream(), headers.get("content-type", ""), headers.get("content-length")
            )
            found = await offices.models.inspect(body)
    except UploadError as error:
        again = {"retry-after": "30"} if error.status == 503 else None
        says = (error.ko, error.en)
        return problem(error.status, request.url.path, again, code=error.code, says=says, log=request)
    except ClientDisconnect:
        return problem(400, request.url.path, code="cut_off", log=request)
    if found.kept is None:
        return problem(
            422,
            request.url.path,
            code="model_refused",
            says=_first_refusal(found),
            log=request,
            findings=found.findings,
        )
    model = await asyncio.to_thread(_set_up, offices, actor, name, found)
    offices.news.tell(TOPIC)
    return model_out(name, model)


@router.delete("/{name}/model", status_code=204, summary="모델 치우기 · Take the model away")
def take_away(offices: OfficesOf, name: BoothName, actor: ActorOf) -> None:
    with offices.models.changing:
        unneeded = offices.expo.booths.set_model(actor, name, None, time.time())
        if unneeded is not None:
            offices.models.forget(unneeded)
    offices.news.tell(TOPIC)


@router.get(
    "/{name}/model",
    summary="부스의 모델 · The model of a booth",
    response_class=FileResponse,
    responses={200: {"description": "glb", "content": _GLB}, 304: {"description": "그대로예요. Unchanged."}},
)
def model(
    request: Request, offices: OfficesOf, name: BoothName, actor: ActorOf, version: Version = None
) -> Response:
    booth = offices.expo.booths.find(name)
    seen = booth is not None and booth.model is not None and offices.expo.booths.sees(actor, booth)
    file = offices.models.find(booth.model.sha256) if booth and booth.model and seen else None
    if booth is None or booth.model is None or file is None or version not in {None, booth.model.sha256}:
        raise NotFoundError("이 부스에는 보여줄 모델이 없어요.", "There is no model of this booth to show.")
    tag = f'"{booth.model.sha256}"'
    # What only staff may see stays in nobody's shared cache.
    lasting = IMMUTABLE if version is not None else "public, no-cache"
    headers = {
        "etag": tag,
        "cache-control": lasting if booth.state is State.OPEN else "private, no-store",
        "content-disposition": f'attachment; filename="{booth.slot}.glb"',
        "x-content-type-options": "nosniff",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(file, media_type=MEDIA_TYPE, headers=headers)


def _set_up(offices: Offices, actor: Actor, name: str, found: Inspected) -> Model:
    """Keep an accepted model, and forget the one before when nobody needs it."""
    kept = found.kept or b""
    report = json.dumps(
        {"bytes": len(kept), "figures": found.figures, "findings": found.findings}, ensure_ascii=False
    )
    with offices.models.changing:
        chosen = Model(offices.models.keep(kept), report)
        unneeded = offices.expo.booths.set_model(actor, name, chosen, time.time())
        if unneeded is not None:
            offices.models.forget(unneeded)
    return chosen


def _first_refusal(found: Inspected) -> tuple[str, str]:
    refusal = next(finding for finding in found.findings if finding["weight"] == "refused")
    return refusal["ko"], refusal["en"]
