"""The tables, one module a room. Migrations bring a database to them; a test holds the two together."""

from municipality.schema.base import Id, metadata
from municipality.schema.journal import journal_entries, requests
from municipality.schema.ledger import ledger_accounts, ledger_entries, ledger_holds
from municipality.schema.people import (
    ceremonies,
    citizen_keys,
    citizens,
    entry_codes,
    grants,
    invitations,
    memberships,
    organisations,
    passkeys,
    sessions,
)
from municipality.schema.visitors import visitor_sessions

__all__ = [
    "Id",
    "ceremonies",
    "citizen_keys",
    "citizens",
    "entry_codes",
    "grants",
    "invitations",
    "journal_entries",
    "ledger_accounts",
    "ledger_entries",
    "ledger_holds",
    "memberships",
    "metadata",
    "organisations",
    "passkeys",
    "requests",
    "sessions",
    "visitor_sessions",
]
