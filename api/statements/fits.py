"""Whether words fit where they are to go: counted the way each platform counts."""

import re
import unicodedata
from dataclasses import dataclass

from api.platforms import CATALOGUE, Longest

_LINK = re.compile(r"https?://[^\s<>\"]+")
# Joiners and the choice of a picture belong to the sign before them.
_PART_OF_A_SIGN = "\u200d\ufe0f"


@dataclass(frozen=True, slots=True)
class Fit:
    """How long the words are at one place, and how long they may be; None where nobody knows."""

    place: str
    length: int
    most: int | None
    unit: str

    @property
    def over(self) -> int:
        """How much too long they are; 0 where they fit."""
        return max(0, self.length - self.most) if self.most is not None else 0


def fit(text: str, kind: str, place: str) -> Fit:
    """How these words fit at a place of this kind."""
    longest = CATALOGUE[kind].longest
    if longest is None:
        return Fit(place, signs(text), None, "signs")
    return Fit(place, length(text, longest), longest.most, longest.unit)


def length(text: str, longest: Longest) -> int:
    """In the unit of the place; a web address counts for what it counts for there."""
    if longest.unit == "bytes":
        return len(text.encode())
    if longest.link:
        text = _LINK.sub("x" * longest.link, text)
    return signs(text)


def signs(text: str) -> int:
    """Signs as people count them, never too few: an accent belongs to its letter."""
    return sum(not unicodedata.combining(one) and one not in _PART_OF_A_SIGN for one in text)
