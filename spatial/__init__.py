"""Geometry that every room shares: poses, quaternions, frames of reference.

Arrays are numpy float64 unless a docstring says otherwise; quaternions are ``(x, y, z, w)``;
the world frame is x east, y up, z south, metres (see :mod:`spatial.frames`).
"""

from spatial.errors import InvalidPoseError, SpatialError
from spatial.pose import Pose

__all__ = ["InvalidPoseError", "Pose", "SpatialError"]
