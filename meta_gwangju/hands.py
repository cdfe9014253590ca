"""The city's hands: what the office of sanctions has done to people in the world. In the event loop alone."""

from streaming.bridge import Bridge
from streaming.messages import Notice
from world.commands import SetMicrophone
from world.entity import PersonId
from world.errors import UnknownPersonError
from world.state import World
from world.zones import Rules


class CityHands:
    """Implements :class:`meta_gwangju.enforcement.Hands` over the bridge and the world."""

    def __init__(self, bridge: Bridge, world: World, rules: Rules) -> None:
        self._bridge = bridge
        self._world = world
        self._rules = rules

    def remove(self, person: int, ko: str, en: str) -> None:
        """Close somebody's connection, after telling them why."""
        self._bridge.remove(PersonId(person), ko, en)

    def notify(self, person: int, notice: Notice) -> None:
        """Tell somebody something."""
        self._bridge.tell(notice, [PersonId(person)])

    def hush(self, person: int) -> None:
        """Mute somebody's microphone if they may not speak where they stand."""
        who = PersonId(person)
        if who not in self._world:
            return
        row = self._world.row(who)
        if self._world.microphone[row] and not self._rules.may(who, "speak", self._world.position[row]):
            self._bridge.ask(SetMicrophone(who, live=False))

    def place(self, person: int) -> str | None:
        """Return the place where somebody stands; None: not in the city. May be asked from any thread."""
        who = PersonId(person)
        try:
            return self._rules.zones.place(self._world.place_of(who))
        except UnknownPersonError:
            return None
