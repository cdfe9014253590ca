"""Frames of reference: WGS 84 geodetic, Earth-centred (ECEF), and the city's world frame.

The world frame is the true local tangent frame (ENU) at :data:`GWANGJU`, with the axes of OpenXR, WebXR,
glTF and three.js: x east, y up, z south. Its heights are ellipsoidal; it is one rigid transform away from
ECEF. It is a plane: the ground falls away from it by 28 to 41 m at the city's edge, as it should.
"""

from dataclasses import dataclass

import numpy as np

from spatial.quaternion import FloatArray

# WGS 84 (NIMA TR8350.2): semi-major axis in metres, flattening, first eccentricity squared.
SEMI_MAJOR = 6_378_137.0
FLATTENING = 1.0 / 298.257223563
ECCENTRICITY_SQUARED = FLATTENING * (2.0 - FLATTENING)

#: Geoid above ellipsoid at Gwangju, metres: ellipsoidal height = orthometric height + this (EGM96).
GEOID_UNDULATION = 24.3


def ecef_from_geodetic(longitude: FloatArray, latitude: FloatArray, height: FloatArray) -> FloatArray:
    """Convert degrees and ellipsoidal metres to ECEF metres, shape (..., 3) (closed form)."""
    lon, lat = np.radians(longitude), np.radians(latitude)
    normal = SEMI_MAJOR / np.sqrt(1.0 - ECCENTRICITY_SQUARED * np.sin(lat) ** 2)
    return np.stack(
        [
            (normal + height) * np.cos(lat) * np.cos(lon),
            (normal + height) * np.cos(lat) * np.sin(lon),
            (normal * (1.0 - ECCENTRICITY_SQUARED) + height) * np.sin(lat),
        ],
        axis=-1,
    )


def geodetic_from_ecef(points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Convert ECEF metres (..., 3) to (longitude°, latitude°, ellipsoidal height m).

    Bowring 1976 start, iterated: below a micrometre near the surface.
    """
    x, y, z = np.moveaxis(np.asarray(points, dtype=float), -1, 0)
    radius = np.hypot(x, y)
    latitude = np.arctan2(z, radius * (1.0 - ECCENTRICITY_SQUARED))
    height = np.zeros_like(latitude)
    for _ in range(6):
        normal = SEMI_MAJOR / np.sqrt(1.0 - ECCENTRICITY_SQUARED * np.sin(latitude) ** 2)
        height = radius / np.cos(latitude) - normal
        latitude = np.arctan2(z, radius * (1.0 - ECCENTRICITY_SQUARED * normal / (normal + height)))
    return np.degrees(np.arctan2(y, x)), np.degrees(latitude), height


@dataclass(frozen=True, slots=True)
class WorldFrame:
    """A city's world frame, anchored at a geodetic origin on the ellipsoid.

    Attributes:
        longitude: Degrees east.
        latitude: Degrees north.
    """

    longitude: float
    latitude: float

    def ecef_from_world(self) -> FloatArray:
        """Return the rigid (4, 4) matrix that takes world points (x east, y up, z south) to ECEF."""
        lon, lat = np.radians(self.longitude), np.radians(self.latitude)
        east = np.array([-np.sin(lon), np.cos(lon), 0.0])
        north = np.array([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
        up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        matrix = np.eye(4)
        matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = east, up, -north
        matrix[:3, 3] = ecef_from_geodetic(
            np.asarray(self.longitude), np.asarray(self.latitude), np.asarray(0.0)
        )
        return matrix

    def ecef_from_enu(self) -> FloatArray:
        """Return the (4, 4) matrix from ENU (x east, y north, z up), as a 3D Tiles root carries it."""
        matrix = self.ecef_from_world()
        return np.column_stack([matrix[:, 0], -matrix[:, 2], matrix[:, 1], matrix[:, 3]])

    def world_from_geodetic(
        self, longitude: FloatArray, latitude: FloatArray, height: FloatArray
    ) -> FloatArray:
        """Convert degrees and ellipsoidal metres to world metres, shape (..., 3)."""
        matrix = self.ecef_from_world()
        offset = ecef_from_geodetic(longitude, latitude, height) - matrix[:3, 3]
        return np.asarray(offset @ matrix[:3, :3])

    def geodetic_from_world(self, points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Convert world metres (..., 3) to (longitude°, latitude°, ellipsoidal height m)."""
        matrix = self.ecef_from_world()
        return geodetic_from_ecef(np.asarray(points) @ matrix[:3, :3].T + matrix[:3, 3])


#: The world frame of Meta Gwangju, near City Hall.
GWANGJU = WorldFrame(longitude=126.8526, latitude=35.1596)
