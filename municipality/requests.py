"""Asked twice, done once: what a request led to is kept under its idempotency key, with the change itself."""

import hashlib
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from municipality.access import Actor
from municipality.errors import KeyReusedError
from municipality.journal import canonical
from municipality.ledger.command import key_of
from municipality.schema import requests

#: Answers are kept this long, seconds.
KEPT_SECONDS = 30 * 86_400.0


def once(  # noqa: PLR0913 -- who, what, when, under which key, and how
    connection: sa.Connection,
    actor: Actor,
    key: str | None,
    content: Mapping[str, object],
    *,
    now: float,
    act: Callable[[], int],
) -> int:
    """Do something, unless the same was asked under this key before.

    Args:
        connection: Of the transaction in which ``act`` makes its change.
        actor: Who asks: nobody's keys meet another's.
        key: As the caller chose it; None does it without asking.
        content: What was asked, with the name of the act; compared by its digest.
        now: Unix seconds.
        act: Makes the change, and returns the number of what it made.

    Returns:
        That number, from now or from the first time.

    Raises:
        KeyReusedError: The key served a request with another content.
    """
    if key is None:
        return act()
    name = key_of(f"citizen {actor.citizen}" if actor.citizen else f"session {actor.session}", key)
    if connection.dialect.name == "postgresql":  # of two who ask at once, the second sees what the first did
        connection.execute(
            sa.select(sa.func.pg_advisory_xact_lock(int.from_bytes(name[-8:], "big", signed=True)))
        )
    digest = hashlib.sha256(canonical(content).encode()).digest()
    found = connection.execute(
        sa.select(requests.c.digest, requests.c.result).where(requests.c.key == name)
    ).one_or_none()
    if found is not None:
        if found.digest != digest:
            raise KeyReusedError(
                "같은 멱등 키로 다른 내용을 요청했어요. 새 키로 다시 요청해 주세요.",
                "This idempotency key served another request. Use a new one.",
            )
        return int(found.result)
    result = act()
    connection.execute(sa.insert(requests), {"key": name, "digest": digest, "result": result, "at": now})
    return result


def forget_old(connection: sa.Connection, now: float) -> None:
    """Forget answers that nobody asks for any more."""
    connection.execute(sa.delete(requests).where(requests.c.at < now - KEPT_SECONDS))
