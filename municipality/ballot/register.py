"""Which votes there are, and what each is about; a definition never changes, so it is read once."""

import json

import sqlalchemy as sa

from municipality.ballot import refusals
from municipality.ballot.definition import Definition
from municipality.schema import votes

#: Definitions kept in memory; beyond it all are forgotten, and read again as they are needed.
_MOST_KNOWN = 500
_LARGEST = 2**53 - 1


class Opened:
    """A vote as it was opened.

    Attributes:
        definition: What it is about.
        text: That as canonical JSON.
        digest: Of the text, (32,) bytes.
    """

    __slots__ = ("definition", "digest", "text")

    def __init__(self, text: str, digest: bytes) -> None:
        self.text = text
        self.digest = digest
        self.definition = Definition.from_json(json.loads(text))


class Register:
    """Reads definitions. Several threads may use it."""

    def __init__(self) -> None:
        self._known: dict[int, Opened] = {}

    def opened(self, connection: sa.Connection, vote: int) -> Opened:
        """Return a vote.

        Raises:
            NotFoundError: There is none.
        """
        known = self._known.get(vote)
        if known is not None:
            return known
        if not 0 < vote <= _LARGEST:
            raise refusals.no_vote(vote)
        query = sa.select(votes.c.definition, votes.c.digest).where(votes.c.id == vote)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise refusals.no_vote(vote)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        opened = self._known[vote] = Opened(row.definition, row.digest)
        return opened
