"""`/metrics`, for Prometheus: from this machine, or with the operator's token."""

import hmac
import ipaddress

from fastapi import APIRouter, Request, Response

from meta_gwangju.api.cookies import bearer
from meta_gwangju.metrics import Metrics
from meta_gwangju.problems import PROBLEMS, problem

#: Prometheus' text format.
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics_router(metrics: Metrics, token: str) -> APIRouter:
    """Return the route `/metrics`.

    Args:
        metrics: What is told.
        token: Opens it from other machines; empty: nothing does.
    """
    router = APIRouter(tags=["health"], responses=PROBLEMS)

    @router.get(
        "/metrics",
        summary="수치(운영자) · Metrics, for the operator",
        response_class=Response,
        responses={200: {"description": "Prometheus", "content": {"text/plain": {}}}},
    )
    def read(request: Request) -> Response:
        if not _is_local(request) and not _has_token(request, token):
            return problem(
                403,
                request.url.path,
                code="metrics_closed",
                says=(
                    "이 컴퓨터에서, 또는 설정 metrics_token의 값을 Bearer 토큰으로 보내야 볼 수 있습니다.",
                    "Ask from this machine, or send the setting metrics_token as a bearer token.",
                ),
                log=request,
            )
        return Response(metrics.text(), media_type=MEDIA_TYPE, headers={"cache-control": "no-store"})

    return router


def _is_local(request: Request) -> bool:
    """Tell whether somebody on this machine asks: what a proxy passes on is from somebody else."""
    if any(name in request.headers for name in ("x-forwarded-for", "x-forwarded-host", "forwarded", "via")):
        return False
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False


def _has_token(request: Request, token: str) -> bool:
    return bool(token) and hmac.compare_digest((bearer(request) or "").encode(), token.encode())
