"""Steps of the world with samples written one by one, in the order in which they would arrive."""

from collections.abc import Sequence
from dataclasses import dataclass

from world.commands import BodyPose, Command, Moves
from world.entity import PersonId
from world.events import Event
from world.movement import Ground
from world.state import World
from world.step import step
from world.zones import OPEN_CITY, Rules


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One sample of somebody."""

    person: PersonId
    sequence: int
    pose: BodyPose


def batch(moves: Sequence[Move]) -> Moves:
    """Return moves as a step takes them."""
    return Moves.of(
        [move.person for move in moves],
        [move.sequence for move in moves],
        [move.pose for move in moves],
    )


def take_step(
    world: World, asked: Sequence[Command | Move], now: float, ground: Ground, rules: Rules = OPEN_CITY
) -> list[Event]:
    """Take a step with commands and samples; somebody may have several samples in it."""
    commands = [one for one in asked if not isinstance(one, Move)]
    return step(world, commands, batch([one for one in asked if isinstance(one, Move)]), now, ground, rules)
