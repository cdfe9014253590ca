"""The whole API against its own description: schemathesis asks every operation, rightly and wrongly."""

import json
import time
from collections.abc import Iterator
from itertools import cycle

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import (
    CHECKS,
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from meta_gwangju.config import Settings
from municipality.access import Actor, Grant, Role
from municipality.citizens import Citizens, Grants, Sessions
from municipality.store import Store
from municipality.vault import Vault, load_master_key
from tests.support.server import PROJECT, serving
from tests.support.small_city import small_city

PORT = 8641
ORIGIN = f"http://127.0.0.1:{PORT}"
DOCUMENT = json.loads((PROJECT / "docs" / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS = {
    found.ok().label: found.ok() for found in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
}
EXAMPLES = 8
#: Each may make forty changes at once; together they are never asked to slow down.
CITIZENS = 120
CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def _as_bytes(context: schemathesis.SerializationContext, value: object) -> bytes:
    """Send what was made up in place of a model or a description as it is."""
    del context
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


for media_type in ("model/gltf-binary", "application/sdp", "application/trickle-ice-sdpfrag"):
    schemathesis.serializer(media_type)(_as_bytes)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[str]]:
    """Serve a city, and give the tokens of its operators in turn, without end."""
    folder = tmp_path_factory.mktemp("openapi")
    (folder / "var").mkdir()
    (folder / "var" / "city").symlink_to(small_city())
    chosen = Settings(data=folder / "var")
    with serving(folder / "var", folder / "log", port=PORT) as server:
        server.expected.append("refused")  # by far the most of what is asked is refused
        yield cycle(_operators(chosen))


def _operators(chosen: Settings) -> list[str]:
    now, made = time.time(), []
    with Store(chosen.database) as store:
        vault = Vault(load_master_key(chosen.keys / "master.key"))
        people, sessions, grants = Citizens(store, vault), Sessions(store), Grants(store)
        for number in range(CITIZENS):
            with store.write() as connection:
                citizen = people.join(connection, f"시민 {number}", now=now)
                grants.hand_out(connection, Actor(door="program"), citizen, Grant(Role.OPERATOR), now)
            made.append(sessions.open(citizen, "test", now)[1])
    return made


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_described(label: str, mode: GenerationMode, tokens: Iterator[str]) -> None:
    operation = OPERATIONS[label]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(base_url=ORIGIN, headers={"authorization": f"Bearer {next(tokens)}"})
        case.validate_response(answer, checks=CHECKED)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # it takes no input that could be wrong


def test_the_checks_are_those_that_the_library_has() -> None:
    assert {check.__name__ for check in CHECKED} <= set(CHECKS.get_all_names())


def test_the_description_that_is_kept_is_the_one_that_is_served(tokens: Iterator[str]) -> None:
    del tokens
    assert httpx.get(f"{ORIGIN}/openapi.json").json() == DOCUMENT


def test_the_description_is_of_version_three_one_in_both_languages() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    own = [path for path in DOCUMENT["paths"] if not path.startswith("/open311/")]
    summaries = [one["summary"] for path in own for one in DOCUMENT["paths"][path].values()]
    assert all("·" in summary for summary in summaries)
