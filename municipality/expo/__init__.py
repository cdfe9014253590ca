"""The expo: organisations hold slots in the hall as booths, and people visit them.

:class:`Booths` takes, writes up, opens and frees; :class:`Publishing` hands out the keys of screens;
:class:`Visits` counts; :class:`Contacts` keeps what people leave, sealed. The hall's geometry belongs to
:mod:`scenes`: the composition root hands the slots in.
"""

from municipality.expo.booth import Booth, Model, State, WriteUp
from municipality.expo.booths import Booths
from municipality.expo.contacts import Contact, Contacts, ContactState, Left
from municipality.expo.expo import Expo
from municipality.expo.publishing import Publishing
from municipality.expo.slot import Slot
from municipality.expo.visits import Visits

__all__ = [
    "Booth",
    "Booths",
    "Contact",
    "ContactState",
    "Contacts",
    "Expo",
    "Left",
    "Model",
    "Publishing",
    "Slot",
    "State",
    "Visits",
    "WriteUp",
]
