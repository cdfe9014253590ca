"""Votes that anybody can recount: approval ballots on an append-only Merkle log (RFC 9162), with receipts.

:class:`Votes` is where officers open votes and everybody reads them; :class:`BallotBox` is where citizens
cast ballots; :func:`verify` needs neither, only what :func:`export` wrote. What this does not give is said
in `docs/votes.md`: whoever runs the city could link a voter to a ballot.
"""

from municipality.ballot.ballot import Ballot
from municipality.ballot.ballot_box import BallotBox
from municipality.ballot.casting import is_elector
from municipality.ballot.city_key import CityKey
from municipality.ballot.definition import Definition, Draft, Text
from municipality.ballot.export import export
from municipality.ballot.receipt import Receipt, ReceiptError, read_receipt
from municipality.ballot.recount import verify
from municipality.ballot.statements import Ending, State, TreeHead
from municipality.ballot.stored import verify_stored
from municipality.ballot.verification import Verification
from municipality.ballot.votes import Inclusion, Leaf, Vote, Votes

__all__ = [
    "Ballot",
    "BallotBox",
    "CityKey",
    "Definition",
    "Draft",
    "Ending",
    "Inclusion",
    "Leaf",
    "Receipt",
    "ReceiptError",
    "State",
    "Text",
    "TreeHead",
    "Verification",
    "Vote",
    "Votes",
    "export",
    "is_elector",
    "read_receipt",
    "verify",
    "verify_stored",
]
