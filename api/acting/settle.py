"""When all places of an action came to an end: what that makes of it, and who is told."""

from uuid import UUID

from api import words_acting as words
from api.acting import awake, tell
from api.acting.do import ASK_EVERY
from api.clock import now
from api.database import Writer
from api.lifecycle import action as actions
from api.lifecycle import result as results
from api.lifecycle import statement as statements
from api.lifecycle import timeline
from api.models import Action, Client, Incident, Result, Statement
from api.pulse import clock_time

_LINK = "{link}"


async def settle(session: Writer, action_id: UUID) -> None:
    """Move the action when nothing of it is under way any more; telling happens once a move."""
    known = await session.get_one(Action, action_id)
    await timeline.hold(session, known.incident_id)
    action = await session.get_one(Action, action_id, populate_existing=True)
    places = await results.of_action(session, action_id)
    verb = results.verdict(places)
    if verb and await actions.settle(session, action, verb):
        await _TOLD[action.kind](session, action, places)


async def _take_down(session: Writer, action: Action, places: list[Result]) -> None:
    down = [one.name for one in places if one.way == "there" and one.state == "done"]
    back = [one.name for one in places if one.way == "back" and one.state == "done"]
    missing = [one.name for one in places if one.state != "done"]
    await actions.ask_at(session, action.id, now() + ASK_EVERY if down else None)
    if down and not missing:
        await awake.decided(session, action.incident_id)
    client = await session.get_one(Client, action.client_id)
    at = clock_time(now(), client.zone)
    if back:
        said = words.is_back(client.name, words.listed(back), at, _LINK)
        await tell.owner(session, action, said, "back")
    elif down:
        say = words.are_down if len(set(down)) > 1 else words.is_down
        said = say(client.name, words.listed(down), at, _LINK)
        await tell.owner(session, action, said, "down")
    if missing:
        title = words.not_all_title(client.name, words.listed(missing))
        await _manager(session, action, title, words.NOT_ALL_BODY)
    else:
        title = words.down_title(client.name, words.listed(down or back))
        await _manager(session, action, title, words.DOWN_BODY if down else words.BACK_BODY)


async def _publish(session: Writer, action: Action, places: list[Result]) -> None:
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


async def _small(session: Writer, action: Action, places: list[Result]) -> None:
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
