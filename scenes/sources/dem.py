"""The relief raster: a 16-bit PNG of decimetres with a JSON description beside it."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError
from scipy import ndimage

from scenes.errors import MalformedRasterError, MissingSourceError
from spatial.quaternion import FloatArray

MAX_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Dem:
    """Orthometric heights on a longitude-latitude grid, pixel-is-area.

    Attributes:
        heights: (rows, columns) float64 metres, row 0 is the north edge.
        west, north: Degrees, outer corner of the first pixel.
        step_longitude, step_latitude: Degrees a pixel.
    """

    heights: FloatArray
    west: float
    north: float
    step_longitude: float
    step_latitude: float

    def sample(self, longitude: FloatArray, latitude: FloatArray) -> FloatArray:
        """Return heights by cubic B-spline; outside the raster the nearest pixel's height holds."""
        column = (np.asarray(longitude) - self.west) / self.step_longitude - 0.5
        row = (self.north - np.asarray(latitude)) / self.step_latitude - 0.5
        return np.asarray(
            ndimage.map_coordinates(self.heights, [row, column], order=3, mode="nearest"), dtype=float
        )


def read_dem(description: Path, image: Path) -> Dem:
    """Read the raster.

    Raises:
        MissingSourceError: One of the two files is not there.
        MalformedRasterError: A number is missing or out of range, or image and description differ.
    """
    for path in (description, image):
        if not path.is_file():
            raise MissingSourceError(path)
    west, north, step_x, step_y, width, height = _description(description)
    try:
        with Image.open(image) as opened:
            if opened.size != (width, height):
                raise MalformedRasterError(
                    image,
                    f"크기가 {opened.size}인데 설명은 {width}×{height}입니다.",
                    f"It measures {opened.size}, its description says {width}×{height}.",
                )
            if opened.mode not in ("I;16", "I"):
                raise MalformedRasterError(
                    image, "16비트 회색조 PNG가 아닙니다.", f"Mode {opened.mode} is not 16-bit gray."
                )
            decimetres = np.asarray(opened, dtype=float)
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise MalformedRasterError(
            image, "PNG를 읽을 수 없습니다.", f"Not a readable PNG: {error}."
        ) from error
    # The source is an 8-bit render in steps of 7.9 m, smoothed; a light pass removes the last terraces.
    return Dem(ndimage.gaussian_filter(decimetres / 10.0, 0.6, mode="nearest"), west, north, step_x, step_y)


def _description(path: Path) -> tuple[float, float, float, float, int, int]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise MalformedRasterError(path, "JSON이 아닙니다.", f"Not JSON: {error}.") from error
    values: list[float] = []
    for key in ("west", "north", "dlon", "dlat", "width", "height"):
        value = raw.get(key) if isinstance(raw, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            raise MalformedRasterError(path, f"'{key}' 값이 없습니다.", f"'{key}' is no finite number.")
        values.append(float(value))
    west, north, step_x, step_y, width, height = values
    sized = min(width, height) >= 2 and width * height <= MAX_PIXELS
    if not sized or not (
        0.0 < step_x < 1.0 and 0.0 < step_y < 1.0 and abs(west) <= 180.0 and abs(north) <= 90.0
    ):
        raise MalformedRasterError(
            path, "범위를 벗어난 값이 있습니다.", "Size, steps or corner are out of range."
        )
    return west, north, step_x, step_y, int(width), int(height)
