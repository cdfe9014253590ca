"""What OpenXR offers on this machine, for `meta-gwangju doctor`.

Loading OpenXR drags libGL into a process and a frozen runtime answers after seconds, so the looking is done
in a process of its own: ``python -m xr_runtime.probe`` prints one JSON line, :func:`probe` reads it.
"""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass

from xr_runtime.backend import openxr_backend
from xr_runtime.errors import RuntimeMissingError, XrError

#: Seconds a runtime may take to answer.
PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    Attributes:
        runtime: Name and version of the OpenXR runtime, empty when none answers.
        system: Name of the connected headset, empty when there is none.
        ko, en: What is wrong and what to do; empty when a headless session could be opened.
    """

    runtime: str
    system: str
    ko: str
    en: str

    @property
    def ready(self) -> bool:
        """Whether `meta-gwangju headset` would find what it needs."""
        return not self.en


def probe(python: tuple[str, ...] = (sys.executable,)) -> Findings:
    """Open a headless session in a process of its own, close it, and say what was found.

    Args:
        python: Command that runs the project's Python.
    """
    try:
        # The command is this very interpreter and module.
        done = subprocess.run(  # noqa: S603
            [*python, "-m", "xr_runtime.probe"],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        # Runtimes and layers print what they like; the findings are the last line.
        return Findings(**json.loads(done.stdout.splitlines()[-1]))
    except subprocess.TimeoutExpired:
        error = RuntimeMissingError(f"{PATIENCE:.0f} s")
    except (IndexError, ValueError, TypeError):
        error = RuntimeMissingError(f"exit {done.returncode}")
    return Findings("", "", error.ko, error.en)


def main() -> None:
    """Look, and print the findings as JSON."""
    try:
        backend = openxr_backend()
        info = backend.open()
    except XrError as error:
        findings = Findings("", "", error.ko, error.en)
    else:
        backend.close()
        findings = Findings(info.runtime, info.system, "", "")
    print(json.dumps(asdict(findings), ensure_ascii=False))  # noqa: T201 - this is the answer


if __name__ == "__main__":
    main()
