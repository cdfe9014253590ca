"""Errors of the geometry layer.

SpatialError
└── InvalidPoseError   a position or orientation is not finite, or a quaternion has no direction
"""


class SpatialError(Exception):
    """Base of every error that :mod:`spatial` raises."""


class InvalidPoseError(SpatialError, ValueError):
    """A position or orientation is not finite, or a quaternion has no direction."""
