"""Errors of the world.

WorldError
├── UnknownPersonError   a command names somebody who is not in the city
└── WorldFullError       there is no room for another person
"""


class WorldError(Exception):
    """Base of every error that :mod:`world` raises."""


class UnknownPersonError(WorldError, KeyError):
    """A command names somebody who is not in the city."""


class WorldFullError(WorldError):
    """There is no room for another person."""
