"""What can be done at TikTok: hide and show comments, answer them, take own ones back."""

from collections.abc import Mapping
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls
from workers.platforms.connector import Action, ActVerb, Outcome, Place, nothing_before
from workers.platforms.tiktok import list_comments
from workers.platforms.tiktok_http import write

LONGEST_REPLY = 150
# Ten pages of thirty: an act that is read back is minutes old.
SEARCHED = 10
VERBS: frozenset[ActVerb] = frozenset({"reply", "unreply", "hide", "unhide"})
_NO_WAY = "TikTok offers no way to do this."
_NO_WAYS: Mapping[ActVerb, str] = {
    "delete": "TikTok lets you delete your own comments only. Hide it.",
}
_FAR_BACK = "The comment is not among the newest 300. Look at it in the app."
Comment = dict[str, Any]
before = nothing_before


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Do one thing, once; `target` is video/comment."""
    if action.verb not in VERBS:
        return Outcome("by_hand", _NO_WAYS.get(action.verb, _NO_WAY))
    if action.verb in ("hide", "unhide"):
        return await _hide(calls, place, action)
    if action.verb == "reply":
        return await _reply(calls, place, action)
    return await _take_back(calls, place, action)


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back what an action wanted, by the list of comments."""
    if action.verb not in VERBS:
        return Outcome("by_hand", _NO_WAYS.get(action.verb, _NO_WAY))
    comment, whole = await _find(calls, place, _named(action))
    if comment is None and not whole:
        return Outcome("unknown", _FAR_BACK)
    if action.verb in ("hide", "unhide"):
        return _hidden(comment, wanted=action.verb == "hide")
    there = _ours(comment, action.params.get("text")) is not None
    if there == (action.verb == "reply"):
        return Outcome("done")
    return Outcome("rejected", "It is still there." if there else "The reply is not there.")


async def _hide(calls: Calls, place: Place, action: Action) -> Outcome:
    video, _, comment = action.target.partition("/")
    wanted = "HIDE" if action.verb == "hide" else "UNHIDE"
    told = {"video_id": video, "comment_id": comment, "action": wanted}
    try:
        await write(calls, place, "business/comment/hide/", **told)
    except SourceTrouble as trouble:
        if trouble.health not in ("gone", "bad_content"):
            raise
        return await _refused(calls, place, action, trouble)
    return Outcome("done")


async def _refused(
    calls: Calls, place: Place, action: Action, trouble: SourceTrouble
) -> Outcome:  # fmt: skip
    """What TikTok does not take may be gone, or so already."""
    there = await observe(calls, place, action)
    return there if there.state == "done" else Outcome("rejected", trouble.detail)


async def _reply(calls: Calls, place: Place, action: Action) -> Outcome:
    text = action.params["text"]
    if len(text) > LONGEST_REPLY:
        return Outcome("rejected", f"TikTok takes {LONGEST_REPLY} characters, this is longer.")
    video, _, comment = action.target.partition("/")
    told = {"video_id": video, "comment_id": comment, "text": text}
    try:
        made = await write(calls, place, "business/comment/reply/create/", **told)
    except SourceTrouble as trouble:
        if trouble.health not in ("gone", "bad_content"):
            raise
        return Outcome("rejected", trouble.detail)
    return Outcome("done", made=f"{video}/{made.get('comment_id', '')}")


async def _take_back(calls: Calls, place: Place, action: Action) -> Outcome:
    """Delete an own comment: the one that is named, or the answer to the one that is named."""
    found, whole = await _find(calls, place, _named(action))
    comment = _ours(found, None)
    if comment is None:
        return Outcome("done") if whole else Outcome("by_hand", _FAR_BACK)
    await write(calls, place, "business/comment/delete/", comment_id=str(comment["comment_id"]))
    return Outcome("done")


async def _find(calls: Calls, place: Place, target: str) -> tuple[Comment | None, bool]:
    """One comment or answer, and whether all of them were looked at."""
    video, _, name = target.partition("/")
    cursor = 0
    for _ in range(SEARCHED):
        page = await list_comments(calls, place, video, cursor)
        for one in page.get("comments", []):
            for each in (one, *(one.get("reply_list") or [])):
                if str(each["comment_id"]) == name:
                    return each, True
        if not page.get("has_more"):
            return None, True
        cursor = page.get("cursor", 0)
    return None, False


def _hidden(comment: Comment | None, *, wanted: bool) -> Outcome:
    if comment is None:
        return Outcome("done" if wanted else "rejected", "The comment is gone.")
    if (comment.get("status") == "HIDDEN") == wanted:
        return Outcome("done")
    return Outcome("rejected", "TikTok does not show it so.")


def _ours(comment: Comment | None, text: str | None) -> Comment | None:
    """What we said: the comment itself, or the first answer under it."""
    there = [comment, *(comment.get("reply_list") or [])] if comment else []
    ours = [one for one in there if one.get("owner") and text in (None, one.get("text"))]
    return ours[0] if ours else None


def _named(action: Action) -> str:
    return str(action.params.get("made") or action.target)
