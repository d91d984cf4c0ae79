"""One place of an action: keep what stands there, send once, read back, and remember either way."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from api import words_acting
from api.acting.settle import settle
from api.database import Reader, Writer, reading, transaction
from api.items.item import SourceTrouble
from api.lifecycle import result as lifecycle
from api.lifecycle import timeline
from api.models import Action as Decided
from api.models import Result, Source
from api.settings import settings
from workers import practice_actor
from workers.places import Visit, calls, visit
from workers.platforms import ACTORS, CONNECTORS
from workers.platforms.acting import acted, observed
from workers.platforms.calls import Calls, agreed_shape
from workers.platforms.connector import Action, Actor, ActVerb, Outcome

_LATE = "There was no answer in time."
# What no listing shows, as a report: the platform’s yes is all there is.
_UNSEEN = ("unknown", "by_hand")
_FINAL = ("auth_expired", "permission", "gone", "unavailable_capability", "policy_blocked")


async def due(session: Reader) -> list[UUID]:
    """The places where something is to be done, or was begun by somebody who died over it."""
    return await lifecycle.due(session)


async def carry_out(result_id: UUID) -> None:
    """Do what is next at one place.

    Whoever dies before the request leaves has only noted it; whoever dies after it is followed by
    one that looks at the place, and sends nothing before the first can no longer take effect.
    """
    async with transaction() as session:
        result = await lifecycle.claim(session, result_id)
        if result is None:
            return
        source = await session.get_one(Source, result.source_id)
    if lifecycle.is_too_late(result):
        await _note(result, Outcome("unknown", _LATE))
        return
    try:
        async with reading() as session:
            look = await visit(session, source)
        practice = look.client.practice
        async with calls(CONNECTORS[source.kind].judge, practice=practice) as out:
            actor = practice_actor if practice else ACTORS[source.kind]
            await _on(_Hand(result, look, out, actor))
    except SourceTrouble as trouble:
        await _trouble(result, trouble)


@asynccontextmanager
async def _telling(result: Result) -> AsyncIterator[Writer]:
    """What a place shows, and what that makes of the action, are written in one breath.

    Whoever died between the two would leave an action under way that nobody finds again.
    """
    async with transaction() as session:
        decided = await session.get_one(Decided, result.action_id)
        await timeline.hold(session, decided.incident_id)
        yield session
        await settle(session, result.action_id)


class _Hand:
    """One result at its place, with the way out to it."""

    def __init__(self, result: Result, look: Visit, out: Calls, actor: Actor) -> None:
        self.result, self.look, self.out, self.actor = result, look, out, actor

    def action(self) -> Action:
        """What the platform is asked for; `before` travels with it on every try."""
        result = self.result
        kept = dict(result.before or {})
        params = dict(result.params)
        if result.way == "back":
            params |= kept | ({"made": result.made} if result.made else {})
        elif kept:
            params["before"] = kept
        key = f"{result.id}:{result.way}"
        return Action(cast("ActVerb", result.verb_now), result.target, params, key)


async def _on(hand: _Hand) -> None:
    """From where it stands to where it must wait; each step is written before the next."""
    if hand.result.state == "preparing":
        await _prepare(hand)
    if hand.result.state == "sending":
        await _send(hand)
    elif hand.result.state in ("looking", "lost"):
        await _note(hand.result, await _look(hand))


async def _prepare(hand: _Hand) -> None:
    """What was kept once stays: after a first try, what stands there is no longer what stood."""
    kept = hand.result.before
    before = await _stood(hand) if kept is None else kept
    async with transaction() as session:
        hand.result = await lifecycle.keep(session, hand.result, before) or hand.result


async def _stood(hand: _Hand) -> Mapping[str, Any]:
    try:
        async with asyncio.timeout(settings.act_timeout.total_seconds()):
            with agreed_shape():
                return await hand.actor.before(hand.out, hand.look.place, hand.action())
    except TimeoutError:
        raise SourceTrouble("transient", _LATE) from None


async def _send(hand: _Hand) -> None:
    async with transaction() as session:
        ours = await lifecycle.sending(session, hand.result)
    if ours is None:
        return
    hand.result = ours
    sent = await _within(acted(hand.actor, hand.out, hand.look.place, hand.action()))
    if sent.state in ("rejected", "by_hand"):
        await _note_no(hand.result, sent)
        return
    seen = await _look(hand) if sent.state == "done" else replace(sent, state="unknown")
    if sent.state == "done" and seen.state in _UNSEEN:
        seen = Outcome("done", sent.detail or words_acting.NOT_READ_BACK)
    await _note(hand.result, replace(seen, made=sent.made or seen.made))


async def _look(hand: _Hand) -> Outcome:
    return await _within(observed(hand.actor, hand.out, hand.look.place, hand.action()))


async def _within(asked: Coroutine[Any, Any, Outcome]) -> Outcome:
    try:
        async with asyncio.timeout(settings.act_timeout.total_seconds()):
            return await asked
    except TimeoutError:
        return Outcome("unknown", _LATE)


async def _note_no(result: Result, said: Outcome) -> None:
    async with _telling(result) as session:
        no = lifecycle.by_hand if said.state == "by_hand" else lifecycle.refuse
        await no(session, result, said.detail)


async def _note(result: Result, seen: Outcome) -> None:
    """What the place shows: it is there, it is not there yet, or nobody can say."""
    async with _telling(result) as session:
        if seen.state == "done":
            await lifecycle.seen(session, result, seen.detail, seen.made)
        else:
            absent = seen.state in ("rejected", "pending")
            await lifecycle.not_yet(session, result, seen.detail, absent=absent)


async def _trouble(result: Result, trouble: SourceTrouble) -> None:
    """What will not pass by itself is a no; the rest is tried again until a hand is asked."""
    async with _telling(result) as session:
        if result.state != "lost" and (trouble.permanent or trouble.health in _FINAL):
            await lifecycle.refuse(session, result, trouble.detail)
        else:
            await lifecycle.not_yet(session, result, trouble.detail, absent=False)
