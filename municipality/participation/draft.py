"""What somebody proposes, before it is a proposal, and where it may stand."""

import math
from dataclasses import dataclass
from typing import Protocol

from municipality.participation.categories import checked_category
from municipality.participation.refusals import outside_the_city
from municipality.texts import checked_text

#: Characters.
LONGEST_TITLE, LONGEST_TEXT = 80, 4000
#: Pins before the city hall stand apart: a sunflower of this spacing, metres, and so many seeds.
_SPACING, _SEEDS, _GOLDEN_ANGLE = 2.5, 64, math.pi * (3.0 - math.sqrt(5.0))


class Land(Protocol):
    """The city's land, as this room needs it; whoever composes the program hands it in."""

    def is_inside(self, x: float, z: float) -> bool:
        """Tell whether a point, world metres, lies within the city's boundary."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody proposes.

    Attributes:
        title, text, category: As in :class:`municipality.participation.Proposal`.
        place: World x and z, metres; None: before the city hall, or where it stands already.
    """

    title: str
    text: str
    category: str
    place: tuple[float, float] | None = None


def checked_draft(draft: Draft, land: Land) -> Draft:
    """Return a draft as it is kept, its place to the centimetre.

    Raises:
        TextRefusedError: A text may not be shown, the category is none, or the place lies outside the city.
    """
    place = draft.place
    if place is not None:
        if not (all(map(math.isfinite, place)) and land.is_inside(*place)):
            raise outside_the_city()
        place = (round(place[0], 2), round(place[1], 2))
    return Draft(
        checked_text(draft.title, ("제목", "title"), LONGEST_TITLE, lines=False),
        checked_text(draft.text, ("내용", "text"), LONGEST_TEXT),
        checked_category(draft.category),
        place,
    )


def standing_apart(place: tuple[float, float], number: int) -> tuple[float, float]:
    """Return where a pin of this number stands at a place where many do, world metres."""
    seed = number % _SEEDS
    distance, angle = _SPACING * math.sqrt(seed), _GOLDEN_ANGLE * seed
    x, z = place
    return round(x + distance * math.cos(angle), 2), round(z + distance * math.sin(angle), 2)
