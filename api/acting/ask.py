"""Asks the owner about something, or writes down what the owner has said."""

from api.acting import follow, tell
from api.database import Writer
from api.errors import CapabilityMissing, InvalidTransition
from api.lifecycle import action as actions
from api.lifecycle import approval as approvals
from api.lifecycle import timeline
from api.lifecycle.approval import Answer, Subject
from api.lifecycle.timeline import Actor
from api.models import Action, Approval


async def by_link(session: Writer, subject: Subject, *, by: Actor) -> Approval:
    """Ask everybody who may approve, each by a private link of their own."""
    await timeline.hold(session, subject.incident_id)
    asked = await approvals.request(session, subject, by=by)
    if subject.incident_id:
        await timeline.write(session, subject.incident_id, "asked", by=by, code=subject.code)
    await tell.asked(session, asked)
    return asked


async def about_action(session: Writer, action: Action, *, by: Actor) -> Approval:
    """Ask about an action; whoever could be asked before is asked anew."""
    await timeline.hold(session, action.incident_id)
    await session.refresh(action)
    if action.state not in ("proposed", "awaiting_approval", "ready"):
        raise InvalidTransition(
            f"This is {action.state} now: there is nothing to ask.", current_state=action.state,
            allowed=actions.verbs(action.state),
        )  # fmt: skip
    if action.state in ("proposed", "ready"):
        await actions.ask(session, action, by=by)
    return await by_link(session, actions.subject(action), by=by)


async def spoken(session: Writer, subject: Subject, answer: Answer, *, by: Actor) -> Approval:
    """A yes that was said aloud: the owner gets it in writing at once, with a way to object."""
    await timeline.hold(session, subject.incident_id)
    given = await approvals.request(session, subject, by=by)
    await follow.on_yes(session, given, answer, by=by)
    return given


async def remind(session: Writer, asked: Approval) -> Approval:
    """Send the question once more. InvalidTransition when it is answered or over.

    CapabilityMissing where nobody who may answer can be written to.
    """
    if asked.state != "requested":
        raise InvalidTransition(
            f"This is {asked.state} now.", current_state=asked.state,
            allowed=approvals.verbs(asked.state),
        )  # fmt: skip
    await timeline.hold(session, asked.incident_id)
    if not await tell.asked(session, asked, again=True):
        raise CapabilityMissing("There is no way to write to them.", hint="Call instead.")
    return asked
