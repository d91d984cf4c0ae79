"""The ways in that need no vendor: a feed, a signed webhook, a program of yours, a file."""

from datetime import timedelta

from api.platforms.entry import Capability, Entry, Verb, never, real

_BY_HAND = "No vendor stands behind this kind. Act on the site itself."
_ACTS: tuple[Verb, ...] = (
    "reply", "hide", "delete", "block", "report", "close_comments", "take_down",
)  # fmt: skip


def _can(read: str, hear: Capability) -> tuple[Capability, ...]:
    return (real("read", read), hear, *(never(verb, _BY_HAND) for verb in _ACTS))


_SENT = real("hear", "What is sent is judged at once.")

FEED = Entry(
    "feed", "Feed", "own", "nothing",
    _can("Read every few minutes, where it changed.", never("hear", "A feed does not call us.")),
)  # fmt: skip
WEBHOOK = Entry("webhook", "Signed webhook", "own", "own", _can("What is sent, signed.", _SENT))
PUSH = Entry("push", "Sent by a program", "own", "own", _can("What is sent with a key.", _SENT))
FILE = Entry(
    "file", "File", "own", "own",
    _can("Read once, as history.", never("hear", "A file is read once.")),
    every=timedelta(days=1),
)  # fmt: skip

ENTRIES = (FEED, WEBHOOK, PUSH, FILE)
