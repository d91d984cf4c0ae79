"""What can be done at Bluesky: answer, post, take back, block, report, hide, close and open."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from workers.platforms import bluesky_gates as gates
from workers.platforms.bluesky_records import (
    LONGEST_POST,
    POST,
    create,
    delete,
    is_of,
    own_posts,
    post,
    record,
    rkey,
    seen,
    stamp,
    too_long,
)
from workers.platforms.bluesky_server import Server, visit
from workers.platforms.calls import Calls
from workers.platforms.connector import Action, ActVerb, Outcome, Place

BLOCK = "app.bsky.graph.block"
# A post with the same words that is older than this is another one.
SAME_POST = timedelta(days=1)
_REASONS = {
    "spam": "reasonSpam", "violation": "reasonViolation", "misleading": "reasonMisleading",
    "sexual": "reasonSexual", "rude": "reasonRude", "other": "reasonOther",
}  # fmt: skip
_NO_WAYS: Mapping[ActVerb, str] = {
    "delete": "Bluesky lets nobody delete what others wrote. Hide it or report it.",
}
_GONE = "The post is gone."
_NO_WAY = "Bluesky offers no way to do this."
Step = Callable[[Server, Action, datetime], Awaitable[Outcome]]


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Do one thing, once; what is done already is done."""
    if action.verb not in VERBS:
        return Outcome("by_hand", _NO_WAYS.get(action.verb, _NO_WAY))
    return await visit(calls, place, partial(_act, action, place.now))


async def before(calls: Calls, place: Place, action: Action) -> Mapping[str, Any]:
    """What opening the comments again will need, before they are closed."""
    if action.verb != "close_comments":
        return {}
    return await visit(calls, place, partial(_before, action))


async def _before(action: Action, at: Server) -> Mapping[str, Any]:
    return await gates.standing(at, action)


async def _act(action: Action, now: datetime, at: Server) -> Outcome:
    return await _DEEDS[action.verb](at, action, now)


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back what an action wanted."""
    if action.verb not in VERBS:
        return Outcome("by_hand", _NO_WAYS.get(action.verb, _NO_WAY))
    return await visit(calls, place, partial(_observe, action, place.now))


async def _observe(action: Action, now: datetime, at: Server) -> Outcome:
    return await _LOOKS[action.verb](at, action, now)


async def _say(at: Server, action: Action, now: datetime) -> Outcome:
    text = action.params["text"]
    if too_long(text):
        return Outcome("rejected", f"Bluesky takes {LONGEST_POST} characters, this is longer.")
    answers: dict[str, Any] | None = None
    if action.verb == "reply":
        parent = (await seen(at, action.target)).get(action.target)
        if parent is None:
            return Outcome("rejected", _GONE)
        if (parent.get("viewer") or {}).get("replyDisabled"):
            return Outcome("rejected", "The author lets nobody answer there.")
        here = {"uri": parent["uri"], "cid": parent["cid"]}
        root = ((parent.get("record") or {}).get("reply") or {}).get("root")
        answers = {"root": root or here, "parent": here}
    return Outcome("done", made=await create(at, POST, post(text, now, answers)))


async def _take_back(at: Server, action: Action, _: datetime) -> Outcome:
    """Delete an own post: the one that is named, or the answer to the one that is named."""
    target = action.params.get("made") or action.target
    if not is_of(target, at.did):
        answers = [one for one in await own_posts(at) if _parent(one) == target]
        if not answers:
            return Outcome("done")
        target = answers[0]["uri"]
    await delete(at, POST, rkey(target))
    return Outcome("done")


async def _observe_gone(at: Server, action: Action, _: datetime) -> Outcome:
    target = action.params.get("made") or action.target
    if is_of(target, at.did):
        there: object = await record(at, POST, rkey(target))
    else:
        there = any(_parent(one) == target for one in await own_posts(at))
    return Outcome("rejected", "The post is still there.") if there else Outcome("done")


async def _block(at: Server, action: Action, now: datetime) -> Outcome:
    there = await _blocking(at, action)
    if bool(there) == (action.verb == "block"):
        return Outcome("done")
    if action.verb == "unblock":
        await delete(at, BLOCK, rkey(there))
        return Outcome("done")
    value = {"$type": BLOCK, "subject": _person(action.target), "createdAt": stamp(now)}
    return Outcome("done", made=await create(at, BLOCK, value))


async def _blocking(at: Server, action: Action) -> str:
    """The record by which this person is blocked; empty when they are not."""
    person = await at.get("app.bsky.actor.getProfile", actor=_person(action.target))
    return str((person.get("viewer") or {}).get("blocking") or "")


async def _report(at: Server, action: Action, _: datetime) -> Outcome:
    found = (await seen(at, action.target)).get(action.target)
    if found is None:
        return Outcome("done", _GONE)
    reason = _REASONS.get(str(action.params.get("category")), "reasonOther")
    subject = {"$type": "com.atproto.repo.strongRef", "uri": found["uri"], "cid": found["cid"]}
    said = {"reason": action.params["text"]} if action.params.get("text") else {}
    body = {"reasonType": f"com.atproto.moderation.defs#{reason}", "subject": subject} | said
    await at.write("com.atproto.moderation.createReport", body)
    return Outcome("done")


def _person(target: str) -> str:
    """Whose: of a person themselves, or of one of their posts."""
    return target.removeprefix("at://").partition("/")[0]


def _parent(one: dict[str, Any]) -> str:
    answers = one.get("value", {}).get("reply") or {}
    return str((answers.get("parent") or {}).get("uri", ""))


async def _observe_answer(at: Server, action: Action, _: datetime) -> Outcome:
    same = [one for one in await _with_words(at, action) if _parent(one) == action.target]
    if not same:
        return Outcome("rejected", "The reply is not there.")
    return Outcome("done", made=str(same[0]["uri"]))


async def _observe_posted(at: Server, action: Action, now: datetime) -> Outcome:
    since = stamp(now - SAME_POST)
    for one in await _with_words(at, action):
        if not _parent(one) and str(one["value"].get("createdAt", "")) >= since:
            return Outcome("done", made=str(one["uri"]))
    return Outcome("rejected", "The post is not there.")


async def _with_words(at: Server, action: Action) -> list[dict[str, Any]]:
    posts = await own_posts(at)
    return [one for one in posts if one["value"].get("text") == action.params["text"]]


async def _observe_blocked(at: Server, action: Action, _: datetime) -> Outcome:
    blocked = bool(await _blocking(at, action))
    return Outcome("done" if blocked == (action.verb == "block") else "rejected")


async def _observe_report(_: Server, __: Action, ___: datetime) -> Outcome:
    return Outcome("unknown", "Bluesky shows nobody its reports. Reporting again does no harm.")


_DEEDS: Mapping[ActVerb, Step] = {
    "reply": _say, "publish": _say, "unreply": _take_back,
    "block": _block, "unblock": _block, "report": _report,
    "hide": gates.hide, "unhide": gates.hide,
    "close_comments": gates.close, "open_comments": gates.open_again,
}  # fmt: skip
VERBS = frozenset(_DEEDS)
_LOOKS: Mapping[ActVerb, Step] = {
    "reply": _observe_answer, "publish": _observe_posted, "unreply": _observe_gone,
    "block": _observe_blocked, "unblock": _observe_blocked, "report": _observe_report,
    "hide": gates.observe_hidden, "unhide": gates.observe_hidden,
    "close_comments": gates.observe, "open_comments": gates.observe,
}  # fmt: skip
