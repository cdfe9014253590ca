"""A certificate of one's own for --tls: browsers give microphone and WebXR to https pages only."""

import datetime as dt
import ipaddress
import os
import socket
from dataclasses import dataclass
from pathlib import Path

import ifaddr
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from meta_gwangju.errors import CertificateError

#: Apple's devices refuse certificates that are valid for longer than 825 days; a year is enough here.
_VALID = dt.timedelta(days=365)
#: A new one is made when less than this is left.
_RENEW = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key on disk.

    Attributes:
        certificate: PEM file.
        key: PEM file, readable by its owner alone.
        expires: When it ends, in UTC.
        names: Host names and addresses that it is for.
        fingerprint: SHA-256, as browsers show it.
    """

    certificate: Path
    key: Path
    expires: dt.datetime
    names: frozenset[str]
    fingerprint: str


def lan_addresses() -> list[str]:
    """Return this machine's IPv4 addresses that others on its networks can reach."""
    found = (ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str))
    parsed = {ipaddress.ip_address(address) for address in found}
    return sorted(str(ip) for ip in parsed if not (ip.is_loopback or ip.is_link_local))


def wanted_names() -> frozenset[str]:
    """Return every name under which this machine may be asked for."""
    host = socket.gethostname().lower()
    names = {"localhost", "127.0.0.1", "::1", *lan_addresses()}
    return frozenset(names | ({host, f"{host.split('.')[0]}.local"} if host else set()))


def ensure_certificate(folder: Path, names: frozenset[str], now: dt.datetime | None = None) -> Certificate:
    """Return the certificate kept in ``folder``; make one when there is none, it ends soon, or a name is new.

    Raises:
        CertificateError: The folder cannot be written.
    """
    moment = now or dt.datetime.now(dt.UTC)
    kept = read_certificate(folder)
    if kept and kept.expires - moment > _RENEW and names <= kept.names:
        return kept
    try:
        _make(folder, names, moment)
    except OSError as error:
        raise CertificateError(
            f"인증서를 {folder}에 만들 수 없습니다({error.strerror}). "
            "쓰기 권한을 확인하거나 --data로 다른 폴더를 지정하세요.",
            f"The certificate cannot be made in {folder} ({error.strerror}). Check that it can be written, "
            "or name another folder with --data.",
        ) from error
    made = read_certificate(folder)
    if made is None:
        raise CertificateError(
            f"{folder}에 방금 만든 인증서를 읽을 수 없습니다. 그 폴더를 지우고 다시 시작하세요.",
            f"The certificate just made in {folder} cannot be read. Remove that folder and start again.",
        )
    return made


def read_certificate(folder: Path) -> Certificate | None:
    """Return the certificate kept in ``folder``; None when there is none or it is damaged."""
    pem, key = folder / "certificate.pem", folder / "key.pem"
    try:
        parsed = x509.load_pem_x509_certificate(pem.read_bytes())
        secret = serialization.load_pem_private_key(key.read_bytes(), password=None)
        names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return None
    if secret.public_key() != parsed.public_key():
        return None
    addresses = (str(address) for address in names.get_values_for_type(x509.IPAddress))
    return Certificate(
        pem,
        key,
        parsed.not_valid_after_utc,
        frozenset([*names.get_values_for_type(x509.DNSName), *addresses]),
        parsed.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


def _make(folder: Path, names: frozenset[str], moment: dt.datetime) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Meta Gwangju (local)")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks of phones may be a little behind.
        .not_valid_before(moment - dt.timedelta(hours=1))
        .not_valid_after(moment + _VALID)
        .add_extension(
            x509.SubjectAlternativeName([_general_name(name) for name in sorted(names)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_pem = secret.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(folder / "key.pem", key_pem, 0o600)
    _write(folder / "certificate.pem", certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file whole or not at all, never readable by more than ``mode`` says."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    fresh.replace(path)
