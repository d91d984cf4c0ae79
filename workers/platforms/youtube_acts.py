"""What a channel can do on YouTube: hide, delete, reply, ban a writer, make a video private.

Bans and rejected comments are in no listing; everything else is read back.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from api.items.checks import moment
from api.items.item import SourceTrouble
from workers.platforms.calls import Calls
from workers.platforms.connector import Action, ActVerb, Outcome, Place
from workers.platforms.google_errors import listed
from workers.platforms.youtube import API, HELD, PAGE, pages_of, signed, threads

LONGEST_REPLY = 10_000
MOST_PAGES = 10
# What may be sent with a video's status; the rest is YouTube's own and refused.
WRITABLE = (
    "privacyStatus", "publishAt", "license", "embeddable", "publicStatsViewable",
    "selfDeclaredMadeForKids", "containsSyntheticMedia",
)  # fmt: skip
BY_HAND = "YouTube offers no way to do this. Use YouTube Studio."
TOO_MANY = Outcome("unknown", "There are too many comments to find it. Look in YouTube Studio.")
_GONE: Mapping[ActVerb, Outcome] = {
    "hide": Outcome("done", "The comment is gone."),
    "delete": Outcome("done"),
    "unreply": Outcome("done"),
    "take_down": Outcome("done", "The video is gone."),
}
Do = Callable[[Calls, Place, Action], Awaitable[Outcome]]


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Do it, once. `target` is a comment, for take_down and restore a video.

    A block rejects the comment too, for YouTube bans a writer by a comment alone. unreply takes
    the id of our own reply, in `params["made"]` or as the target.
    """
    return await _or_gone(_ACTS, calls, place, action)


async def before(calls: Calls, place: Place, action: Action) -> Mapping[str, Any]:
    """What restoring will need: the `status` of the video, before it is made private."""
    if action.verb != "take_down":
        return {}
    return {"status": await _status(calls, place, action.target)}


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back what an action wanted, from YouTube's own listings."""
    return await _or_gone(_SHOWN, calls, place, action)


async def _or_gone(
    known: Mapping[ActVerb, Do], calls: Calls, place: Place, action: Action
) -> Outcome:
    if action.verb not in known:
        return Outcome("by_hand", BY_HAND)
    try:
        return await known[action.verb](calls, place, action)
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        return _GONE.get(action.verb, Outcome("rejected", trouble.detail))


async def _moderate(calls: Calls, place: Place, action: Action) -> Outcome:
    wanted = {"hide": HELD, "unhide": "published", "block": "rejected"}[action.verb]
    asked = {"id": action.target, "moderationStatus": wanted}
    asked |= {"banAuthor": "true"} if action.verb == "block" else {}
    url = f"{API}/comments/setModerationStatus"
    await calls.write("POST", url, params=asked, headers=signed(place))
    return Outcome("done")


async def _delete(calls: Calls, place: Place, action: Action) -> Outcome:
    asked = {"id": action.target}
    await calls.write("DELETE", f"{API}/comments", params=asked, headers=signed(place))
    return Outcome("done")


async def _unreply(calls: Calls, place: Place, action: Action) -> Outcome:
    """Only what the channel itself has said is taken back."""
    asked = {"part": "snippet", "id": _made(action)}
    told = await calls.get(f"{API}/comments", params=asked, headers=signed(place))
    found = listed(told.object, "items", "id")
    if not found:
        return _GONE["unreply"]
    if not _is_ours(found[0].get("snippet") or {}, place):
        return Outcome("rejected", "These are not the channel’s own words.")
    return await _delete(calls, place, replace(action, target=_made(action)))


async def _reply(calls: Calls, place: Place, action: Action) -> Outcome:
    text = action.params["text"]
    if len(text) > LONGEST_REPLY:
        return Outcome("rejected", f"YouTube takes {LONGEST_REPLY} characters, this is longer.")
    made = await calls.write(
        "POST", f"{API}/comments", params={"part": "snippet"}, headers=signed(place),
        json={"snippet": {"parentId": _thread(action.target), "textOriginal": text}},
    )  # fmt: skip
    return Outcome("done", made=str(made.object.get("id", "")))


async def _take_down(calls: Calls, place: Place, action: Action) -> Outcome:
    """A planned publication goes with it: it would bring the video back by itself."""
    now = await _status(calls, place, action.target)
    stood = action.params.get("before") or {"status": now}
    kept = {name: value for name, value in now.items() if name != "publishAt"}
    if now == kept | {"privacyStatus": "private"}:
        return Outcome("done", "The video is private.", before=stood)
    return await _set(calls, place, action.target, kept | {"privacyStatus": "private"}, stood)


async def _restore(calls: Calls, place: Place, action: Action) -> Outcome:
    now = await _status(calls, place, action.target)
    return await _set(calls, place, action.target, _wanted(action, calls.now), {"status": now})


async def _set(
    calls: Calls, place: Place, video: str, status: Mapping[str, Any], stood: Mapping[str, Any]
) -> Outcome:
    try:
        told = await calls.write(
            "PUT", f"{API}/videos", params={"part": "status"}, headers=signed(place),
            json={"id": video, "status": dict(status)},
        )  # fmt: skip
    except SourceTrouble as trouble:
        if trouble.health != "outcome_unknown":
            raise
        return Outcome("unknown", trouble.detail, before=stood)
    shown = (told.object.get("status") or {}).get("privacyStatus")
    done = shown == status["privacyStatus"]
    return Outcome("done" if done else "pending", before=stood)


async def _status(calls: Calls, place: Place, video: str) -> dict[str, Any]:
    asked = {"part": "status", "id": video}
    told = await calls.get(f"{API}/videos", params=asked, headers=signed(place))
    found = listed(told.object, "items", "id")
    if not found:
        raise SourceTrouble("gone", "The video is gone.", permanent=True)
    status = found[0].get("status") or {}
    return {name: status[name] for name in WRITABLE if name in status}


def _wanted(action: Action, now: datetime) -> dict[str, Any]:
    """What was before, without a publication planned for a moment that is over."""
    status = dict(action.params["status"])
    planned = moment(status.get("publishAt"))
    if planned is None or planned <= now:
        status.pop("publishAt", None)
    return status


async def _shown_private(calls: Calls, place: Place, action: Action) -> Outcome:
    status = await _status(calls, place, action.target)
    down = status.get("privacyStatus") == "private" and "publishAt" not in status
    return _so(done=down, otherwise="The video is not private.")


async def _shown_restored(calls: Calls, place: Place, action: Action) -> Outcome:
    status = await _status(calls, place, action.target)
    return _so(done=status == _wanted(action, calls.now), otherwise="It is not as it was.")


async def _shown_hidden(calls: Calls, place: Place, action: Action) -> Outcome:
    held = await _listed(calls, place, action.target, HELD)
    if held or held is None:
        return Outcome("done") if held else TOO_MANY
    there = await _there(calls, place, action.target)
    return _so(done=not there, otherwise="The comment can still be seen.")


async def _shown_again(calls: Calls, place: Place, action: Action) -> Outcome:
    held = await _listed(calls, place, action.target, HELD)
    if held or held is None:
        return Outcome("rejected", "The comment is still held back.") if held else TOO_MANY
    there = await _there(calls, place, action.target)
    return _so(done=there, otherwise="The comment is gone.")


async def _shown_deleted(calls: Calls, place: Place, action: Action) -> Outcome:
    target = _made(action) if action.verb == "unreply" else action.target
    there = await _there(calls, place, target)
    return _so(done=not there, otherwise="The comment is still there.")


async def _shown_blocked(calls: Calls, place: Place, action: Action) -> Outcome:
    for status in ("", HELD):
        found = await _listed(calls, place, action.target, status)
        if found:
            return Outcome("rejected", "The comment is still there, so nobody was blocked.")
        if found is None:
            return TOO_MANY
    return Outcome("done", "The comment is out. YouTube shows no list of who is blocked.")


async def _shown_reply(calls: Calls, place: Place, action: Action) -> Outcome:
    asked = {
        "part": "snippet", "parentId": _thread(action.target),
        "maxResults": str(PAGE), "textFormat": "plainText",
    }  # fmt: skip
    async for page in pages_of(calls, place, "comments", asked):
        for one in listed(page, "items", "id"):
            if _said_by_us(one.get("snippet") or {}, place, action.params["text"]):
                return Outcome("done", made=one["id"])
    return Outcome("rejected", "The reply is not there.")


def _said_by_us(said: Mapping[str, Any], place: Place, text: str) -> bool:
    shown = said.get("textOriginal") or said.get("textDisplay") or ""
    return _is_ours(said, place) and shown.strip() == text.strip()


def _is_ours(said: Mapping[str, Any], place: Place) -> bool:
    return bool((said.get("authorChannelId") or {}).get("value") == place.ids["channel"])


async def _listed(calls: Calls, place: Place, comment: str, status: str) -> bool | None:
    """Whether the comment is in that listing; None when the listing is too long to know."""
    number = 0
    async for page in threads(calls, place, status):
        for one in listed(page, "items", "id"):
            replies = listed(one.get("replies") or {}, "comments", "id")
            if comment in (one["id"], *(reply["id"] for reply in replies)):
                return True
        number += 1
        if number == MOST_PAGES:
            return None if page.get("nextPageToken") else False
    return False


async def _there(calls: Calls, place: Place, comment: str) -> bool:
    """Whether a comment exists. By its id YouTube tells nothing of its moderation."""
    asked = {"part": "id", "id": comment}
    try:
        told = await calls.get(f"{API}/comments", params=asked, headers=signed(place))
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        return False
    return bool(listed(told.object, "items"))


def _made(action: Action) -> str:
    return str(action.params.get("made") or action.target)


def _thread(comment: str) -> str:
    """A reply’s id is that of its thread, a dot, and its own."""
    return comment.partition(".")[0]


def _so(*, done: bool, otherwise: str) -> Outcome:
    return Outcome("done") if done else Outcome("rejected", otherwise)


_ACTS: Mapping[ActVerb, Do] = {
    "hide": _moderate, "unhide": _moderate, "block": _moderate, "delete": _delete,
    "reply": _reply, "unreply": _unreply, "take_down": _take_down, "restore": _restore,
}  # fmt: skip
VERBS = frozenset(_ACTS)
_SHOWN: Mapping[ActVerb, Do] = {
    "hide": _shown_hidden, "unhide": _shown_again, "block": _shown_blocked,
    "delete": _shown_deleted, "unreply": _shown_deleted, "reply": _shown_reply,
    "take_down": _shown_private, "restore": _shown_restored,
}  # fmt: skip
