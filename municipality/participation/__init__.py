"""Participation: what citizens propose for a place, who supports it, and what the city answers."""

from municipality.participation.acts import Act, acts_open_to
from municipality.participation.categories import CATEGORIES, Category
from municipality.participation.comments import LONGEST_COMMENT, CommentPage, Comments
from municipality.participation.draft import LONGEST_TEXT, LONGEST_TITLE, Draft, Land
from municipality.participation.listing import LONGEST_PAGE, Order, Page, Wanted
from municipality.participation.proposal import (
    ANSWERS,
    LONGEST_ANSWER,
    LONGEST_REASON,
    Answer,
    Comment,
    Proposal,
    State,
)
from municipality.participation.proposals import JOURNAL, Proposals
from municipality.participation.refusals import STATE_NAMES

__all__ = [
    "ANSWERS",
    "CATEGORIES",
    "JOURNAL",
    "LONGEST_ANSWER",
    "LONGEST_COMMENT",
    "LONGEST_PAGE",
    "LONGEST_REASON",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "STATE_NAMES",
    "Act",
    "Answer",
    "Category",
    "Comment",
    "CommentPage",
    "Comments",
    "Draft",
    "Land",
    "Order",
    "Page",
    "Proposal",
    "Proposals",
    "State",
    "Wanted",
    "acts_open_to",
]
