"""Turns a headset into a citizen: the OpenXR session, its frames, and the rig that carries the person.

Nothing here imports OpenXR except :mod:`xr_runtime.openxr_backend`, which :func:`openxr_backend` loads when
it is asked for; everything else runs without a headset.
"""

from xr_runtime.backend import Backend, RuntimeInfo, openxr_backend
from xr_runtime.errors import RuntimeLostError, XrError
from xr_runtime.frame import Actions, Hand, XrFrame
from xr_runtime.loop import HeadsetLoop, LoopState
from xr_runtime.rig import Rig, Wish

__all__ = [
    "Actions",
    "Backend",
    "Hand",
    "HeadsetLoop",
    "LoopState",
    "Rig",
    "RuntimeInfo",
    "RuntimeLostError",
    "Wish",
    "XrError",
    "XrFrame",
    "openxr_backend",
]
