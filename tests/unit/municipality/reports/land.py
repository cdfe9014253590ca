"""A flat land of 2 km, half of it one district."""


class FlatLand:
    def world_from_lonlat(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - 126.85) * 91_000.0, (35.16 - latitude) * 111_000.0

    def lonlat_from_world(self, x: float, z: float) -> tuple[float, float]:
        return 126.85 + x / 91_000.0, 35.16 - z / 111_000.0

    def is_inside(self, x: float, z: float) -> bool:
        return abs(x) <= 1_000.0 and abs(z) <= 1_000.0

    def districts(self, x: float, z: float) -> tuple[str | None, str | None]:
        return ("24040", "2404056") if x >= 0.0 and self.is_inside(x, z) else ("24030", None)
