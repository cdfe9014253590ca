import datetime as dt
import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest

from meta_gwangju.certificates import ensure_certificate, lan_addresses, read_certificate, wanted_names
from meta_gwangju.errors import CertificateError

NAMES = frozenset({"localhost", "127.0.0.1", "::1", "10.1.2.3"})


def test_a_certificate_is_made_once_and_kept(tmp_path: Path) -> None:
    made = ensure_certificate(tmp_path / "tls", NAMES)
    assert made.names == NAMES
    assert ensure_certificate(tmp_path / "tls", NAMES) == made
    assert ensure_certificate(tmp_path / "tls", NAMES - {"10.1.2.3"}) == made


def test_the_key_is_its_owners_alone(tmp_path: Path) -> None:
    made = ensure_certificate(tmp_path / "tls", NAMES)
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.key.parent.stat().st_mode) == 0o700


def test_it_is_renewed_before_it_ends_and_for_a_new_address(tmp_path: Path) -> None:
    made = ensure_certificate(tmp_path, NAMES)
    assert ensure_certificate(tmp_path, NAMES, made.expires - dt.timedelta(days=15)) == made
    renewed = ensure_certificate(tmp_path, NAMES, made.expires - dt.timedelta(days=13))
    assert renewed.expires > made.expires
    assert ensure_certificate(tmp_path, NAMES | {"10.9.9.9"}).fingerprint != renewed.fingerprint


@pytest.mark.parametrize("damaged", ["certificate.pem", "key.pem"])
def test_a_damaged_one_is_replaced(tmp_path: Path, damaged: str) -> None:
    made = ensure_certificate(tmp_path, NAMES)
    (tmp_path / damaged).write_bytes(b"damaged")
    assert read_certificate(tmp_path) is None
    assert ensure_certificate(tmp_path, NAMES).fingerprint != made.fingerprint


def test_a_key_of_another_certificate_is_not_taken(tmp_path: Path) -> None:
    one, other = ensure_certificate(tmp_path / "a", NAMES), ensure_certificate(tmp_path / "b", NAMES)
    one.key.write_bytes(other.key.read_bytes())
    assert read_certificate(tmp_path / "a") is None


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(CertificateError, match="--data") as refused:
        ensure_certificate(tmp_path / "taken" / "tls", NAMES)
    assert "taken" in refused.value.ko


def test_a_client_that_trusts_it_connects_by_name_and_by_address(tmp_path: Path) -> None:
    made = ensure_certificate(tmp_path, NAMES)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.certificate, made.key)
    client = ssl.create_default_context(cafile=str(made.certificate))
    for name in ("localhost", "10.1.2.3"):
        near, far = socket.socketpair()
        answering = threading.Thread(target=lambda end=far: server.wrap_socket(end, server_side=True).close())
        answering.start()
        with client.wrap_socket(near, server_hostname=name) as wrapped:
            assert wrapped.version() == "TLSv1.3"
        answering.join()


def test_the_names_wanted_are_this_machines() -> None:
    assert {"localhost", "127.0.0.1", *lan_addresses()} <= wanted_names()
    assert not any(address.startswith("127.") for address in lan_addresses())
