"""What senses and sounds: cameras, microphones and speakers, and the facts about headsets and controllers.

Adapters here own the hardware and decide nothing: they give immutable samples stamped in one monotonic
clock (:func:`devices.device.now`), never wait for hardware on the caller's time, and say in Korean and
English what is missing and what to do.
"""

from devices.device import Device, Sample, now
from devices.errors import DeviceError

__all__ = ["Device", "DeviceError", "Sample", "now"]
