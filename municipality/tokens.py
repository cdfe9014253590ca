"""Secrets that open something: random, shown once, kept only as their hash."""

import hashlib
import secrets

#: Random bytes of a token; 24 make 32 characters.
_TOKEN_BYTES = 24
#: Crockford's base 32 without letters that are taken for digits.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def new_token() -> str:
    """Return a token of 192 random bits, safe in URLs."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> bytes:
    """Return what is kept of a token. It is random and long, so a plain SHA-256 gives nothing to guess at."""
    return hashlib.sha256(token.encode()).digest()


def new_code(groups: int) -> str:
    """Return a code that people can type: groups of five signs, 25 random bits each."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(groups))


def typed(code: str) -> str:
    """Return a code as it was typed, without dashes, in capitals, misread letters taken for what they are."""
    return code.upper().translate(_MISREAD)
