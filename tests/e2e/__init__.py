"""The whole system, with real browsers, a real headset runtime and real links."""
