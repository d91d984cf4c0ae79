"""Every sentence of the evidence and of the report: for the owner, without blame, numbers first."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api import words, words_timeline
from api.models import Entry
from api.pulse import day_and_time

PRACTICE = "PRACTICE"
PRACTICE_WORDS = "This was a drill. Nothing of it happened outside."

# The evidence.
EVIDENCE = "What was saved"
NOTHING_SAVED = "Nothing is saved yet."
SAVE_FIRST = "Save the reviews first. It takes a moment and changes nothing outside."
NOT_HERE = "The words are not here."
KEPT, A_DAY, NEVER, FORGOTTEN = "kept", "a_day", "never", "forgotten"
_WORDS_NOTE = {
    A_DAY: "{platform} lets words be kept for a day. Nightdesk removes them after that.",
    NEVER: "{platform} does not let words be kept. Stars, times and the link are here.",
    FORGOTTEN: (
        "{platform} lets words be kept for a day. They were removed. "
        "The hashes are those of the day on which they were saved."
    ),
}
_NAME_GONE = (
    "The name was removed some time after the end. "
    "The hashes are those of the day on which it was saved."
)
# The report.
REPORT = "What happened, and what we did"
NO_REPORT = "There is no report yet."
NO_REPORT_HINT = "When it is over, your manager sends it here."
TIMES = "How long it took us"
TIMES_FROM = "All but the first count from when we noticed it."
NOTHING_DONE = "Nothing was written down."
STEPS = {
    "noticed": "First review to noticing it",
    "alarm": "First alarm",
    "acknowledged": "Somebody on it",
    "owner": "Your phone",
    "yes": "Your yes",
    "down": "First place down, checked",
    "calm": "Calm, measured",
}
NOT_REACHED = {
    "noticed": "Not measured.",
    "alarm": "No alarm was sent.",
    "acknowledged": "Nobody said “I’m on it”.",
    "owner": "No call was written down.",
    "yes": "There was no yes.",
    "down": "No place was read back as down.",
    "calm": "Calm was not measured.",
}
# What the owner reads of the timeline afterwards; the rest as on their page, or not at all.
_AFTERWARDS = {
    "opened": "We noticed it: {sentence}",
    "rang": "We rang {name}.",
    "acknowledged": "{actor} was on it.",
    "exhausted": "We had reached nobody. We kept ringing.",
    "doubled": "It had doubled: {low_count} low reviews.",
    "slowing": "It was slowing.",
    "calm": "Quiet since {since_time}.",
    "confirm": "{actor} saw that it was real.",
    "dismiss": "{actor} saw that it was a false alarm.",
    "monitor": "{actor} saw it slowing and watched it.",
    "resolve": "{actor}: it was over.",
    "relapse": "It started again.",
    "second_wave": "It started again.",
    "reopen": "We looked at it again.",
    "called": "{actor} called {name}.",
    "no_answer": "{actor} called {name}. There was no answer.",
    "wrong_number": "{actor} called {name}. The number was wrong.",
    "said_yes": "{name} said yes by phone.",
    "said_no": "{name} said no.",
    "wants_to_think": "{name} wanted to think about it.",
    "asked": "We asked for a yes. Code {code}.",
    "approved": "{name} said yes to version {code}.",
    "declined": "{name} said no.",
    "changes_asked": "{name} asked for other words.",
    "yes_over": "Version {code} counted no more: {why}",
    "saved": "We saved {reviews}.",
    "executing": "We began: {places}",
    "down": "{place} was down. We read the place itself to be sure.",
    "not_down": "{place} did not go down. {detail}",
    "hand": "{place} needed a hand.",
    "hand_done": "{place} was done by hand.",
    "hand_back": "{place} was put back by hand.",
    "not_right": "{actor} said that the yes to version {code} was not right.",
    "left_down": "It was decided to leave it down: {places}",
    "reverting": "We began to put it back: {places}",
    "back": "{place} was back. We read the place itself to be sure.",
    "not_back": "{place} did not come back. {detail}",
    "said_out": "{place} showed the words. We read the place itself to be sure.",
    "not_out": "{place} did not show the words. {detail}",
    "owner_told": "We wrote to {name}.",
    "owner_not_told": "We could not write to {name}.",
    "waiting": "It was decided to wait and watch.",
    "statement_drafted": "A statement was written.",
    "statement_asked": "We asked for a yes to the statement. Code {code}.",
    "statement_approved": "The statement had its yes. Code {code}.",
    "statement_held": "The statement was held until things were quiet.",
    "statement_due": "The time to decide about the statement had come.",
    "statement_stopped": "The statement was stopped before it went out.",
    "statement_published": "The statement went out: {places}",
    "statement_failed": "The statement did not go out. {detail}",
    "statement_changed": "The statement was changed. The new version has code {code}.",
    "statement_discarded": "The statement was thrown away.",
}
STATEMENT = {
    "draft": "being written",
    "in_review": "waiting for a yes",
    "approved": "agreed, not out",
    "held": "agreed and held",
    "publishing": "going out",
    "published": "out",
    "failed": "did not go out",
    "retracted": "taken back",
    "discarded": "thrown away",
}


def line(entry: Entry, zone: str) -> str:
    """One entry of the timeline for the report; empty when it is not for the owner."""
    facts: dict[str, Any] = {"actor": entry.actor_name} | dict(entry.facts)
    if since := facts.get("since"):
        facts["since_time"] = day_and_time(datetime.fromisoformat(since), zone)
    if at := facts.get("at"):
        facts["at_time"] = day_and_time(datetime.fromisoformat(at), zone)
    if count := facts.get("count"):
        facts["reviews"] = words.reviews(count)
    sentence = _AFTERWARDS.get(entry.kind) or words_timeline.ENTRY_FOR_THE_OWNER.get(entry.kind, "")
    said = words.say(sentence, **facts).strip()
    return said if not said or said[-1] in ".!?…" else f"{said}."


def note_of(content: Mapping[str, Any]) -> str:
    """What a saved review lacks or will lack, and why; empty when all of it is there."""
    if said := _WORDS_NOTE.get(content["words"]):
        return words.say(said, platform=content["platform"])
    return _NAME_GONE if content["name"] == FORGOTTEN else ""


def said_at(at: str | datetime, zone: str) -> str:
    """“Tue 12 May 2026, 03:12:04 CEST (+02:00)”: a moment that can be checked."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    there = moment.astimezone(ZoneInfo(zone))
    offset = f"{there:%z}"
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M:%S %Z} ({offset[:3]}:{offset[3:]})"


def when(at: datetime, zone: str) -> str:
    """“Tue 12 May, 03:12”."""
    return day_and_time(at, zone)


def stars_of(stars: float | None) -> str:
    """“★☆☆☆☆ 1 of 5”, or that there are none."""
    if stars is None:
        return "no stars"
    full = min(5, max(0, round(stars)))
    return f"{'★' * full}{'☆' * (5 - full)} {stars:g} of 5"


def length(time: timedelta) -> str:
    """“48 s”, “12 min”, “1 h 22 min”, “4 days 3 h”."""
    seconds = int(time.total_seconds())
    if seconds < 90:
        return f"{seconds} s"
    minutes, hours = seconds // 60, seconds // 3600
    if minutes < 60:
        return f"{minutes} min"
    if hours < 48:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    days, rest = divmod(hours, 24)
    return f"{days} days {rest} h" if rest else f"{days} days"


def cover(client: str, count: int, saved: Sequence[str]) -> str:
    """What lies in an evidence file, and at which moments it was saved, the first to the last."""
    when_saved = f"between {saved[0]} and {saved[-1]}" if len(saved) > 1 else f"on {saved[0]}"
    return (
        f"{words.reviews(count)} of {client}, as they stood when Nightdesk saved them {when_saved}."
    )


def one_sentence(new: int, low: int, length_words: str, *, over: bool) -> str:
    """The report in one sentence."""
    if not new:
        return "No new reviews are on record for this."
    so_far, many = "" if over else " so far", words.reviews(new).replace(" ", " new ", 1)
    return f"{many} in {length_words}{so_far}, {low} of them low."


def still_shown(shown: int, hidden: int, gone: int) -> str:
    """What became of the reviews."""
    if not shown + hidden + gone:
        return "No review of this is on record."
    said = [f"{words.reviews(shown)} can still be read."]
    if hidden:
        said.append(f"{hidden} hidden.")
    said.append(f"{gone} removed by the platforms." if gone else "None was removed.")
    return " ".join(said)


def rating(before: float | None, lowest: float | None, last: float | None, count: int) -> str:
    """The mean before, at its lowest, and now; and what it is made of."""
    if last is None:
        return "No review with stars is on record."
    parts = [
        f"before {before:.2f}" if before is not None else "no rating before",
        f"lowest {lowest:.2f}" if lowest is not None else "",
        f"now {last:.2f}",
    ]
    told = ", ".join(part for part in parts if part)
    return (
        f"Rating {told}. From {words.reviews(count)} with stars that we have, "
        "not the platform’s own figure."
    )


def is_ready(client: str, link: str) -> str:
    """The message with which a report goes out."""
    return f"The report about {client} is ready. It is on a private page for you: {link}"


README = """{title}

{cover}

What lies here
  evidence.pdf    everything to read and to print
  pages/          a copy of each review as a small page; index.html lists them
  reviews.json    the same for programs, word for word
  manifest.json   which file belongs to what, with a hash of each
  SHA256SUMS      the same hashes, for a command that checks them

How to check that nothing was changed
  In this folder run:  sha256sum -c SHA256SUMS
  Each line has to end with OK.

What the hashes are
  In reviews.json "sha256" is of "content" as it was when it was saved: as JSON with sorted keys,
  without spaces, in UTF-8. "page_sha256" is of the page as it was then. Where something had to be
  removed later, "note" says so, and the content no longer fits its hash. That is on purpose: the
  hash still proves what was there to whoever has an earlier copy.

What this is not
  It is a copy that Nightdesk made from what each platform told it. It is no proof of who wrote it.
  It holds names and words of people. Keep it only as long as you need it.
"""
