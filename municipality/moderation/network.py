"""The network that somebody comes from, as a sanction knows it: a salted hash, for a day at most.

Addresses are few enough to be tried one by one by whoever has hash and salt, however slow the hash; so both
are deleted when their time is over. Each act has a salt of its own: two acts about one network do not tell
that it is one.
"""

import hmac
import secrets

_SALT_BYTES = 16


def new_salt() -> bytes:
    """Return the salt of an act."""
    return secrets.token_bytes(_SALT_BYTES)


def hashed(network: str, salt: bytes) -> bytes:
    """Return what is kept of a network (an IPv4 address, or the /64 of an IPv6 one): HMAC-SHA-256."""
    return hmac.digest(salt, network.encode(), "sha256")


def fits(network: str, salt: bytes, kept: bytes) -> bool:
    """Tell whether somebody comes from the network that was kept."""
    return hmac.compare_digest(hashed(network, salt), kept)
