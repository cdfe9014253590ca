"""From longitude, latitude and height above the sea to the city's world frame, and back.

World x and z are metres east and south in the tangent plane at the city's origin; world y is the height above
that plane, so that the ground falls away towards the city's edge (28 to 41 m there).
"""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from scenes.sources.dem import Dem
from spatial.frames import GEOID_UNDULATION, WorldFrame
from spatial.quaternion import FloatArray

# Mean radius of curvature of WGS 84 at 35° N, metres: for the colour of hills only, never for positions.
CURVATURE_RADIUS = 6_371_000.0


def world_from_lonlat(frame: WorldFrame, dem: Dem, longitude: FloatArray, latitude: FloatArray) -> FloatArray:
    """Return the world points (n, 3) of the relief's surface at geodetic positions in degrees."""
    height = dem.sample(longitude, latitude) + GEOID_UNDULATION
    return frame.world_from_geodetic(np.asarray(longitude), np.asarray(latitude), height)


def lonlat_under(
    frame: WorldFrame, x: FloatArray, z: FloatArray, y: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return (longitude, latitude) in degrees of world points given by coordinate."""
    longitude, latitude, _ = frame.geodetic_from_world(np.stack([x, y, z], axis=-1))
    return longitude, latitude


def height_at(frame: WorldFrame, dem: Dem, x: FloatArray, z: FloatArray) -> FloatArray:
    """Return world y of the relief where the vertical line through (x, z) meets it.

    The line is vertical in the tangent plane, not along the ellipsoid's normal, so the position below it
    depends on the height found there: two rounds leave less than a millimetre.
    """
    y: FloatArray = -(x**2 + z**2) / (2.0 * CURVATURE_RADIUS) + GEOID_UNDULATION
    for _ in range(2):
        longitude, latitude = lonlat_under(frame, x, z, y)
        height = dem.sample(longitude, latitude) + GEOID_UNDULATION
        point = frame.world_from_geodetic(longitude, latitude, height)
        y = point[..., 1]
    return np.asarray(y)


def sea_height(x: FloatArray, z: FloatArray, y: FloatArray) -> FloatArray:
    """Return the approximate height above the sea of world points (spherical; within 0.3 m in the city)."""
    return np.asarray(y - GEOID_UNDULATION + (np.square(x) + np.square(z)) / (2.0 * CURVATURE_RADIUS))


def plan_shape(frame: WorldFrame, dem: Dem, shape: BaseGeometry) -> BaseGeometry:
    """Project a geometry in degrees onto the world's x and z, along the tangent plane's vertical."""

    def project(coordinates: FloatArray) -> FloatArray:
        points = world_from_lonlat(frame, dem, coordinates[:, 0], coordinates[:, 1])
        return points[:, [0, 2]]

    return shapely.make_valid(shapely.transform(shape, project))
