"""`soak.py [--minutes M] [--citizens N] [--talkers T]`: a city with simulated company, for a while.

Prints a line every ten seconds and ends with 1 when somebody was lost or had to come back, when the log holds
a warning or an error, or when the server's memory went on growing after the first fifth of the time.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.ports import free_port  # noqa: E402 -- the checkout itself
from tests.support.server import PROGRAM, Server, serving  # noqa: E402 -- the checkout itself
from tests.support.small_city import small_city  # noqa: E402 -- the checkout itself

#: Memory may grow by this much after warming up, MB: allocator slack, no more.
FLAT_MEGABYTES = 20.0
_LINE_SECONDS = 10.0
_REPORT = re.compile(r"simulated (\d+)/(\d+) .* reconnects (\d+)")


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one moment."""

    seconds: float
    connected: int
    reconnects: int
    megabytes: float


def main() -> int:
    """Soak, and say how it went."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--citizens", type=int, default=10)
    parser.add_argument("--talkers", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "var"
        data.mkdir()
        (data / "city").symlink_to(small_city())
        with serving(data, Path(folder) / "server.log", port=free_port()) as server:
            looks = soak(server, asked.minutes * 60.0, asked.citizens, asked.talkers)
    faults = judge(looks, asked.citizens)
    for fault in faults:
        print(f"soak: {fault}")
    print(f"soak: {'failed' if faults else 'held'} for {asked.minutes:g} min with {asked.citizens} citizens")
    return 1 if faults else 0


def soak(server: Server, seconds: float, citizens: int, talkers: int) -> list[Look]:
    """Let simulated citizens live in the city, and look at both every ten seconds."""
    command = [*PROGRAM, "simulate", "--server", server.origin, "-n", str(citizens), "-t", str(talkers)]
    looks: list[Look] = []
    start = time.monotonic()
    with subprocess.Popen(
        [*command, "--seconds", str(seconds)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as company:
        for line in company.stdout or ():
            passed, found = time.monotonic() - start, _REPORT.search(line)
            if found is None or passed < _LINE_SECONDS * (len(looks) + 1):
                continue
            looks.append(Look(passed, int(found[1]), int(found[3]), server.resident_megabytes()))
            print(f"{passed:6.0f} s  {looks[-1].megabytes:6.1f} MB  {line.strip()}", flush=True)
    if company.returncode:
        raise SystemExit(f"soak: the simulation ended with {company.returncode}")
    return looks


def judge(looks: list[Look], citizens: int) -> list[str]:
    """Return what went wrong."""
    if not looks:
        return ["ended before the first look"]
    faults = []
    settled = looks[len(looks) // 5 :]
    if any(look.connected < citizens for look in settled):
        faults.append(f"somebody was lost: {min(look.connected for look in settled)} of {citizens}")
    if looks[-1].reconnects:
        faults.append(f"connections had to be made again {looks[-1].reconnects} times")
    growth = settled[-1].megabytes - settled[0].megabytes
    if growth > FLAT_MEGABYTES:
        faults.append(f"memory grew by {growth:.1f} MB after warming up")
    return faults


if __name__ == "__main__":
    sys.exit(main())
