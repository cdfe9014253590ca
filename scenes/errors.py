"""Errors of the scenery.

ScenesError
├── SourceError            an input file of the city cannot be used
│   ├── MissingSourceError     the file is not there
│   ├── MalformedFeatureError  one GeoJSON feature is wrong
│   └── MalformedRasterError   the relief or its description is wrong
├── TilesetError           a tileset on disk cannot be read back
└── GroundError            the ground of a built city cannot be loaded

Every message is Korean first, then English, and says what is wrong, where, and what to do.
"""

from pathlib import Path


class ScenesError(Exception):
    """Base of every error that :mod:`scenes` raises."""


class SourceError(ScenesError):
    """An input file of the city cannot be used."""


class MissingSourceError(SourceError):
    """An input file of the city is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: 도시 자료 파일이 없습니다. 설치를 다시 하십시오. / "
            f"The city's input file {path} is missing; install the program again."
        )


class MalformedFeatureError(SourceError):
    """One feature of a GeoJSON file is wrong.

    Attributes:
        file: The file's name.
        feature: Index and, where it has one, name of the feature; None when the whole file is wrong.
    """

    def __init__(self, path: Path, feature: str | None, ko: str, en: str) -> None:
        self.file = path.name
        self.feature = feature
        where = path.name if feature is None else f"{path.name}, {feature}"
        super().__init__(
            f"{where}: {ko} 이 지형지물을 고치거나 원본을 다시 받으십시오. / "
            f"{where}: {en} Correct it, or fetch the original again."
        )


class MalformedRasterError(SourceError):
    """The relief raster or its description is wrong."""

    def __init__(self, path: Path, ko: str, en: str) -> None:
        self.file = path.name
        super().__init__(
            f"{path.name}: {ko} 원본을 다시 받으십시오. / {path.name}: {en} Fetch the original again."
        )


class TilesetError(ScenesError):
    """A tileset on disk cannot be read back."""

    def __init__(self, path: Path, ko: str, en: str) -> None:
        super().__init__(
            f"{path.name}: {ko} / {path.name}: {en} Build the city again: meta-gwangju build-city."
        )


class GroundError(ScenesError):
    """The ground of a built city cannot be loaded."""

    def __init__(self, path: Path, ko: str, en: str) -> None:
        super().__init__(f"{path}: {ko} / {path}: {en} Build the city again: meta-gwangju build-city.")
