"""Names the machine that a figure was measured on."""

import os
import platform
from pathlib import Path

_UNKNOWN = "unknown processor"


def _processor() -> str:
    """Return the processor's name as the kernel knows it."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or _UNKNOWN
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return " ".join(names[0].split()) if names else _UNKNOWN


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def machine() -> str:
    """Return processor, usable cores, memory, kernel and Python on one line."""
    cores = len(os.sched_getaffinity(0))
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return (
        f"{_processor()}, {cores} cores, {_memory_gib():.0f} GiB, no graphics card used, {system}, "
        f"Python {platform.python_version()}"
    )
