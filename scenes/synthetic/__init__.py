"""The invented part of the city: blocks, buildings, trees, lamps; seeded, calibrated, flagged synthetic."""

from scenes.synthetic.building import BUILDING, Kind
from scenes.synthetic.fabric import Fabric, merge, weave
from scenes.synthetic.quota import DESIGN_BUILDINGS, Quota, quotas_of

__all__ = ["BUILDING", "DESIGN_BUILDINGS", "Fabric", "Kind", "Quota", "merge", "quotas_of", "weave"]
