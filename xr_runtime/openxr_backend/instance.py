"""The OpenXR instance: extensions, time, and who the runtime is."""

import ctypes
from collections.abc import Sequence
from typing import Any

import xr

from xr_runtime.errors import ExtensionMissingError, RuntimeMissingError

NEEDED = ("XR_MND_headless", "XR_KHR_convert_timespec_time")
WANTED = ("XR_EXT_hand_interaction", "XR_EXT_local_floor")


def text(value: bytes | str) -> str:
    """Return a string of the C interface, which pyopenxr gives in either form."""
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def offered_extensions() -> frozenset[str]:
    """Return the extensions of the machine's runtime.

    Raises:
        RuntimeMissingError: There is none.
    """
    try:
        return frozenset(text(each.extension_name) for each in xr.enumerate_instance_extension_properties())
    except xr.exception.XrException as error:
        raise RuntimeMissingError(type(error).__name__) from error


class Instance:
    """An OpenXR instance.

    Attributes:
        handle: The instance.
        extensions: What is enabled.
        name: Name and version of the runtime.

    Raises:
        RuntimeMissingError: No runtime answers.
        ExtensionMissingError: It lacks one of :data:`NEEDED`.
    """

    def __init__(self) -> None:
        offered = offered_extensions()
        missing = tuple(name for name in NEEDED if name not in offered)
        if missing:
            raise ExtensionMissingError(_name_of(_create(())), missing)
        self.extensions = (*NEEDED, *(name for name in WANTED if name in offered))
        self.handle = _create(self.extensions)
        self.name = _name_of(self.handle)
        convert = xr.get_instance_proc_addr(self.handle, "xrConvertTimespecTimeToTimeKHR")
        self._convert = ctypes.cast(convert, xr.PFN_xrConvertTimespecTimeToTimeKHR)

    def xr_time(self, moment: float) -> int:
        """Return the XrTime of a moment of CLOCK_MONOTONIC, seconds."""
        spec, result = xr.timespec(), xr.Time()
        spec.tv_sec, spec.tv_nsec = divmod(round(moment * 1e9), 10**9)
        answer = xr.check_result(xr.Result(self._convert(self.handle, spec, ctypes.byref(result))))
        if answer.is_exception():
            raise answer
        return int(result.value)

    def path(self, name: str) -> Any:
        """Return the XrPath of a name."""
        return xr.string_to_path(self.handle, name)

    def destroy(self) -> None:
        """Destroy the instance and with it every child: session, spaces, actions."""
        try:
            xr.destroy_instance(self.handle)
        except xr.exception.XrException:
            return  # the runtime went first; there is nothing left to destroy


def _create(extensions: Sequence[str]) -> Any:
    application = xr.ApplicationInfo(application_name="Meta Gwangju", api_version=xr.Version(1, 0, 34))
    return xr.create_instance(
        xr.InstanceCreateInfo(
            application_info=application,
            enabled_extension_names=list(extensions),
        )
    )


def _name_of(handle: Any) -> str:
    properties = xr.get_instance_properties(handle)
    return f"{text(properties.runtime_name)} ({xr.Version(properties.runtime_version)})"
