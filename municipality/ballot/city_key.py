"""The key by which the city signs what it says of a vote: Ed25519 (RFC 8032)."""

import hashlib
import hmac
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from municipality.ballot.ballot import SALT_BYTES
from municipality.errors import StoreError
from municipality.vault import load_master_key

_SALTS = b"meta-gwangju ballot salts 1"


class CityKey:
    """Signs, and salts ballots.

    Attributes:
        public: (32,) bytes.
    """

    def __init__(self, seed: bytes) -> None:
        """Take the private key, (32,) random bytes."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._salts = hmac.digest(seed, _SALTS, "sha256")
        self.public = self._private.public_key().public_bytes_raw()

    @classmethod
    def load(cls, file: Path) -> Self:
        """Return the key that a file holds; it is made when there is none, for its owner alone to read.

        Raises:
            StoreError: It cannot be read or made, or is no key.
        """
        try:
            return cls(load_master_key(file))
        except StoreError as error:
            raise StoreError(
                f"투표에 서명하는 열쇠 {file}을(를) 쓸 수 없습니다. 백업에서 되돌리거나 권한을 고치세요.",
                f"The key that signs votes, {file}, cannot be used. Restore it from a backup, "
                "or change its permissions.",
            ) from error

    @property
    def fingerprint(self) -> str:
        """What people compare: see :func:`fingerprint_of`."""
        return fingerprint_of(self.public)

    def sign(self, statement: bytes) -> bytes:
        """Return the signature, (64,) bytes, of a statement."""
        return self._private.sign(statement)

    def salt(self, definition: bytes, citizen: int, key: str) -> bytes:
        """Return the city's part in a ballot's nonce, (16,) bytes.

        The same voter with the same key gets the same: so the answer to a request that came twice is found
        without noting anywhere whose ballot is which.
        """
        about = definition + citizen.to_bytes(8, "big") + key.encode()
        return hmac.digest(self._salts, about, "sha256")[:SALT_BYTES]


def fingerprint_of(public: bytes) -> str:
    """Return the SHA-256 of a public key in hexadecimal."""
    return hashlib.sha256(public).hexdigest()


def signed(public: bytes, statement: bytes, signature: bytes) -> bool:
    """Tell whether a statement was signed by the owner of a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, statement)
    except (InvalidSignature, ValueError):
        return False
    return True
