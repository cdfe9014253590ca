"""The built city on disk: make sure that it is there, build it, load its ground."""

from pathlib import Path

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from scenes.city import build

from meta_gwangju.console import err
from meta_gwangju.errors import CityMissingError
from scenes.collision import Ground
from scenes.errors import ScenesError


def make_sure_of_city(folder: Path, seed: int) -> None:
    """Build the city when it is not there.

    Raises:
        CityMissingError: It cannot be built.
    """
    if not (folder / "tileset.json").is_file():
        build_city(folder, seed)


def load_ground(folder: Path) -> Ground:
    """Return the ground of a built city.

    Raises:
        CityMissingError: The city is incomplete or damaged.
    """
    try:
        return Ground.load(folder)
    except ScenesError as error:
        raise _explained(error) from error


def build_city(folder: Path, seed: int) -> None:
    """Build the city into ``folder``, with a progress bar on standard error.

    Raises:
        CityMissingError: Its sources or the folder cannot be used.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as progress:
        task = progress.add_task("도시를 짓습니다 · Building the city", total=1.0)
        try:
            build(folder, seed=seed, progress=lambda done: progress.update(task, completed=done))
        except ScenesError as error:
            raise _explained(error) from error


def _explained(error: ScenesError) -> CityMissingError:
    """Return an error of the scenery, whose message holds both languages already."""
    ko, _, en = str(error).partition(" / ")
    return CityMissingError(ko, en or ko)
