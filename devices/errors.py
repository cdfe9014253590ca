"""Errors of the devices. Each carries a sentence in Korean and in English that says what to do.

DeviceError
├── SoundLibraryMissingError   PortAudio is not installed
├── SoundDeviceMissingError    there is no microphone, or no speaker
├── SoundDeviceFailedError     a sound device would not open
├── CameraLibraryMissingError  OpenCV cannot be loaded
└── CameraMissingError         no camera answers at that index or address
"""


class DeviceError(Exception):
    """Base of every error that :mod:`devices` raises.

    Attributes:
        ko: What is wrong and what to do, in Korean.
        en: The same in English.
    """

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(f"{ko} / {en}")
        self.ko = ko
        self.en = en


class SoundLibraryMissingError(DeviceError):
    """PortAudio is not installed."""


class SoundDeviceMissingError(DeviceError):
    """There is no microphone, or no speaker."""


class SoundDeviceFailedError(DeviceError):
    """A sound device would not open."""


class CameraLibraryMissingError(DeviceError):
    """OpenCV cannot be loaded."""


class CameraMissingError(DeviceError):
    """No camera answers at that index or address."""
