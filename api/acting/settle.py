"""When all places of an action came to an end: what that makes of it, and who is told."""

from uuid import UUID

from api import words_acting as words
from api.acting import awake, tell
from api.acting.do import ASK_EVERY
from api.clock import now
from api.database import Writer
from api.lifecycle import action as actions
from api.lifecycle import down, timeline
from api.lifecycle import result as results
from api.lifecycle import statement as statements
from api.models import Action, Client, Incident, Result, Statement
from api.pulse import clock_time

_LINK = "{link}"
_NEWS = ("executing", "reverting", "failed", "partially_succeeded")


async def settle(session: Writer, action_id: UUID) -> None:
    """Move the action when nothing of it is under way any more; telling happens once a move."""
    known = await session.get_one(Action, action_id)
    await timeline.hold(session, known.incident_id)
    action = await session.get_one(Action, action_id, populate_existing=True)
    places = await results.of_action(session, action_id)
    verb, was = results.verdict(places), action.state
    if verb and await actions.settle(session, action, verb):
        await _TOLD[action.kind](session, action, places, was)


async def _take_down(session: Writer, action: Action, places: list[Result], was: str) -> None:
    """`was` tells the way: of what went down while something came back, nothing is new."""
    way = "back" if any(one.way == "back" for one in places) else "there"
    done = [one.name for one in places if one.way == way and one.state == "done"]
    missing = [one.name for one in places if one.state != "done"]
    asks = action.left_at is None and any(down.still_down(one) for one in places)
    await actions.ask_at(session, action.id, now() + ASK_EVERY if asks else None)
    if way == "there" and done and not missing:
        await awake.decided(session, action.incident_id)
    client = await session.get_one(Client, action.client_id)
    if done and was in _NEWS:
        said = _said(way, client.name, done, clock_time(now(), client.zone))
        await tell.owner(session, action, said, "back" if way == "back" else "down")
    if missing:
        title, body = words.not_all_title(client.name, words.listed(missing)), words.NOT_ALL_BODY
    else:
        title, body = words.all_done(way, client.name, done, [bool(one.done_by) for one in places])
    await _manager(session, action, title, body)


def _said(way: str, client: str, done: list[str], at: str) -> str:
    if way == "back":
        return words.is_back(client, words.listed(done), at, _LINK)
    say = words.are_down if len(set(done)) > 1 else words.is_down
    return say(client, words.listed(done), at, _LINK)


async def _publish(session: Writer, action: Action, places: list[Result], _: str) -> None:
    statement = await session.get_one(Statement, action.statement_id)
    out = [one for one in places if one.state == "done"]
    missing = words.listed([one.name for one in places if one.state != "done"])
    client = await session.get_one(Client, action.client_id)
    if not out:
        await statements.failed(session, statement, missing)
        title = words.not_all_title(client.name, missing)
        await _manager(session, action, title, words.NOT_ALL_BODY)
        return
    links = [{"name": one.name, "made": one.made, "url": one.link} for one in out]
    await statements.published(session, statement, links)
    where, at = words.listed([one.name for one in out]), clock_time(now(), client.zone)
    await tell.owner(session, action, words.went_out(client.name, where, at, _LINK), "out")
    if missing:
        title = words.not_all_title(client.name, missing)
        await _manager(session, action, title, words.NOT_ALL_BODY)


async def _small(session: Writer, action: Action, places: list[Result], _: str) -> None:
    """A reply or a report: told only when a hand is needed."""
    missing = [one for one in places if one.state in ("refused", "lost")]
    if missing:
        client = await session.get_one(Client, action.client_id)
        title = words.not_all_title(client.name, missing[0].name)
        await _manager(session, action, title, words.NOT_ALL_BODY)


async def _manager(session: Writer, action: Action, title: str, body: str) -> None:
    incident = await session.get_one(Incident, action.incident_id)
    await tell.manager(session, incident, title, body, key=f"settled:{action.id}:{action.version}")


_TOLD = {
    "take_down": _take_down,
    "publish_statement": _publish,
    "reply": _small,
    "report": _small,
}
