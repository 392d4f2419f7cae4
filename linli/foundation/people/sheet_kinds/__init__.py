"""The kinds of sheets of the room: units, posts, people."""

from linli.foundation.people.sheet_kinds.persons import PEOPLE
from linli.foundation.people.sheet_kinds.posts import POSTS
from linli.foundation.people.sheet_kinds.units import UNITS
from linli.foundation.sheets.types import register


def enter() -> None:
    """Register them."""
    register(UNITS)
    register(POSTS)
    register(PEOPLE)
