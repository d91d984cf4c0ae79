"""Jetstream, the stream of all posts on Bluesky: one frame read, and whether a search asks for it.

Frames are those of version 1, which version 2 sends on the same path: a commit holds a post. A
match is a reason to look and no more, so a search is met rather too often: what only its own
server understands in it (from:, lang:, -word) is left out here.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

POSTS = "app.bsky.feed.post"
# The documents ask for a few seconds of overlap: frames come at least once, not in order.
OVERLAP_US = 5_000_000
LONGEST_FRAME = 1_000_000
_WORD = re.compile(r"\w+")
_TERM = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"|(\S+))')


@dataclass(frozen=True)
class Frame:
    """One event: its time in microseconds, what it is called, and the text of a new post."""

    time_us: int
    name: str
    text: str

    @cached_property
    def words(self) -> Sequence[str]:
        """The words of the text, compared without regard to case."""
        return split(self.text)

    @cached_property
    def vocabulary(self) -> Collection[str]:
        return frozenset(self.words)


@dataclass(frozen=True)
class Search:
    """The words of a search: each phrase has to stand in a post, as whole words in a row."""

    phrases: tuple[tuple[str, ...], ...]

    def meets(self, frame: Frame) -> bool:
        """Whether all phrases are in it; a search without any meets nothing."""
        if not self.phrases or not frame.text:
            return False
        known = frame.vocabulary
        if not all(word in known for phrase in self.phrases for word in phrase):
            return False
        return all(len(phrase) == 1 or _in_a_row(phrase, frame.words) for phrase in self.phrases)


def search(query: str) -> Search:
    """Read a search as people type it: words, “phrases”, #tags, @names."""
    told = query.replace("“", '"').replace("”", '"').replace("„", '"')
    phrases = [
        tuple(split(quoted or bare))
        for minus, operator, quoted, bare in _TERM.findall(told)
        if not (minus or operator)
    ]
    return Search(tuple(phrase for phrase in phrases if phrase))


def split(text: str) -> list[str]:
    """Words in one form: “Crumb & Co” and “crumb co” are the same two."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def frame(raw: str | bytes) -> Frame | None:
    """Read one frame; None when it is none. Only a new post has a text."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("time_us"), int):
        return None
    commit = told.get("commit")
    post = commit if isinstance(commit, dict) else {}
    name = f"{told.get('did')}/{post.get('rkey')}"
    return Frame(told["time_us"], name, _text(post))


def _text(commit: dict[str, Any]) -> str:
    is_new = commit.get("operation") == "create" and commit.get("collection") == POSTS
    record = commit.get("record")
    text = record.get("text") if is_new and isinstance(record, dict) else ""
    return text if isinstance(text, str) else ""


def address(url: str, last_us: int | None) -> str:
    """Where to listen, from a little before the last event on."""
    asked = {"wantedCollections": POSTS} | ({"cursor": last_us - OVERLAP_US} if last_us else {})
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"


def _in_a_row(phrase: Sequence[str], words: Sequence[str]) -> bool:
    length = len(phrase)
    starts = (at for at, word in enumerate(words) if word == phrase[0])
    return any(tuple(words[at : at + length]) == phrase for at in starts)
