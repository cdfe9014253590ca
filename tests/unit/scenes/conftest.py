"""One small corner of the city, built once for all tests here, and the plan of the whole."""

import numpy as np
import pytest

from scenes.city import build
from scenes.layout import Layout, layout_of
from scenes.sources import Sources, load_sources
from scenes.synthetic import Fabric, merge, quotas_of, weave
from scenes.synthetic.building import floor_area
from scenes.synthetic.fabric import foot_of
from scenes.synthetic.frontage import frontage_of
from spatial.frames import GWANGJU
from tests.unit.scenes.corner_city import CORNER, SEED, Built


@pytest.fixture(scope="session")
def sources() -> Sources:
    return load_sources()


@pytest.fixture(scope="session")
def layout(sources: Sources) -> Layout:
    return layout_of(GWANGJU, sources)


@pytest.fixture(scope="session")
def fabric(layout: Layout, sources: Sources) -> Fabric:
    """The whole city's blocks and buildings."""
    front = frontage_of(layout, SEED)
    front["foot"] = foot_of(layout, front)
    quotas = quotas_of(layout, sources.statistics, len(front), float(floor_area(front).sum()))
    parts = [weave(layout, code, quotas[code], SEED) for code in layout.dong]
    return merge([*parts, Fabric(np.zeros(0, object), np.zeros(0, bool), front)])


@pytest.fixture(scope="session")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Built:
    stages: list[tuple[str, int, int]] = []
    folder = tmp_path_factory.mktemp("city") / "gwangju"
    report = build(folder, seed=SEED, progress=lambda *step: stages.append(step), workers=1, limit=CORNER)
    return Built(folder, report, stages)
