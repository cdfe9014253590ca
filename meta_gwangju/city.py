"""The built city on disk: make sure that it is there, build it, load its ground."""

from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from meta_gwangju.console import err
from meta_gwangju.errors import CityMissingError
from scenes.city import BuildReport, build, is_built
from scenes.collision import Ground
from scenes.errors import ScenesError

_STAGES = {
    "plan": "길과 필지를 그립니다 · Laying out streets and plots",
    "tiles": "건물을 접습니다 · Folding the buildings",
    "files": "땅과 장소를 적습니다 · Writing ground and places",
}


def make_sure_of_city(folder: Path, seed: int) -> None:
    """Build the city when it is not there, or was made from other data or by another version.

    Raises:
        CityMissingError: It cannot be built.
    """
    if not is_built(folder):
        build_city(folder, seed)


def build_city(folder: Path, seed: int) -> BuildReport:
    """Build the city into ``folder``, with a progress bar on standard error.

    Raises:
        CityMissingError: Its sources or the folder cannot be used.
    """
    err.print("도시를 짓습니다. 몇 분 걸립니다 · Building the city; this takes a few minutes")
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=err) as bars:
            tasks: dict[str, TaskID] = {}

            def show(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bars.add_task(_STAGES.get(stage, stage), total=total)
                bars.update(tasks[stage], completed=done, total=total)

            return build(folder, seed=seed, progress=show)
    except ScenesError as error:
        raise _explained(error) from error
    except OSError as error:
        raise CityMissingError(
            f"{folder}에 도시를 지을 수 없습니다({error.strerror}). 쓰기 권한과 남은 공간을 확인하세요.",
            f"The city cannot be built in {folder} ({error.strerror}). Check permissions and space left.",
        ) from error


def load_ground(folder: Path) -> Ground:
    """Return the ground of a built city.

    Raises:
        CityMissingError: The city is incomplete or damaged.
    """
    try:
        return Ground.load(folder)
    except ScenesError as error:
        raise _explained(error) from error


def _explained(error: ScenesError) -> CityMissingError:
    """Return an error of the scenery, whose message holds both languages already."""
    ko, _, en = str(error).partition(" / ")
    return CityMissingError(ko, en or ko)
