"""What follows from an answer: for the action or the statement, the incident, and whom to tell."""

from uuid import UUID

from api import words_acting as words
from api.acting import tell
from api.database import Reader, Writer
from api.errors import DigestChanged
from api.lifecycle import action as actions
from api.lifecycle import approval as approvals
from api.lifecycle import incident as incidents
from api.lifecycle import statement as statements
from api.lifecycle import timeline
from api.lifecycle.approval import Answer, Subject
from api.lifecycle.timeline import Actor
from api.models import Action, Approval, Client, Incident, Statement


async def subject_of(session: Reader, kind: str, row_id: UUID) -> Subject:
    """What is asked about, as it stands now."""
    if kind == "statement":
        return await statements.subject(session, await session.get_one(Statement, row_id))
    return actions.subject(await session.get_one(Action, row_id))


async def on_yes(session: Writer, given: Approval, answer: Answer, *, by: Actor) -> None:
    """The owner agreed. DigestChanged when the thing is another by now: nothing counts then."""
    await timeline.hold(session, given.incident_id)
    await _is_the_same(session, given)
    await approvals.approve(session, given, answer, by=by)
    if given.subject == "statement":
        statement = await session.get_one(Statement, given.subject_id)
        await statements.approved(session, statement, given.id, by=by)
    else:
        action = await session.get_one(Action, given.subject_id)
        await actions.ready(session, action, by=by)
    await _on_timeline(session, given, "approved", by, how=answer.how)
    await _is_real(session, given, by)
    if answer.how != "standing":
        await tell.agreed(session, given)
    if answer.how == "page":
        await _tell_manager(session, given, words.SAID_YES)


async def on_no(session: Writer, asked: Approval, answer: Answer, *, by: Actor) -> None:
    """The owner does not want it: it is not done, and nobody asks for reasons."""
    await timeline.hold(session, asked.incident_id)
    await approvals.decline(session, asked, answer, by=by)
    if asked.subject == "statement":
        statement = await session.get_one(Statement, asked.subject_id)
        await statements.returned(session, statement, by=by)
    else:
        await actions.cancel(session, await session.get_one(Action, asked.subject_id), by=by)
    await _on_timeline(session, asked, "declined", by, words=answer.words)
    await _tell_manager(session, asked, words.SAID_NO)


async def on_changes(session: Writer, asked: Approval, answer: Answer, *, by: Actor) -> None:
    """The owner wants other words."""
    await timeline.hold(session, asked.incident_id)
    await approvals.request_changes(session, asked, answer, by=by)
    statement = await session.get_one(Statement, asked.subject_id)
    await statements.returned(session, statement, by=by)
    await _on_timeline(session, asked, "changes_asked", by, words=answer.words)
    await _tell_manager(session, asked, words.WANTS_CHANGES)


async def on_revoke(session: Writer, given: Approval, why: str, *, by: Actor) -> None:
    """A yes is taken back before it was used: the thing waits for another one."""
    await timeline.hold(session, given.incident_id)
    await approvals.revoke(session, given, why, by=by)
    await yes_is_gone(session, given, by=by)


async def yes_is_gone(session: Writer, given: Approval, *, by: Actor) -> None:
    """What stood ready on this yes waits again; what nobody answered is not done."""
    if given.subject == "statement":
        statement = await session.get_one(Statement, given.subject_id)
        await statements.yes_is_gone(session, statement, by=by)
        return
    action = await session.get_one(Action, given.subject_id)
    unasked = given.state in ("expired", "withdrawn") and action.state == "awaiting_approval"
    if action.state == "ready":
        await actions.ask(session, action, by=by)
    elif unasked or action.state == "counting_down":
        await actions.cancel(session, action, by=by)


async def on_objection(session: Writer, given: Approval, *, by: Actor) -> None:
    """“Not right”: an unused yes is taken back, and the manager is told at once, used or not."""
    await timeline.hold(session, given.incident_id)
    await approvals.objected(session, given, by=by)
    if given.state == "approved":
        await on_revoke(session, given, words.NOT_RIGHT.format(name=by.name), by=by)
    await _tell_manager(session, given, words.NOT_RIGHT)


async def _is_the_same(session: Reader, given: Approval) -> None:
    subject = await subject_of(session, given.subject, given.subject_id)
    if subject.digest != given.digest:
        raise DigestChanged(f"The question was about {given.code}, this is {subject.code}.")


async def _on_timeline(session: Writer, one: Approval, kind: str, by: Actor, **more: str) -> None:
    if one.incident_id:
        places = words.listed([place["name"] for place in one.shown.get("places", [])])
        facts = {"name": one.contact_name, "code": one.code, "places": places} | more
        await timeline.write(session, one.incident_id, kind, by=by, **dict(facts))


async def _is_real(session: Writer, given: Approval, by: Actor) -> None:
    """A recorded yes confirms the incident by itself: no extra tap at night."""
    incident = await session.get(Incident, given.incident_id) if given.incident_id else None
    if incident and incident.state == "triage":
        await incidents.confirm(session, incident, by=by)


async def _tell_manager(session: Writer, one: Approval, title: str) -> None:
    if one.incident_id:
        incident = await session.get_one(Incident, one.incident_id)
        client = await session.get_one(Client, one.client_id)
        key = f"answer:{one.id}:{one.version}"
        said = title.format(name=one.contact_name)
        body = words.TAP_TO_SEE.format(client=client.name)
        await tell.manager(session, incident, said, body, key=key)
