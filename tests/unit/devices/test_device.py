import pytest

from devices import Device, Sample, now
from devices.camera import Camera, Image
from devices.sound import Block, Microphone

#: The type checker reads these lines: cameras and microphones are devices.
CAMERA: Device[Image] = Camera(0)
MICROPHONE: Device[Block] = Microphone()


@pytest.mark.parametrize("device", [CAMERA, MICROPHONE])
def test_a_device_that_was_never_opened_gives_nothing_and_closes(device: Device[object]) -> None:
    assert device.read() is None
    device.close()
    device.close()


def test_a_sample_cannot_be_changed_and_its_clock_never_goes_back() -> None:
    sample = Sample(now(), "seen")
    with pytest.raises(AttributeError):
        sample.value = "forged"  # type: ignore[misc]
    assert sample.time <= now()
