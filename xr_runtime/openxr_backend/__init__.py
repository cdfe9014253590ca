"""The machine's OpenXR runtime through pyopenxr, without a display (XR_MND_headless). The only `import xr`.

Headless sessions have no frame clock, so nothing here waits: the loop paces itself, and time comes from the
monotonic clock through XR_KHR_convert_timespec_time. One thread makes every call.
"""

from xr_runtime.openxr_backend.backend import OpenXrBackend
from xr_runtime.openxr_backend.instance import offered_extensions

__all__ = ["OpenXrBackend", "offered_extensions"]
