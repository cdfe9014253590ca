"""The command line as people meet it: help that teaches, and sentences instead of tracebacks."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from meta_gwangju import __version__
from meta_gwangju.cli import app
from meta_gwangju.codecs import check_codec
from meta_gwangju.config import Settings
from meta_gwangju.errors import CodecMissingError
from meta_gwangju.listen import open_listener
from municipality.store import Store

COMMANDS = (
    "serve",
    "build-city",
    "doctor",
    "headset",
    "simulate",
    "export-ledger",
    "audit",
    "backup",
    "restore",
    "migrate",
)


@pytest.fixture(autouse=True)
def log_left_as_it_was() -> Iterator[None]:
    """Commands send the log to a standard error that ends with them."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=environment)


def refused(settings: Settings, *options: object) -> str:
    """Return what `serve` says when it cannot start."""
    result = run("serve", "--data", settings.data, "--port", 0, *options, META_GWANGJU_WEB=str(settings.web))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    korean, english = result.stderr.strip().splitlines()[-2:]
    assert korean.startswith("오류")
    assert english.startswith("Error")
    return english


def test_without_a_command_it_teaches() -> None:
    result = run()
    assert all(command in result.output for command in COMMANDS)
    assert "도시를 엽니다" in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_korean_and_english(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "·" in result.output
    assert any("가" <= sign <= "힣" for sign in result.output)


def test_it_tells_its_version() -> None:
    assert run("--version").output.strip() == f"meta-gwangju {__version__}"


def test_a_taken_port_is_a_sentence(settings: Settings) -> None:
    with open_listener("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} is taken" in refused(settings, "--port", port)


def test_a_page_that_was_never_built_is_a_sentence(settings: Settings) -> None:
    (settings.web / "index.html").unlink()
    assert "npm run build" in refused(settings)


def test_a_data_folder_that_cannot_be_written_is_a_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    assert "cannot be written" in refused(settings, "--data", tmp_path / "taken" / "var")


def test_a_damaged_database_is_a_sentence(settings: Settings) -> None:
    settings.database.write_bytes(b"no database " * 500)
    assert "cannot be opened" in refused(settings)


def test_a_newer_database_is_a_sentence(settings: Settings) -> None:
    with Store(settings.database) as store, store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert "newer version" in refused(settings)


def test_a_wrong_settings_file_is_a_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text("prot = 1")
    assert "prot" in refused(settings, "--config", tmp_path / "city.toml")


def test_a_missing_codec_is_a_sentence() -> None:
    with pytest.raises(CodecMissingError, match="Install PyAV") as missing:
        check_codec("no-such-codec")
    assert "no-such-codec" in missing.value.ko
    assert check_codec().startswith("libopus")


def test_more_talkers_than_citizens_is_a_sentence() -> None:
    result = run("simulate", "--citizens", 2, "--talkers", 3)
    assert result.exit_code == 1
    assert "Lower --talkers" in result.stderr


def test_simulating_in_a_city_that_is_not_there_is_a_sentence() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
    result = run("simulate", "-n", 1, "-t", 0, "--server", f"http://127.0.0.1:{port}")
    assert result.exit_code == 1
    assert "Cannot reach" in result.stderr


def test_the_doctor_reports_findings_that_programs_can_read(settings: Settings) -> None:
    result = run("doctor", "--json", "--data", settings.data, "--port", 0, META_GWANGJU_WEB=str(settings.web))
    findings = {finding["what"]: finding for finding in json.loads(result.stdout)}
    assert {
        "port",
        "udp",
        "codec",
        "page",
        "data",
        "disk",
        "database",
        "city",
        "tls",
        "openxr",
        "sound",
        "camera",
    } == set(findings)
    assert all(finding["ko"] and finding["en"] for finding in findings.values())
    assert {findings[what]["state"] for what in ("port", "codec", "page", "data")} == {"ok"}
    # A city of places without ground cannot be opened; the doctor says so and fails.
    assert findings["city"]["state"] == "missing"
    assert "build-city" in findings["city"]["en"]
    assert result.exit_code == 1


def test_the_doctor_says_what_to_do_about_a_missing_page(settings: Settings) -> None:
    (settings.web / "index.html").unlink()
    result = run("doctor", "--data", settings.data, "--port", 0, META_GWANGJU_WEB=str(settings.web))
    assert result.exit_code == 1
    assert "npm ci && npm run build" in result.stdout
