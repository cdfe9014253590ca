"""The city's money: double entry in whole minor units, written by one writer, kept in a hash-chained journal.

Words as in TigerBeetle: accounts, transfers, and two-phase transfers that are held, then captured, voided or
expired. :class:`Ledger` is what callers use; :class:`Statements` is where they read; :func:`audit` needs
neither, only an export.
"""

from municipality.ledger.audit import audit, export
from municipality.ledger.book import Account
from municipality.ledger.books import Books, BooksWhenNeeded, books_of
from municipality.ledger.command import Capture, Command, Hold, Key, OpenAccount, Transfer, Void, key_of
from municipality.ledger.entry import AccountId, Entry, Kind
from municipality.ledger.ledger import Ledger
from municipality.ledger.replay import Audit
from municipality.ledger.statements import Statements

__all__ = [
    "Account",
    "AccountId",
    "Audit",
    "Books",
    "BooksWhenNeeded",
    "Capture",
    "Command",
    "Entry",
    "Hold",
    "Key",
    "Kind",
    "Ledger",
    "OpenAccount",
    "Statements",
    "Transfer",
    "Void",
    "audit",
    "books_of",
    "export",
    "key_of",
]
