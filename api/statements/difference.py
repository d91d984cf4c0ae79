"""What changed between two versions, word by word, so that a person sees it at a glance."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Change = Literal["kept", "added", "gone"]
# A word keeps the space behind it: a changed word is then one piece and not three.
_WORD = re.compile(r"\S+[^\S\n]*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that were kept, added or taken away."""

    change: Change
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """Kept and gone together are the old text, kept and added the new one, to the letter."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    return list(_joined(before, after))


def _joined(before: list[str], after: list[str]) -> Iterator[Piece]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        gone, added = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal":
            yield Piece("kept", gone)
            continue
        if gone:
            yield Piece("gone", gone)
        if added:
            yield Piece("added", added)
