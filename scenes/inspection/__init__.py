"""Inspection of a model that somebody uploads, before anybody else's machine is asked to draw it.

:func:`inspect` takes the bytes of a binary glTF (glb) and returns a :class:`Report`: what is wrong with it,
what was left out, its figures, and the bytes that may be kept. Nothing is allocated by what a file claims:
every count is held against the bytes that are really there first. It does no input or output; run it where it
may be killed (:mod:`scenes.inspection.__main__`).
"""

from scenes.inspection.inspection import inspect
from scenes.inspection.report import Figures, Finding, Report

__all__ = ["Figures", "Finding", "Report", "inspect"]
