"""One headless OpenXR session behind the loop's :class:`xr_runtime.backend.Backend`."""

import ctypes
import functools
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

import xr

from devices.controller import Action
from devices.device import now
from spatial.pose import Pose
from xr_runtime import spaces
from xr_runtime.backend import Recentred, RuntimeEvent, RuntimeInfo, Side, StateChanged
from xr_runtime.errors import HeadsetMissingError, RuntimeLostError, RuntimeMissingError
from xr_runtime.frame import Actions, Hand, XrFrame
from xr_runtime.openxr_backend.input import Input
from xr_runtime.openxr_backend.instance import Instance, text
from xr_runtime.session import SessionState

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

#: What ends a session: the runtime is gone or about to go, or it refuses a call it should not. Nothing can be
#: repaired from here, only opened again.
LOST = (xr.exception.ErrorResult, xr.SessionLossPending)


def _losing(call: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Turn what a vanished runtime answers into `RuntimeLostError`."""

    @functools.wraps(call)
    def wrapped(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return call(*args, **kwargs)
        except LOST as error:
            raise RuntimeLostError(type(error).__name__) from error

    return wrapped


class OpenXrBackend:
    """A headless OpenXR session."""

    def __init__(self) -> None:
        self._instance: Instance | None = None
        self._session: Any = None

    def open(self) -> RuntimeInfo:
        """Create instance, system, session, action set and spaces.

        Raises:
            RuntimeMissingError, ExtensionMissingError, HeadsetMissingError: As their names say.
        """
        try:
            self._instance = Instance()
            system = self._create_session(self._instance)
            self._input = Input(self._instance, self._session)
            self._create_spaces()
        except xr.exception.XrException as error:
            self.close()
            raise RuntimeMissingError(type(error).__name__) from error
        except HeadsetMissingError:
            self.close()
            raise
        return RuntimeInfo(self._instance.name, system)

    @_losing
    def poll(self) -> Sequence[RuntimeEvent]:
        """Take what the runtime has to say."""
        events: list[RuntimeEvent] = []
        while True:
            try:
                buffer = xr.poll_event(self._open_instance().handle)
            except xr.EventUnavailable:
                return events
            kind = xr.StructureType(buffer.type)
            if kind is xr.StructureType.EVENT_DATA_SESSION_STATE_CHANGED:
                changed = ctypes.cast(ctypes.byref(buffer), ctypes.POINTER(xr.EventDataSessionStateChanged))
                events.append(StateChanged(SessionState(int(changed.contents.state))))
            elif kind is xr.StructureType.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING:
                events.append(Recentred())
            elif kind is xr.StructureType.EVENT_DATA_INTERACTION_PROFILE_CHANGED:
                events.extend(self._input.controllers())
            elif kind is xr.StructureType.EVENT_DATA_INSTANCE_LOSS_PENDING:
                raise RuntimeLostError("EVENT_DATA_INSTANCE_LOSS_PENDING")

    @_losing
    def begin(self) -> None:
        """Begin the session (its state is READY)."""
        stereo = xr.ViewConfigurationType.PRIMARY_STEREO
        xr.begin_session(self._session, xr.SessionBeginInfo(primary_view_configuration_type=stereo))

    @_losing
    def end(self) -> None:
        """End the session (its state is STOPPING)."""
        xr.end_session(self._session)

    @_losing
    def read(self, number: int) -> XrFrame:
        """Read head, hands and actions as they are now, as frame `number`."""
        moment = now()
        when = self._open_instance().xr_time(moment)
        focused = self._input.sync()
        return XrFrame(
            number=number,
            time=moment,
            focused=focused,
            head=self._locate(self._view, when),
            left=self._hand("left", when, focused=focused),
            right=self._hand("right", when, focused=focused),
            actions=self._input.actions() if focused else Actions(),
        )

    @_losing
    def pulse(self, side: Side, seconds: float, amplitude: float) -> None:
        """Let a controller vibrate; nothing happens where it cannot."""
        self._input.pulse(side, seconds, amplitude)

    def close(self) -> None:
        """Destroy everything; closing twice is fine."""
        if self._instance is not None:
            self._instance.destroy()
            self._instance = None
            self._session = None

    def _open_instance(self) -> Instance:
        if self._instance is None:
            raise RuntimeLostError("closed")
        return self._instance

    def _create_session(self, instance: Instance) -> str:
        form = xr.SystemGetInfo(form_factor=xr.FormFactor.HEAD_MOUNTED_DISPLAY)
        try:
            system = xr.get_system(instance.handle, form)
        except (xr.FormFactorUnavailableError, xr.FormFactorUnsupportedError) as error:
            raise HeadsetMissingError(instance.name) from error
        self._session = xr.create_session(instance.handle, xr.SessionCreateInfo(system_id=system))
        return text(xr.get_system_properties(instance.handle, system).system_name)

    def _create_spaces(self) -> None:
        known = {space.value: space for space in spaces.ReferenceSpace}
        offered = {int(each) for each in xr.enumerate_reference_spaces(self._session)}
        kind, floor = spaces.choose([known[each] for each in offered if each in known])
        self._floor = self._reference_space(kind, floor)
        self._view = self._reference_space(spaces.ReferenceSpace.VIEW, 0.0)
        sides: tuple[Side, Side] = ("left", "right")
        self._grip = {side: self._input.space(Action.GRIP, side) for side in sides}
        self._aim = {side: self._input.space(Action.AIM, side) for side in sides}

    def _reference_space(self, kind: spaces.ReferenceSpace, height: float) -> Any:
        info = xr.ReferenceSpaceCreateInfo(
            reference_space_type=xr.ReferenceSpaceType(kind.value),
            pose_in_reference_space=xr.Posef(position=xr.Vector3f(0.0, height, 0.0)),
        )
        return xr.create_reference_space(self._session, info)

    def _locate(self, space: Any, when: int) -> Pose | None:
        location = xr.locate_space(space, self._floor, when)
        position, turn = location.pose.position, location.pose.orientation
        return spaces.pose_of(
            int(location.location_flags),
            (position.x, position.y, position.z),
            (turn.x, turn.y, turn.z, turn.w),
        )

    def _hand(self, side: Side, when: int, *, focused: bool) -> Hand:
        if not focused:
            return Hand(None, None, select=False)
        return Hand(
            self._locate(self._grip[side], when),
            self._locate(self._aim[side], when),
            self._input.select(side),
        )
