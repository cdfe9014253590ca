"""Citizens: who they are, the ways in that they have, and what they may do."""

from municipality.citizens.actors import Actors
from municipality.citizens.codes import EntryCodes
from municipality.citizens.grants import Grants
from municipality.citizens.passkeys import PassKey, Passkeys, RelyingParty
from municipality.citizens.roll import Citizen, Citizens
from municipality.citizens.sessions import Session, Sessions

__all__ = [
    "Actors",
    "Citizen",
    "Citizens",
    "EntryCodes",
    "Grants",
    "PassKey",
    "Passkeys",
    "RelyingParty",
    "Session",
    "Sessions",
]
