"""A rigid pose: where something is and how it is turned."""

from dataclasses import dataclass

import numpy as np

from spatial import quaternion as q
from spatial.errors import InvalidPoseError
from spatial.quaternion import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """The transform ``a_from_b``: b's origin and axes, expressed in frame a.

    Attributes:
        position: (3,) float64, metres.
        orientation: (4,) float64, unit quaternion (x, y, z, w).
    """

    position: FloatArray
    orientation: FloatArray

    @classmethod
    def of(cls, position: object, orientation: object = q.IDENTITY) -> "Pose":
        """Build a pose from anything numpy can read, checked and normalised.

        Raises:
            InvalidPoseError: Wrong shape, a value that is not finite, or a zero quaternion.
        """
        point = np.asarray(position, dtype=float)
        rotation = np.asarray(orientation, dtype=float)
        if point.shape != (3,) or rotation.shape != (4,):
            raise InvalidPoseError("A pose needs three coordinates and four quaternion components.")
        if not np.all(np.isfinite(point)):
            raise InvalidPoseError("A position must be finite.")
        return cls(point, q.normalise(rotation))

    def __matmul__(self, other: "Pose") -> "Pose":
        """Compose ``a_from_b @ b_from_c``: the result is ``a_from_c``."""
        return Pose(self.apply(other.position), q.multiply(self.orientation, other.orientation))

    def inverse(self) -> "Pose":
        """Return ``b_from_a``."""
        back = q.conjugate(self.orientation)
        return Pose(-q.rotate(back, self.position), back)

    def apply(self, points: FloatArray) -> FloatArray:
        """Map points (..., 3) from frame b into frame a."""
        return np.asarray(q.rotate(self.orientation, points) + self.position)
