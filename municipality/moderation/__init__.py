"""Moderation with due process: graded acts with a reason, a public log without names, and appeals."""

from municipality.moderation.act import Act, Category, Kind, Target
from municipality.moderation.appeals import Appeal, Appeals
from municipality.moderation.moderation import Moderation
from municipality.moderation.order import Order
from municipality.moderation.register import LogLine, Register, Told
from municipality.moderation.words import Words

__all__ = [
    "Act",
    "Appeal",
    "Appeals",
    "Category",
    "Kind",
    "LogLine",
    "Moderation",
    "Order",
    "Register",
    "Target",
    "Told",
    "Words",
]
