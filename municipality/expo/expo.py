"""The rooms of the expo, put together."""

from collections.abc import Iterable
from dataclasses import dataclass

from municipality.expo.booths import Booths
from municipality.expo.contacts import Contacts
from municipality.expo.publishing import Publishing
from municipality.expo.slot import Slot
from municipality.expo.visits import Visits
from municipality.store import Store
from municipality.vault import Vault


@dataclass(frozen=True, slots=True)
class Expo:
    """One field a room."""

    booths: Booths
    publishing: Publishing
    visits: Visits
    contacts: Contacts

    @classmethod
    def over(cls, store: Store, vault: Vault, slots: Iterable[Slot]) -> "Expo":
        """Put them together over one database."""
        booths = Booths(store, slots)
        return cls(booths, Publishing(store, booths), Visits(store, booths), Contacts(store, vault, booths))
