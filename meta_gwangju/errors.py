"""What may go wrong before the city opens. Every one of these reaches the operator as a sentence.

StartError
├── SettingsError      an option, an environment variable or the settings file is wrong
├── DataFolderError    the data folder cannot be used
├── PortTakenError     the address cannot be listened on
├── PageMissingError   the web client was never built
├── CodecMissingError  the audio codec is not there
├── CityMissingError   the city on disk is incomplete or unreadable
├── CertificateError   the certificate for --tls cannot be made or read
├── ExportError        an export cannot be written or read
└── BackupError        a backup cannot be made, read or put back; nothing was changed
"""


class StartError(Exception):
    """Base of every error that keeps a command from starting.

    Attributes:
        ko: What is wrong, where, and what to do, in Korean.
        en: The same in English.
    """

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.ko = ko
        self.en = en


class SettingsError(StartError):
    """An option, an environment variable or the settings file is wrong."""


class DataFolderError(StartError):
    """The data folder cannot be made or written."""


class PortTakenError(StartError):
    """The address cannot be listened on."""


class PageMissingError(StartError):
    """The web client was never built."""


class CodecMissingError(StartError):
    """The audio codec is not there."""


class MediaPathError(StartError):
    """The media path that was asked for does not run on this machine."""


class CityMissingError(StartError):
    """The city on disk is incomplete or unreadable."""


class CertificateError(StartError):
    """The certificate for --tls cannot be made or read."""


class ExportError(StartError):
    """An export cannot be written or read."""


class BackupError(StartError):
    """A backup cannot be made, read or put back; nothing was changed."""
