"""What can be done at Mastodon: answer, post, take back, block and report."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from api.items.checks import MAX_TEXT, moment
from api.items.item import SourceTrouble
from api.items.text import without_markup
from workers.platforms.calls import Calls
from workers.platforms.connector import Action, ActVerb, Outcome, Place, nothing_before
from workers.platforms.mastodon_http import NOT_TAKEN, address, get, own_id, signed

LONGEST_REASON = 1000
# A post with the same words that is older than this is another one.
SAME_POST = timedelta(days=1)
_CATEGORIES = ("spam", "legal", "violation", "other")
_NO_WAY = "Mastodon offers no way to do this."
_GONE = "The post is gone."
_NOBODY = "The post is gone, and with it whom to block."
_NO_WAYS: Mapping[ActVerb, str] = {
    "delete": "Mastodon lets nobody delete what others wrote. Block them or report it.",
}
# Numbers at Mastodon, letters too at servers that speak its language; never a way elsewhere.
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
Step = Callable[[Calls, Place, Action], Awaitable[Outcome]]
before = nothing_before


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Do one thing, once; what the server finds wrong with a text is said."""
    deed = _DEEDS.get(action.verb)
    if deed is None:
        return Outcome("by_hand", _NO_WAYS.get(action.verb, _NO_WAY))
    try:
        return await deed(calls, place, action)
    except SourceTrouble as trouble:
        if trouble.health != NOT_TAKEN:
            raise
        return Outcome("rejected", trouble.detail)


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back what an action wanted."""
    look = _LOOKS.get(action.verb)
    if look is None:
        return Outcome("by_hand", _NO_WAYS.get(action.verb, _NO_WAY))
    return await look(calls, place, action)


async def _say(calls: Calls, place: Place, action: Action) -> Outcome:
    """An answer begins with the name of whom it answers: without it nobody is told there."""
    said: dict[str, Any] = {"status": action.params["text"]}
    if action.verb == "reply":
        parent = await _post(calls, place, action.target)
        if parent is None:
            return Outcome("rejected", _GONE)
        said["status"] = f"@{parent['account']['acct']} {said['status']}"
        said |= {"in_reply_to_id": parent["id"], "visibility": parent.get("visibility", "public")}
    once = {"Idempotency-Key": action.key} if action.key else {}
    made = await _write(calls, place, "POST", "v1/statuses", said, once)
    return Outcome("done", made=str(made.get("id", "")))


async def _observe_said(calls: Calls, place: Place, action: Action) -> Outcome:
    me = await own_id(calls, place)
    if action.verb == "reply":
        listed = await _answers(calls, place, action.target)
    else:
        recent = {"limit": 40, "exclude_replies": "true"}
        listed = await get(calls, place, f"v1/accounts/{me}/statuses", **recent)
    for one in listed:
        if str(one["account"]["id"]) == me and _same(one, action, place.now):
            return Outcome("done", made=str(one["id"]))
    return Outcome("rejected", "The post is not there.")


async def _answers(calls: Calls, place: Place, target: str) -> list[dict[str, Any]]:
    """The direct answers to one post; none when it is gone."""
    try:
        thread = await get(calls, place, f"v1/statuses/{_id(target)}/context")
    except SourceTrouble as trouble:
        if trouble.health == "gone":
            return []
        raise
    return [one for one in thread["descendants"] if str(one.get("in_reply_to_id")) == target]


def _same(one: Mapping[str, Any], action: Action, now: datetime) -> bool:
    """Servers dress a text as HTML and put names before it, so its words are looked for."""
    shown = " ".join(without_markup(str(one.get("content") or ""), MAX_TEXT).split())
    wanted = " ".join(action.params["text"].split())
    at = moment(one.get("created_at"))
    return wanted in shown and at is not None and at >= now - SAME_POST


async def _take_back(calls: Calls, place: Place, action: Action) -> Outcome:
    post = await _ours(calls, place, action)
    if post is None:
        return Outcome("done")
    try:
        await _write(calls, place, "DELETE", f"v1/statuses/{post['id']}")
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
    return Outcome("done")


async def _observe_gone(calls: Calls, place: Place, action: Action) -> Outcome:
    there = await _ours(calls, place, action)
    return Outcome("rejected", "The post is still there.") if there else Outcome("done")


async def _ours(calls: Calls, place: Place, action: Action) -> dict[str, Any] | None:
    """The post to take back: the one that is named, or our answer to the one that is named."""
    me, named = await own_id(calls, place), str(action.params.get("made") or action.target)
    post = await _post(calls, place, named)
    if post is None or str(post["account"]["id"]) == me:
        return post
    answers = await _answers(calls, place, named)
    return next((one for one in answers if str(one["account"]["id"]) == me), None)


async def _block(calls: Calls, place: Place, action: Action) -> Outcome:
    person = await _author(calls, place, action)
    if person is None:
        return Outcome("rejected", _NOBODY)
    await _write(calls, place, "POST", f"v1/accounts/{person}/{action.verb}")
    return Outcome("done")


async def _observe_blocked(calls: Calls, place: Place, action: Action) -> Outcome:
    person = await _author(calls, place, action)
    if person is None:
        return Outcome("rejected", _NOBODY)
    told = await get(calls, place, "v1/accounts/relationships", **{"id[]": person})
    blocked = any(one.get("blocking") for one in told)
    return Outcome("done" if blocked == (action.verb == "block") else "rejected")


async def _report(calls: Calls, place: Place, action: Action) -> Outcome:
    post = await _post(calls, place, action.target)
    if post is None:
        return Outcome("done", _GONE)
    category = str(action.params.get("category"))
    said = {
        "account_id": post["account"]["id"],
        "status_ids": [post["id"]],
        "comment": str(action.params.get("text", ""))[:LONGEST_REASON],
        "category": category if category in _CATEGORIES else "other",
        "forward": True,
    }
    await _write(calls, place, "POST", "v1/reports", said)
    return Outcome("done")


async def _observe_report(_: Calls, __: Place, ___: Action) -> Outcome:
    return Outcome("unknown", "Mastodon shows nobody its reports. Reporting again does no harm.")


async def _author(calls: Calls, place: Place, action: Action) -> str | None:
    """Whom to block: the id that is given, else whoever wrote the post."""
    given = action.params.get("author_id")
    if given:
        return _id(str(given))
    post = await _post(calls, place, action.target)
    return str(post["account"]["id"]) if post else None


async def _post(calls: Calls, place: Place, name: str) -> dict[str, Any] | None:
    """One post; None when it is gone or not for us to see."""
    try:
        found: dict[str, Any] = await get(calls, place, f"v1/statuses/{_id(name)}")
    except SourceTrouble as trouble:
        if trouble.health == "gone":
            return None
        raise
    return found


def _id(text: str) -> str:
    """What may stand in an address; whatever is no id is refused before anything is sent."""
    if not _ID.fullmatch(text):
        raise SourceTrouble(NOT_TAKEN, "This is nothing that Mastodon knows.")
    return text


async def _write(
    calls: Calls, place: Place, method: str, path: str,
    body: Mapping[str, Any] | None = None, more: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    headers = signed(place) | dict(more or {})
    reply = await calls.write(method, address(place, path), json=body or {}, headers=headers)
    return reply.object


_DEEDS: Mapping[ActVerb, Step] = {
    "reply": _say, "publish": _say, "unreply": _take_back,
    "block": _block, "unblock": _block, "report": _report,
}  # fmt: skip
VERBS = frozenset(_DEEDS)
_LOOKS: Mapping[ActVerb, Step] = {
    "reply": _observe_said, "publish": _observe_said, "unreply": _observe_gone,
    "block": _observe_blocked, "unblock": _observe_blocked, "report": _observe_report,
}  # fmt: skip
