"""`meta-gwangju headset`: walk the city in an OpenXR headset. No picture yet: pose, hands and sound."""

import asyncio
import json
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import uvloop

from devices.errors import DeviceError
from devices.sound import Microphone, Speaker
from meta_gwangju.console import err, explain
from meta_gwangju.errors import StartError
from meta_gwangju.wearer import PACE, Wearer
from spatial.quaternion import FloatArray
from streaming.client import Citizen, ConnectionLostError, Identity, RefusedError, Sound
from streaming.messages import Language
from xr_runtime import HeadsetLoop, RuntimeInfo, XrError, XrFrame, openxr_backend

#: Exit codes: ended as asked, no headset to wear, no city to enter.
ENDED, NO_HEADSET, NO_CITY = 0, 3, 4

#: Seconds to wait for the headset's first frame before coming in without one.
_FIRST_FRAME = 3.0

_Either = TypeVar("_Either", Microphone, Speaker)


@dataclass(frozen=True, slots=True)
class HeadsetOptions:
    """What the command was asked for.

    Attributes:
        server: Address of the city, as for a browser.
        name: 1 to 24 characters.
        colour: Coat colour, 0 to 9.
        spot: Landmark to arrive at; None for the city's square.
        language: Of what the city says to the person.
        inspect: Whether to print one JSON line of everything seen and heard, again and again.
        inspect_interval: Seconds between two such lines.
        seconds: Leave after so long; None stays until Ctrl+C.
        insecure: Whether a certificate that nobody vouches for will do.
        muted: Whether the microphone begins muted.
    """

    server: str = "http://127.0.0.1:8000"
    name: str = "헤드셋"
    colour: int = 0
    spot: str | None = None
    language: Language = "ko"
    inspect: bool = False
    inspect_interval: float = 1.0
    seconds: float | None = None
    insecure: bool = False
    muted: bool = False


def run_headset(options: HeadsetOptions) -> int:
    """Wear the headset until asked to stop; returns one of `ENDED`, `NO_HEADSET` and `NO_CITY`."""
    try:
        loop = HeadsetLoop(openxr_backend())
        info = loop.start()
    except XrError as error:
        explain(StartError(error.ko, error.en))
        return NO_HEADSET
    sound = HeadsetSound()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_visit(options, loop, info, sound))
    except RefusedError as error:
        explain(
            StartError(
                f"도시가 들여보내지 않았습니다: {error}",
                "The city did not let you in, for the reason above.",
            )
        )
    except (ConnectionLostError, ValueError) as error:
        explain(
            StartError(
                f"{options.server}에 연결할 수 없습니다. 주소가 맞는지, 'meta-gwangju serve'가 실행 중인지 "
                "확인하세요. 직접 만든 인증서라면 --insecure를 쓰세요.",
                f"There is no city at {options.server} ({error}). Check the address and that "
                "'meta-gwangju serve' runs there; with a self-made certificate use --insecure.",
            )
        )
    finally:
        sound.close()
        loop.stop()
    return NO_CITY


async def _visit(options: HeadsetOptions, loop: HeadsetLoop, info: RuntimeInfo, sound: "HeadsetSound") -> int:
    """Come in, stay until asked to leave, leave.

    Raises:
        RefusedError, ConnectionLostError, ValueError: The city could not be entered, or threw the person out.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    say(f"헤드셋 {info.system}", f"headset {info.system}, {info.runtime}")
    identity = Identity(options.name, options.colour, "headset", options.language, options.spot)
    first = await _first_frame(loop)
    verify = not options.insecure
    async with Citizen(options.server, identity, sound=sound.wiring(), verify_tls=verify) as citizen:
        wearer = Wearer(citizen, loop, first, say, live=sound.microphone is not None and not options.muted)
        say("들어왔습니다. Ctrl+C로 나갑니다.", f"in {options.server}; Ctrl+C leaves.")
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(wearer.follow_events()),
                group.create_task(stop.wait()),
                group.create_task(wearer.follow_frames()),
            ]
            if options.inspect:
                tasks.append(group.create_task(_print_lines(wearer, options.inspect_interval)))
            # Whoever is done first ends the visit: the city, the person at the terminal or in the headset, or
            # the reader of the lines.
            await asyncio.wait(tasks, timeout=options.seconds, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        if citizen.state == "refused":
            raise RefusedError(0, "", wearer.inspect()["connection"]["detail"])
    return ENDED


async def _first_frame(loop: HeadsetLoop) -> XrFrame | None:
    """Wait a moment for the headset to say where it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_FIRST_FRAME):
            while True:
                if frames := loop.drain():
                    return frames[-1]
                await asyncio.sleep(PACE)
    return None


async def _print_lines(wearer: Wearer, interval: float) -> None:
    """Print what can be seen from outside, one JSON line each time, until the reader is gone."""
    with suppress(BrokenPipeError):
        while True:
            print(json.dumps(wearer.inspect(), ensure_ascii=False), flush=True)  # noqa: T201 - the answer
            await asyncio.sleep(interval)


def say(ko: str, en: str) -> None:
    """Tell the person at the terminal; standard output belongs to `--inspect`."""
    err.print(f"{ko} · {en}", soft_wrap=True, markup=False)


class HeadsetSound:
    """The machine's microphone and speaker, each where there is one; without, the visit goes on in silence.

    Attributes:
        microphone: None when there is none.
        speaker: None when there is none.
    """

    def __init__(self) -> None:
        self.microphone = _opened(Microphone())
        self.speaker = _opened(Speaker())

    def wiring(self) -> Sound:
        """Return what the citizen hears with and speaks with."""
        return Sound(self._hear if self.microphone else None, self._play if self.speaker else None)

    def close(self) -> None:
        """Let both go."""
        if self.microphone:
            self.microphone.close()
        if self.speaker:
            self.speaker.close()

    def _hear(self) -> FloatArray | None:
        """Return the next 20 ms, (960,) float32 in −1…1, or None when there are none yet."""
        sample = self.microphone.read() if self.microphone else None
        return None if sample is None else np.asarray(sample.value / 32768.0, np.float32)

    def _play(self, samples: FloatArray) -> None:
        """Play (2, n) float32 in −1…1."""
        if self.speaker:
            self.speaker.play((np.clip(samples.T, -1.0, 1.0) * 32767.0).astype(np.int16))


def _opened(device: _Either) -> _Either | None:
    try:
        device.open()
    except DeviceError as error:
        say(error.ko, error.en)
        return None
    return device
