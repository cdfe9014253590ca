import os
from pathlib import Path

import pytest

from meta_gwangju.config import PEOPLE_PER_CORE, Settings, load_settings
from meta_gwangju.errors import SettingsError


def toml(folder: Path, text: str) -> Path:
    file = folder / "city.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_anything_said_the_defaults_hold() -> None:
    assert load_settings({}, {}) == Settings()
    assert Settings().host == "127.0.0.1"
    assert Settings().port == 8000


def test_options_go_before_environment_before_file_before_defaults(tmp_path: Path) -> None:
    file = toml(tmp_path, 'port = 1001\nseed = 1\ncapacity = 11\nlog_level = "debug"\n')
    environment = {"META_GWANGJU_PORT": "1002", "META_GWANGJU_SEED": "2", "HOME": "/nowhere", "PORT": "9"}
    settings = load_settings({"port": 1003, "seed": None}, environment, file)
    assert (settings.port, settings.seed, settings.capacity, settings.log_level) == (1003, 2, 11, "debug")
    assert settings.host == "127.0.0.1"


def test_every_kind_of_setting_can_come_from_the_environment() -> None:
    settings = load_settings(
        {}, {"META_GWANGJU_DATA": "/srv/city", "META_GWANGJU_TLS": "yes", "META_GWANGJU_HOST": "10.0.0.1"}
    )
    assert (settings.data, settings.tls, settings.host) == (Path("/srv/city"), True, "10.0.0.1")
    assert load_settings({}, {"META_GWANGJU_TLS": "off"}).tls is False


def test_a_path_in_the_file_is_a_path(tmp_path: Path) -> None:
    settings = load_settings({}, {}, toml(tmp_path, 'data = "/srv/city"\ntls = true\n'))
    assert settings.database == Path("/srv/city/meta-gwangju.sqlite3")
    assert settings.city == Path("/srv/city/city/gwangju")
    assert settings.scheme == "https"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/srv/db/city.sqlite3", Path("/srv/db/city.sqlite3")),
        ("city.sqlite3", Path("city.sqlite3")),
        ("sqlite:////srv/city.sqlite3", Path("/srv/city.sqlite3")),
        ("postgresql://city@/city?host=/run/postgresql", "postgresql://city@/city?host=/run/postgresql"),
    ],
)
def test_a_database_is_a_file_or_an_address(tmp_path: Path, written: str, meant: Path | str) -> None:
    assert load_settings({"database": written}, {}).database == meant
    assert load_settings({}, {"META_GWANGJU_DATABASE": written}).database == meant
    assert load_settings({}, {}, toml(tmp_path, f'database = "{written}"\n')).database == meant


def test_secrets_are_not_shown_with_the_settings() -> None:
    settings = Settings(database="postgresql://city:s3cret@db/city", metrics_token="t0ken")  # noqa: S106 -- of a test
    assert "s3cret" not in repr(settings)
    assert "t0ken" not in repr(settings)


def test_tls_opens_to_the_network_unless_a_host_was_named() -> None:
    assert load_settings({"tls": True}, {}).host == "0.0.0.0"  # noqa: S104 -- what --tls is for
    assert load_settings({"tls": True, "host": "127.0.0.1"}, {}).host == "127.0.0.1"
    assert load_settings({"tls": True}, {"META_GWANGJU_HOST": "10.0.0.1"}).host == "10.0.0.1"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("port = ", "TOML"),
        ("prot = 8000\n", "prot"),
        ('port = "8000"\n', "whole number"),
        ("port = true\n", "whole number"),
        ("port = 70000\n", "65535"),
        ("udp_port = -1\n", "udp_port"),
        ('log_level = "loud"\n', "warning"),
        ("host = 1\n", "text"),
        ("[server]\nport = 1\n", "server"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(SettingsError, match=word) as refused:
        load_settings({}, {}, toml(tmp_path, text))
    assert refused.value.ko


@pytest.mark.parametrize(
    ("variable", "text"),
    [("META_GWANGJU_PORT", "eighty"), ("META_GWANGJU_TLS", "perhaps"), ("META_GWANGJU_CAPACITY", "-1")],
)
def test_a_wrong_variable_is_refused(variable: str, text: str) -> None:
    with pytest.raises(SettingsError):
        load_settings({}, {variable: text})


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings({}, {}, tmp_path / "none.toml")


def test_without_a_number_the_city_holds_what_the_cores_of_this_machine_carry() -> None:
    cores = os.cpu_count() or 1
    assert load_settings({}, {}).capacity == PEOPLE_PER_CORE * cores
    assert load_settings({"capacity": 7}, {}).capacity == 7
