"""What is written about people: sealed under a citizen's own key, and so gone with it; plain of a visitor."""

import sqlalchemy as sa

from municipality.errors import VaultError
from municipality.vault import Vault

_PURPOSE = "moderation"


class Words:
    """Seals and unseals."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, connection: sa.Connection, citizen: int | None, text: str) -> bytes:
        """Return a text about a citizen, or a visitor (None), as it is kept."""
        if citizen is None:
            return text.encode()
        return self._vault.seal(connection, citizen, _PURPOSE, text.encode())

    def unseal(self, connection: sa.Connection, citizen: int | None, kept: bytes | None) -> str | None:
        """Return a text; None once it was deleted, or the citizen erased."""
        if kept is None:
            return None
        if citizen is None:
            return kept.decode()
        try:
            return self._vault.unseal(connection, citizen, _PURPOSE, kept).decode()
        except VaultError:
            return None
