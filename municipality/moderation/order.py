"""What an officer asks for."""

from dataclasses import dataclass

from municipality.moderation import network
from municipality.moderation.act import LONGEST_OF_VISITOR, Category, Kind, Target


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer asks for.

    Attributes:
        kind: Which act.
        target: About whom.
        place: Where it shall hold.
        category: Why, for everybody.
        reason: What happened, for officers alone.
        seconds: How long; a kick has no length.
        standing: Where in the city the target stands; None: not in it.
        network: Where a connected target comes from; None: not known.
    """

    kind: Kind
    target: Target
    place: str
    category: Category
    reason: str
    seconds: float = 0.0
    standing: str | None = None
    network: str | None = None

    def binding(self, now: float, seconds: float) -> dict[str, object]:
        """Return the columns that bind a ban to where its target comes from, for a day at most."""
        if self.kind is not Kind.BAN or not self.network:
            return {}
        salt = network.new_salt()
        return {
            "salt": salt,
            "network": network.hashed(self.network, salt),
            "network_until": now + min(seconds, LONGEST_OF_VISITOR),
        }

    def content(self, seconds: float) -> dict[str, object]:
        """Return what the journal tells of it: numbers and words of ours."""
        return {
            "kind": self.kind.value,
            "place": self.place,
            "category": self.category.value,
            "citizen": self.target.citizen,
            "person": self.target.person,
            "seconds": int(seconds),
        }
