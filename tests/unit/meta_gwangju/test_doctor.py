import asyncio
import dataclasses
import datetime as dt
from pathlib import Path

import sqlalchemy as sa

from meta_gwangju.certificates import ensure_certificate, wanted_names
from meta_gwangju.config import Settings
from meta_gwangju.doctor import Finding, State, examine
from meta_gwangju.listen import open_listener, open_udp
from meta_gwangju.node import CityNode
from municipality.store import Store
from tests.unit.meta_gwangju.serving import opened


def look(settings: Settings, what: str) -> Finding:
    (finding,) = examine(settings, only=[what])
    assert finding.what == what
    return finding


def test_a_port_of_another_program_is_missing(settings: Settings) -> None:
    with open_listener("127.0.0.1", 0) as taken:
        finding = look(dataclasses.replace(settings, port=taken.getsockname()[1]), "port")
    assert finding.state is State.MISSING
    assert "--port" in finding.en


def test_a_port_that_our_city_uses_is_fine(node: CityNode, settings: Settings) -> None:
    async def run() -> Finding:
        async with opened(node, settings) as address:
            port = int(address.rpartition(":")[2])
            return await asyncio.to_thread(look, dataclasses.replace(settings, port=port), "port")

    finding = asyncio.run(run())
    assert finding.state is State.OK
    assert "already" in finding.en


def test_the_udp_port_is_told_for_the_firewall_and_a_taken_one_is_missing(settings: Settings) -> None:
    with open_udp(settings, 0) as taken:
        asked = dataclasses.replace(settings, udp_port=taken.number)
        assert look(asked, "udp").state is State.MISSING
        assert "--udp-port" in look(asked, "udp").en
        finding = look(dataclasses.replace(settings, port=taken.number), "udp")
        assert finding.state is State.NOTE
        assert "--udp-port" in finding.en
    finding = look(asked, "udp")
    assert finding.state is State.OK
    assert str(asked.udp_port) in finding.en


def test_a_city_not_built_yet_is_a_note(settings: Settings) -> None:
    finding = look(dataclasses.replace(settings, data=settings.data / "elsewhere"), "city")
    assert finding.state is State.NOTE
    assert "build-city" in finding.en


def test_a_certificate_is_looked_at_for_its_end_and_its_names(settings: Settings) -> None:
    assert "--tls" in look(settings, "tls").en
    ensure_certificate(settings.certificates, wanted_names())
    assert look(settings, "tls").state is State.OK
    ensure_certificate(
        settings.certificates, wanted_names(), dt.datetime.now(dt.UTC) + dt.timedelta(days=360)
    )
    assert look(settings, "tls").state is State.OK
    ensure_certificate(settings.certificates, frozenset({"elsewhere"}))
    assert look(settings, "tls").state is State.NOTE


def test_the_database_is_looked_at_and_left_as_it_is(settings: Settings) -> None:
    assert isinstance(settings.database, Path)
    assert "first start makes it" in look(settings, "database").en
    assert not settings.database.exists()
    with Store(settings.database) as store:
        assert look(settings, "database").state is State.OK
        with store.engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '0002'"))
        finding = look(settings, "database")
        assert finding.state is State.NOTE
        assert "meta-gwangju backup" in finding.en
        with store.engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        finding = look(settings, "database")
    assert finding.state is State.MISSING
    assert "newer version" in finding.en


def test_a_database_that_does_not_answer_is_missing_and_its_password_is_not_told(settings: Settings) -> None:
    url = "postgresql://city:s3cret@127.0.0.1:9/city"
    finding = look(dataclasses.replace(settings, database=url), "database")
    assert finding.state is State.MISSING
    assert "cannot be opened" in finding.en
    assert "s3cret" not in finding.en + finding.ko
