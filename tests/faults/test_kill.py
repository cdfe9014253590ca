"""kill -9 under load, again and again: what was acknowledged is there, and the chain verifies."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from municipality.ledger import Statements, audit, export
from municipality.store import Store
from tests.support.postgres import postgres
from tests.support.server import PROJECT


def acknowledged_until_killed(database: str, name: str, least: int) -> dict[int, str]:
    """Let people pay until so many payments were acknowledged, kill them, and return those."""
    command = [sys.executable, "-m", "tests.support.spender", database, name]
    seen: dict[int, str] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.endswith("\n"):  # the kill may cut the last one
                seq, digest = line.split()
                seen[int(seq)] = digest
            if len(seen) == least:
                process.kill()
    assert len(seen) >= least
    return seen


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("kind", "rounds"), [("sqlite", 20), ("postgresql", 5)])
def test_what_was_acknowledged_survives_kill_9(kind: str, rounds: int, tmp_path: Path) -> None:
    with postgres(durable=True) as server:
        database = str(tmp_path / "city.sqlite3") if kind == "sqlite" else server.database()
        chance, acknowledged = random.Random(518), {}
        for number in range(rounds):
            acknowledged |= acknowledged_until_killed(database, f"round {number}", chance.randint(50, 1500))
            if kind == "postgresql":
                server.stop("immediate")  # as a crash: it recovers from its log
                server.start()
            with (
                Store(Path(database) if kind == "sqlite" else database) as store,
                (tmp_path / "export").open("w") as file,
            ):
                export(Statements(store), file)
            found = audit(tmp_path / "export", acknowledged)
            assert found.passed, (number, found.faults)
            assert found.entries >= len(acknowledged)
