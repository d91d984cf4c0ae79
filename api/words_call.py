"""Every sentence of the call to the owner: one idea a line, numbers first, no blame."""

from collections.abc import Sequence

from api.words_acting import listed

QUESTIONS = (
    "Has anybody asked for money?",
    "Did anything happen today: a row, a dismissal, a post, press?",
    "Who else speaks for you?",
)
IS_THAT_OKAY = "Is that okay?"
WHAT_SHALL_WE = "What would you like us to do?"


def hello(name: str, caller: str, *, asleep: bool) -> str:
    """Who is calling, and sorry for the hour."""
    sorry = " Sorry to wake you." if asleep else ""
    return f"{name or 'Hello'}, it’s {caller}, who looks after your pages.{sorry}"


def how_many(client: str, new: int, since: str, usual: int) -> str:
    """The number, since when, and what is normal."""
    reviews = "1 new review" if new == 1 else f"{new} new reviews"
    normal = "none or one" if usual <= 1 else f"up to {usual}"
    return f"{client} got {reviews} since {since}. Normal is {normal}."


def one_star(count: int) -> str:
    """How bad."""
    return "1 is one star." if count == 1 else f"{count} are one star."


def faster(count: int) -> str:
    """How fast."""
    return f"{count} came in the last ten minutes."


def not_seen(places: Sequence[str]) -> str:
    """What we do not know."""
    return f"We cannot see {listed(places)} at the moment. It may be more."


def may_we(places: Sequence[str]) -> str:
    """The question, and that it can be undone."""
    return f"I’d like to take down {listed(places)} for now. We can put it back any time."


def stays(places: Sequence[str]) -> str:
    """What we cannot switch off."""
    verb = "stays" if len(set(places)) == 1 else "stay"
    return f"{listed(places)} {verb} up; we cannot switch that off."


def standing(name: str, at: str) -> str:
    """What was agreed in daylight."""
    return f"You may act without asking (agreed with {name}, {at})."
