"""The tables, one module a room. Migrations bring a database to them; a test holds the two together."""

from municipality.schema.ballots import (
    vote_ballots,
    vote_heads,
    vote_logs,
    vote_nodes,
    vote_voters,
    votes,
)
from municipality.schema.base import Id, metadata
from municipality.schema.expo import booth_visits, booths, contacts
from municipality.schema.journal import journal_entries, requests
from municipality.schema.ledger import ledger_accounts, ledger_entries, ledger_holds
from municipality.schema.moderation import moderation_acts, moderation_appeals
from municipality.schema.participation import (
    proposal_answers,
    proposal_comments,
    proposal_supports,
    proposals,
)
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
from municipality.schema.reports import api_keys, report_redactions, report_steps, reports
from municipality.schema.visitors import visitor_sessions

__all__ = [
    "Id",
    "api_keys",
    "booth_visits",
    "booths",
    "ceremonies",
    "citizen_keys",
    "citizens",
    "contacts",
    "entry_codes",
    "grants",
    "invitations",
    "journal_entries",
    "ledger_accounts",
    "ledger_entries",
    "ledger_holds",
    "memberships",
    "metadata",
    "moderation_acts",
    "moderation_appeals",
    "organisations",
    "passkeys",
    "proposal_answers",
    "proposal_comments",
    "proposal_supports",
    "proposals",
    "report_redactions",
    "report_steps",
    "reports",
    "requests",
    "sessions",
    "visitor_sessions",
    "vote_ballots",
    "vote_heads",
    "vote_logs",
    "vote_nodes",
    "vote_voters",
    "votes",
]
