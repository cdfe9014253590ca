"""Errors of the world.

WorldError
├── UnknownPersonError   a command names somebody who is not in the city
├── WorldFullError       there is no room for another person
└── UnevenMovesError     the arrays of a batch of moves do not belong together
"""


class WorldError(Exception):
    """Base of every error that :mod:`world` raises."""


class UnknownPersonError(WorldError, KeyError):
    """A command names somebody who is not in the city."""


class WorldFullError(WorldError):
    """There is no room for another person."""


class UnevenMovesError(WorldError, ValueError):
    """The arrays of a batch of moves do not belong together."""
