"""Runs the headset loop on the machine's OpenXR runtime and answers questions about it.

A line on stdin is a question, the answer is one JSON line on stdout: `frame` gives the newest frame and where
the loop stands, `pulse` lets both hands vibrate. End of input ends the session.
"""

import json
import sys

from spatial.pose import Pose
from xr_runtime import HeadsetLoop, XrError, XrFrame, openxr_backend
from xr_runtime.frame import Hand


def pose_json(pose: Pose | None) -> object:
    return None if pose is None else [*pose.position.tolist(), *pose.orientation.tolist()]


def hand_json(hand: Hand) -> object:
    return {"grip": pose_json(hand.grip), "aim": pose_json(hand.aim), "select": hand.select}


def frame_json(frame: XrFrame) -> dict[str, object]:
    actions = frame.actions
    return {
        "number": frame.number,
        "time": frame.time,
        "focused": frame.focused,
        "head": pose_json(frame.head),
        "left": hand_json(frame.left),
        "right": hand_json(frame.right),
        "move": actions.move,
        "turn": actions.turn,
        "run": actions.run,
        "teleport": actions.teleport,
        "menu": actions.menu,
        "wave": actions.wave,
    }


def answer(question: str, loop: HeadsetLoop) -> object:
    if question == "frame":
        frames = loop.drain()
        return {
            "state": loop.state.value,
            "rebuilds": loop.rebuilds,
            "controllers": loop.controllers,
            "count": len(frames),
            "silent": loop.silent_for(),
            "frame": frame_json(frames[-1]) if frames else None,
        }
    loop.pulse("left")
    loop.pulse("right")
    return {}


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> int:
    try:
        loop = HeadsetLoop(openxr_backend())
        info = loop.start()
    except XrError as error:
        say({"error": type(error).__name__, "ko": error.ko, "en": error.en})
        return 1
    say({"runtime": info.runtime, "system": info.system})
    try:
        for line in sys.stdin:
            say(answer(line.strip(), loop))
    finally:
        loop.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
