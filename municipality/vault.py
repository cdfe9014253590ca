"""Personal data: sealed under a key per citizen, which is itself sealed under the city's master key.

Erasing a citizen destroys their key; what was sealed with it is noise from then on, in every copy.
AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces; whose it is and what for are authenticated with it.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from municipality.errors import StoreError, VaultError
from municipality.schema import citizen_keys

_KEY_BYTES = 32
_NONCE_BYTES = 12
_KEYS_OF = sa.select(citizen_keys.c.citizen, citizen_keys.c.wrapped).where(
    citizen_keys.c.citizen.in_(sa.bindparam("numbers", expanding=True))
)


def load_master_key(file: Path) -> bytes:
    """Return the city's master key, made when there is none; only its owner may read the file.

    Raises:
        StoreError: It cannot be read or made, or is no key.
    """
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = file.with_name(f".{file.name}-{os.getpid()}")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                opened.write(secrets.token_bytes(_KEY_BYTES))
                opened.flush()
                os.fsync(opened.fileno())
            # A link does not replace: of two programs that start at once, one key stands.
            try:
                os.link(fresh, file)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        key = file.read_bytes()
    except OSError as error:
        raise _no_key(file, str(error.strerror)) from error
    if len(key) != _KEY_BYTES:
        raise _no_key(file, f"{len(key)} bytes")
    return key


class Vault:
    """Seals and unseals."""

    def __init__(self, master_key: bytes) -> None:
        """Work under a master key of 32 bytes."""
        self._master = AESGCM(master_key)

    def admit(self, connection: sa.Connection, citizen: int) -> None:
        """Make the key of a new citizen."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        wrapped = nonce + self._master.encrypt(nonce, AESGCM.generate_key(256), _about(citizen, "key"))
        connection.execute(sa.insert(citizen_keys), {"citizen": citizen, "wrapped": wrapped})

    def erase(self, connection: sa.Connection, citizen: int) -> None:
        """Destroy a citizen's key: nothing that was sealed for them can be read again."""
        connection.execute(sa.delete(citizen_keys).where(citizen_keys.c.citizen == citizen))

    def seal(self, connection: sa.Connection, citizen: int, purpose: str, plaintext: bytes) -> bytes:
        """Return ``plaintext`` as it may be stored.

        Raises:
            VaultError: The citizen has been erased.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._key(connection, citizen).encrypt(nonce, plaintext, _about(citizen, purpose))

    def unseal(self, connection: sa.Connection, citizen: int, purpose: str, sealed: bytes) -> bytes:
        """Return what was sealed.

        Raises:
            VaultError: The citizen has been erased, or this was sealed for somebody or something else.
        """
        key = self._key(connection, citizen)
        try:
            return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _about(citizen, purpose))
        except InvalidTag as error:
            raise _cannot_unseal() from error

    def unseal_all(
        self, connection: sa.Connection, purpose: str, sealed: Mapping[int, bytes]
    ) -> dict[int, bytes]:
        """Return what was sealed for each of many citizens, with one query.

        Args:
            connection: To read with.
            purpose: What it was sealed for.
            sealed: By the citizens' numbers; those who were erased are left out of the answer.
        """
        found: dict[int, bytes] = {}
        for citizen, wrapped in connection.execute(_KEYS_OF, {"numbers": list(sealed)}):
            box = sealed[citizen]
            try:
                key = self._opened(citizen, wrapped)
                found[citizen] = key.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], _about(citizen, purpose))
            except (InvalidTag, VaultError):
                continue
        return found

    def new_key(self, about: str) -> bytes:
        """Return a fresh key, wrapped, for what somebody without an account leaves: to be kept beside it.

        Args:
            about: What it is for, with the number of that; needed again to use the key.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._master.encrypt(nonce, AESGCM.generate_key(256), f"key\0{about}".encode())

    def seal_under(self, wrapped: bytes, about: str, plaintext: bytes) -> bytes:
        """Return ``plaintext`` sealed under a key of :meth:`new_key`; destroyed with that key."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._unwrapped(wrapped, about).encrypt(nonce, plaintext, about.encode())

    def unseal_under(self, wrapped: bytes, about: str, sealed: bytes) -> bytes:
        """Return what was sealed under a key of :meth:`new_key`.

        Raises:
            VaultError: The key, or what was sealed, is for something else.
        """
        try:
            key = self._unwrapped(wrapped, about)
            return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about.encode())
        except InvalidTag as error:
            raise _cannot_unseal() from error

    def _unwrapped(self, wrapped: bytes, about: str) -> AESGCM:
        nonce, rest = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        return AESGCM(self._master.decrypt(nonce, rest, f"key\0{about}".encode()))

    def _key(self, connection: sa.Connection, citizen: int) -> AESGCM:
        query = sa.select(citizen_keys.c.wrapped).where(citizen_keys.c.citizen == citizen)
        wrapped = connection.execute(query).scalar_one_or_none()
        if wrapped is None:
            raise _cannot_unseal()
        return self._opened(citizen, wrapped)

    def _opened(self, citizen: int, wrapped: bytes) -> AESGCM:
        try:
            return AESGCM(
                self._master.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], _about(citizen, "key"))
            )
        except InvalidTag as error:
            raise _cannot_unseal() from error


def _about(citizen: int, purpose: str) -> bytes:
    return f"{citizen}\0{purpose}".encode()


def _cannot_unseal() -> VaultError:
    return VaultError(
        "지워졌거나 이 도시의 열쇠로 열 수 없는 개인정보예요.",
        "These personal data were erased, or belong to another master key.",
    )


def _no_key(file: Path, reason: str) -> StoreError:
    return StoreError(
        f"개인정보의 열쇠 {file}을(를) 쓸 수 없습니다({reason}). 백업에서 되돌리거나 권한을 고치세요.",
        f"The key of personal data {file} cannot be used ({reason}). Restore it from a backup, "
        "or change its permissions.",
    )
