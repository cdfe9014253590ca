"""WHIP and WHEP between real peers. A package, so that Playwright's loop ends with its tests."""
