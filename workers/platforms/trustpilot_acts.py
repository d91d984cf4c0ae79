"""Replies at Trustpilot: sent once, read back from the review itself."""

from typing import Any
from urllib.parse import quote

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls
from workers.platforms.connector import Action, ActVerb, Outcome, Place, nothing_before
from workers.platforms.given import given
from workers.platforms.trustpilot_http import API, answers, signed

VERBS: frozenset[ActVerb] = frozenset({"reply", "unreply"})
BY_HAND = Outcome("by_hand", "Trustpilot offers no way to do this. Use its business app.")
NO_KEYS = Outcome(
    "by_hand", "Replies need the secret of the key and a business user. Reply in the business app."
)
before = nothing_before


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Reply to a review, or take the reply back."""
    if action.verb not in VERBS:
        return BY_HAND
    author = given(place, "author_id")
    if not answers(place) or (action.verb == "reply" and not author):
        return NO_KEYS
    headers = await signed(calls, place)
    if action.verb == "unreply":
        return await _take_back(calls, action, headers)
    said = {"authorBusinessUserId": author, "message": action.params["text"]}
    try:
        await calls.write("POST", f"{_review(action)}/reply", json=said, headers=headers)
    except SourceTrouble as trouble:
        if trouble.health != "bad_content":
            raise
        return Outcome("rejected", trouble.detail)
    return Outcome("done")


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back what an action wanted."""
    if action.verb not in VERBS or not answers(place):
        return BY_HAND
    headers = await signed(calls, place)
    try:
        shown = (await calls.get(_review(action), headers=headers)).object.get("companyReply")
    except SourceTrouble as trouble:
        if trouble.health == "gone" and action.verb == "unreply":
            return Outcome("done", "The review itself is gone.")
        raise
    if action.verb == "unreply":
        return Outcome("pending" if shown else "done")
    if not shown or _words(shown.get("text")) != _words(action.params["text"]):
        return Outcome("rejected", "The reply is not there.")
    return Outcome("done")


async def _take_back(calls: Calls, action: Action, headers: dict[str, str]) -> Outcome:
    """What is already gone is done."""
    try:
        await calls.write("DELETE", f"{_review(action)}/reply", headers=headers)
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
    return Outcome("done")


def _review(action: Action) -> str:
    return f"{API}/private/reviews/{quote(action.target, safe='')}"


def _words(text: Any) -> list[str]:
    return str(text or "").split()
