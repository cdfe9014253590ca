"""Errors of the municipality.

MunicipalityError
├── NameRefusedError   the visitor's mistake: a name that may not be shown
└── StoreError         ours: the database cannot be opened or is not one of ours
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


class StoreError(MunicipalityError):
    """The database cannot be opened, or was written by a newer version."""
