from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from meta_gwangju.cli import app
from municipality.errors import SignInError
from municipality.reports import ApiKeys
from municipality.store import Store


def run(data: Path, *command: str) -> Result:
    return CliRunner().invoke(app, ["api-key", *command, "--data", str(data)], terminal_width=200)


def test_a_key_is_shown_once_listed_and_ended(tmp_path: Path) -> None:
    issued = run(tmp_path, "issue", "걷기 [bold]앱")
    assert issued.exit_code == 0, issued.output
    key = issued.output.splitlines()[1].strip()
    with Store(tmp_path / "meta-gwangju.sqlite3") as store:
        citizen = ApiKeys(store).citizen_of(key)
        listed = run(tmp_path, "list").output
        assert "걷기 [bold]앱" in listed
        assert key not in listed
        assert "valid" in listed
        another = run(tmp_path, "issue", "다른 앱", "--citizen", str(citizen))
        assert another.exit_code == 0, another.output
        assert run(tmp_path, "revoke", "1").exit_code == 0
        with pytest.raises(SignInError):
            ApiKeys(store).citizen_of(key)
        assert "ended" in run(tmp_path, "list").output


def test_what_cannot_be_is_said_in_a_sentence(tmp_path: Path) -> None:
    assert "no keys" in run(tmp_path, "list").output
    for command in (("issue", "앱", "--citizen", "99"), ("issue", " "), ("revoke", "7")):
        refused = run(tmp_path, *command)
        assert refused.exit_code == 1
        assert "Traceback" not in refused.output
        assert any("가" <= sign <= "힣" for sign in refused.output)
