"""Decides whether many clients woken at once were attacked, or their common source is at fault."""

from typing import Final

MANY: Final = 3
"""Two places may have one enemy, or one owner; three in a minute hardly ever have."""

AT_LEAST: Final = 0.5
"""A platform that turns all ratings over reaches most of its clients; an attack reaches a few."""

SHOWN_OTHERWISE: Final = 3.0
"""So many more low reviews, of which two can be no slip, and a client that was held back wakes."""


def fault_of_source(woken: int, watched: int) -> bool:
    """Whether so many of the `watched` clients of a source, woken in one minute, blame the source.

    Until shown otherwise: who is held back wakes with SHOWN_OTHERWISE more low reviews.
    """
    return woken >= MANY and woken >= AT_LEAST * watched


def fault_in_words(woken: int, watched: int, reason: str) -> str:
    """For example: "The same minute at 3 of 4 clients of one source: it looks like ..."."""
    return (
        f"The same minute at {woken} of {watched} clients of one source: this looks like a fault"
        f" of the source. {reason}"
    )
