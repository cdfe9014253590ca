"""Keys as the page makes them."""

import random
import time


def uuid7(chance: random.Random) -> str:
    """Return what the page sends as a key: a UUID of version 7 (RFC 9562, section 5.7)."""
    moment, rest = f"{time.time_ns() // 1_000_000:012x}", f"{chance.getrandbits(72):018x}"
    return f"{moment[:8]}-{moment[8:]}-7{rest[:3]}-8{rest[3:6]}-{rest[6:]}"
