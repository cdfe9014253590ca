"""Errors of the municipality.

MunicipalityError
├── NameRefusedError            the visitor's mistake: a name that may not be shown
├── NotAllowedError             the caller's mistake: their roles do not reach so far, or a sanction stands
├── NotFoundError               the caller's mistake: there is no such thing, or not for them
├── ConflictError               the caller's mistake: what stands already forbids it
├── TextRefusedError            the caller's mistake: a text that is empty, too long, or may not be shown
├── SignInError                 the caller's mistake: no passkey, code or session that opens
├── VaultError                  personal data that were erased, or belong to another key
├── VoteRefusedError            the officer's mistake: a vote that cannot be opened so
├── BallotRefusedError          the caller's mistake: unknown options, a key or size that is none
├── VoteNotOpenError            the caller's mistake: too early, too late, or cancelled (a ConflictError)
├── AlreadyVotedError           the caller's mistake: everybody has one ballot (a ConflictError)
├── BallotBoxBusyError          ours: too much waits already
├── BallotBoxUnavailableError   ours: the database did not take it, or the signing key is another
├── ReportRefusedError          the caller's mistake: a place outside the city, a time or contact that is none
├── PhotoRefusedError           the caller's mistake: a photo that is too large, damaged or none
├── PhotosBusyError             ours: too many photos wait already
├── LedgerError                 a request for money that changes nothing
│   ├── AmountRefusedError      the caller's mistake: not an amount of money
│   ├── AccountUnknownError     the caller's mistake: no such account, or both the same
│   ├── InsufficientFundsError  the caller's mistake: more than is there
│   ├── HoldNotOpenError        the caller's mistake: captured, voided, expired, or never there
│   ├── KeyReusedError          the caller's mistake: the idempotency key served another request
│   ├── LedgerBusyError         ours: too much waits already
│   └── LedgerUnavailableError  ours: the database did not take it
└── StoreError                  ours: the database cannot be opened or is not one of ours
"""


class MunicipalityError(Exception):
    """Base of every error that :mod:`municipality` raises.

    Attributes:
        ko: What is wrong and what to do, in Korean.
        en: The same in English.
    """

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.ko = ko
        self.en = en


class NameRefusedError(MunicipalityError, ValueError):
    """A name is empty, too long, or holds characters that may not be shown."""


class NotAllowedError(MunicipalityError):
    """Whoever asks may not do this here."""


class NotFoundError(MunicipalityError, LookupError):
    """There is no such thing, or none that the caller may see."""


class ConflictError(MunicipalityError):
    """What stands already forbids it: done before, closed, taken."""


class TextRefusedError(MunicipalityError, ValueError):
    """A text is empty, too long, or holds characters that may not be shown.

    Attributes:
        field: Which one, by its English name; empty when that is plain.
    """

    def __init__(self, ko: str, en: str, field: str = "") -> None:
        super().__init__(ko, en)
        self.field = field


class SignInError(MunicipalityError):
    """A passkey, a code or a session opens nothing."""


class VaultError(MunicipalityError):
    """Personal data that were erased, or that another key sealed."""


class StoreError(MunicipalityError):
    """The database cannot be opened, or was written by a newer version."""


class VoteRefusedError(MunicipalityError, ValueError):
    """A vote has no title, too few options, or times that do not fit."""


class BallotRefusedError(MunicipalityError, ValueError):
    """A ballot names options that are not there, or something else asked of a log is not to be had."""


class VoteNotOpenError(ConflictError):
    """A vote has not begun, is over, or was cancelled."""


class AlreadyVotedError(ConflictError):
    """The citizen's one ballot in this vote was cast before."""


class BallotBoxBusyError(MunicipalityError):
    """More ballots wait than the box takes; ask again later."""


class BallotBoxUnavailableError(MunicipalityError):
    """The database did not confirm. Ask again with the same key: nobody votes twice by it."""


class ReportRefusedError(MunicipalityError, ValueError):
    """A report lies outside the city, or names a time, a contact or a part that cannot be."""


class PhotoRefusedError(MunicipalityError, ValueError):
    """A photo is too large, damaged or none; whoever keeps photos for the municipality says so."""


class PhotosBusyError(MunicipalityError):
    """More photos wait than are looked at; ask again later."""


class LedgerError(MunicipalityError):
    """The ledger did not do what was asked; nothing has changed unless the subclass says otherwise."""


class AmountRefusedError(LedgerError, ValueError):
    """An amount is no whole number of minor units, not above zero, or too large."""


class AccountUnknownError(LedgerError, LookupError):
    """An account does not exist, or one account stands on both sides."""


class InsufficientFundsError(LedgerError):
    """The account holds less than asked, what is held for others not counted."""


class HoldNotOpenError(LedgerError, LookupError):
    """A hold was captured, voided, has expired or never was."""


class KeyReusedError(LedgerError):
    """An idempotency key came again with another content (HTTP 409)."""


class LedgerBusyError(LedgerError):
    """More requests wait than the ledger takes; ask again later."""


class LedgerUnavailableError(LedgerError):
    """The database did not confirm. Ask again with the same key: what was done is not done twice."""
