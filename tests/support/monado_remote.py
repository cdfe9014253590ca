"""The scripted headset: Monado's `remote` driver takes head, hands, buttons and sticks over TCP.

The layout is `struct r_remote_data` of Monado 25 (src/xrt/drivers/remote/r_interface.h). On connecting, the
driver sends its reset state, then its present state; after that, every record that it receives is the new
truth.
"""

import ctypes
import socket
from collections.abc import Sequence
from typing import Literal

Side = Literal["left", "right"]
#: Where the driver puts the head before anybody moves it, metres.
RESET_HEIGHT = 1.6


class _Quaternion(ctypes.Structure):
    _fields_ = [(name, ctypes.c_float) for name in ("x", "y", "z", "w")]


class _Vector3(ctypes.Structure):
    _fields_ = [(name, ctypes.c_float) for name in ("x", "y", "z")]


class _Vector2(ctypes.Structure):
    _fields_ = [(name, ctypes.c_float) for name in ("x", "y")]


class _Pose(ctypes.Structure):
    _fields_ = [("orientation", _Quaternion), ("position", _Vector3)]


class _View(ctypes.Structure):
    _fields_ = [("angles", ctypes.c_float * 4), ("pose", _Pose), ("padding", ctypes.c_uint32)]


class _Head(ctypes.Structure):
    _fields_ = [
        ("views", _View * 2),
        ("centre", _Pose),
        ("per_view_data_valid", ctypes.c_bool),
        ("padding", ctypes.c_bool * 3),
    ]


BUTTONS = (
    "system_click",
    "system_touch",
    "a_click",
    "a_touch",
    "b_click",
    "b_touch",
    "trigger_click",
    "trigger_touch",
    "thumbstick_click",
    "thumbstick_touch",
    "trackpad_touch",
)


class _Controller(ctypes.Structure):
    _fields_ = [
        ("pose", _Pose),
        ("linear_velocity", _Vector3),
        ("angular_velocity", _Vector3),
        ("hand_curl", ctypes.c_float * 5),
        ("trigger_value", ctypes.c_float),
        ("squeeze_value", ctypes.c_float),
        ("squeeze_force", ctypes.c_float),
        ("thumbstick", _Vector2),
        ("trackpad_force", ctypes.c_float),
        ("trackpad", _Vector2),
        ("hand_tracking_active", ctypes.c_bool),
        ("active", ctypes.c_bool),
        *[(button, ctypes.c_bool) for button in BUTTONS],
        ("padding", ctypes.c_bool * 3),
    ]


class _Record(ctypes.Structure):
    _fields_ = [
        ("header", ctypes.c_char * 8),
        ("head", _Head),
        ("left", _Controller),
        ("right", _Controller),
    ]


def _place(pose: _Pose, position: Sequence[float], orientation: Sequence[float]) -> None:
    pose.position = _Vector3(*position)
    pose.orientation = _Quaternion(*orientation)


class RemoteHeadset:
    """Head, two controllers and their buttons, as a script sets them. Every call takes effect at once.

    Positions are metres in the STAGE space, orientations quaternions (x, y, z, w).
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        connection.settimeout(5.0)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reset = self._read().head.centre
        if abs(reset.position.y - RESET_HEIGHT) > 1e-3 or reset.orientation.w != 1.0:
            raise ConnectionError("another record layout than Monado 25's: the reset state makes no sense")
        self._record = self._read()

    def move_head(self, position: Sequence[float], orientation: Sequence[float] = (0, 0, 0, 1)) -> None:
        """Put the head here."""
        _place(self._record.head.centre, position, orientation)
        self._send()

    def move_hand(
        self, side: Side, position: Sequence[float], orientation: Sequence[float] = (0, 0, 0, 1)
    ) -> None:
        """Put a controller here, and switch it on."""
        controller = self._controller(side)
        _place(controller.pose, position, orientation)
        controller.active = True
        self._send()

    def lose_hand(self, side: Side) -> None:
        """Switch a controller off."""
        self._controller(side).active = False
        self._send()

    def press(self, side: Side, button: str) -> None:
        """Hold a button of :data:`BUTTONS` down."""
        self._set_button(side, button, down=True)

    def release(self, side: Side, button: str) -> None:
        """Let a button go."""
        self._set_button(side, button, down=False)

    def pull_trigger(self, side: Side, value: float) -> None:
        """Pull the trigger, 0 to 1."""
        controller = self._controller(side)
        controller.trigger_value = value
        controller.trigger_click = value > 0.9
        self._send()

    def tilt_stick(self, side: Side, x: float, y: float) -> None:
        """Tilt the thumbstick: x to the right, y forward, −1 to 1."""
        self._controller(side).thumbstick = _Vector2(x, y)
        self._send()

    def close(self) -> None:
        """Disconnect; the driver keeps the last state."""
        self._connection.close()

    def _set_button(self, side: Side, button: str, *, down: bool) -> None:
        if button not in BUTTONS:
            raise ValueError(f"{button} is no button; there are {', '.join(BUTTONS)}")
        setattr(self._controller(side), button, down)
        self._send()

    def _controller(self, side: Side) -> _Controller:
        controller: _Controller = getattr(self._record, side)
        return controller

    def _send(self) -> None:
        self._connection.sendall(bytes(self._record))

    def _read(self) -> _Record:
        size = ctypes.sizeof(_Record)
        data = b""
        while len(data) < size:
            chunk = self._connection.recv(size - len(data))
            if not chunk:
                raise ConnectionError("the remote driver closed the connection")
            data += chunk
        return _Record.from_buffer_copy(data)
