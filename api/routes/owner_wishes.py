"""What an owner may say after a yes: “not right” and “put it back”; the manager is told."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response

from api import words_owner as words
from api.acting import follow, tell
from api.clock import now
from api.database import Reader, Writer
from api.errors import InvalidTransition, NotThere
from api.ids import decode, encode
from api.lifecycle import action as actions
from api.lifecycle import down, timeline
from api.lifecycle import escalation as escalations
from api.lifecycle import owner_phone as phones
from api.lifecycle.warning import quiet_end
from api.models import Action, Client, Incident
from api.routes import owner_receipt, owner_sees
from api.routes.asking import Reading, Writing, by_link
from api.routes.owner_door import (
    Known,
    PageRoute,
    Visit,
    an_approval,
    answering,
    from_here,
    known_phone,
    managers,
    name_of,
    page,
    see,
)
from api.routes.owner_question import kind_of, places_of
from api.routes.owner_verify import verify_page
from api.routes.shapes import In

router = APIRouter(
    tags=["client page"], include_in_schema=False, route_class=PageRoute, dependencies=[by_link]
)
# The same wish, tapped again, is the same wish; after this long it is another one.
_SAME_WISH = timedelta(minutes=30)


class Wish(In):
    """How soon something is to come back."""

    when: Literal["now", "morning"] = "morning"


@router.get("/p/{token}/not-right/{approval_id}")
async def get_not_right_page(
    token: str, approval_id: str, request: Request, session: Reading
) -> Response:
    """What was noted as agreed, and the button that says that it is not right."""
    visit = await answering(session, token)
    given = await an_approval(session, visit, approval_id)
    if not owner_sees.may_object(visit, given):
        return see(visit.at())
    if await known_phone(session, request, visit) is None:
        return await verify_page(session, request, visit)
    people = await managers(session, visit.client)
    who = await owner_sees.who_said(session, visit, given)
    return page(
        "not_right.html",
        {
            "agreed": owner_sees.agreed(visit, given, who), "code": given.code,
            "places": places_of(given), "text": given.shown.get("text", ""),
            "kind": kind_of(given), "used": given.state == "consumed",
            "here": request.url.path, "home": visit.at(), "people": people,
            "manager": name_of(people),
        },
    )  # fmt: skip


@router.post("/p/{token}/not-right/{approval_id}")
async def post_not_right(
    token: str, approval_id: str, request: Request, session: Writing
) -> Response:
    """Not right: an unused yes counts no more, and the manager is told at once. Said once."""
    from_here(request)
    visit = await answering(session, token)
    given = await an_approval(session, visit, approval_id)
    known = await known_phone(session, request, visit)
    if known is None:
        return see(request.url.path)
    await timeline.hold(session, given.incident_id)
    await session.refresh(given)
    if owner_sees.may_object(visit, given):
        await follow.on_objection(session, given, by=known.actor)
        await phones.used(session, known.phone)
    return see(visit.at())


@router.get("/p/{token}/back/{action_id}")
async def get_back_page(token: str, action_id: str, request: Request, session: Reading) -> Response:
    """What is down, and how soon it is to come back."""
    visit = await answering(session, token)
    action = await _an_action(session, visit, action_id)
    if not await _can_come_back(session, action):
        return see(visit.at())
    if await known_phone(session, request, visit) is None:
        return await verify_page(session, request, visit)
    people = await managers(session, visit.client)
    facts: dict[str, Any] = {
        "places": words.listed([one["name"] for one in action.shown["places"]]),
        "night": await _quiet_until(session, action, visit.client) is not None,
        "here": request.url.path, "home": visit.at(), "people": people,
        "manager": name_of(people),
    }  # fmt: skip
    return page("back.html", facts)


@router.post("/p/{token}/back/{action_id}")
async def post_back(
    token: str, action_id: str, wish: Annotated[Wish, Form()], request: Request, session: Writing
) -> Response:
    """Ask for the way back. Nothing comes back by this: a person decides, and is told."""
    from_here(request)
    visit = await answering(session, token)
    action = await _an_action(session, visit, action_id)
    known = await known_phone(session, request, visit)
    if known is None:
        return see(request.url.path)
    await timeline.hold(session, action.incident_id)
    await session.refresh(action)
    if not await _can_come_back(session, action):
        raise InvalidTransition(current_state=action.state, allowed=[])
    await _ask_back(session, visit, action, known, urgent=wish.when == "now")
    await phones.used(session, known.phone)
    return see(visit.at())


async def _ask_back(
    session: Writer, visit: Visit, action: Action, known: Known, *, urgent: bool
) -> None:
    """Note it and push it: by day at once, at night only what is urgent."""
    lately = [
        one
        for one in await owner_receipt.wishes(session, action)
        if one.created_at > now() - _SAME_WISH
    ]
    if any(one.facts.get("urgent") or not urgent for one in lately):
        return
    incident = await session.get_one(Incident, action.incident_id)
    named = encode("act", action.id)
    morning = None if urgent else await _quiet_until(session, action, visit.client)
    facts: dict[str, Any] = {"name": known.contact.name, "action": named, "urgent": urgent}
    facts["told_at"] = (morning or now()).isoformat()
    facts["places"] = words.listed([one["name"] for one in action.shown["places"]])
    await timeline.write(session, incident.id, "asked_back", by=known.actor, **facts)
    title = words.ASKED_BACK_URGENT if urgent else words.ASKED_BACK
    await tell.manager(
        session, incident, title.format(name=known.contact.name),
        words.TAP_TO_DECIDE.format(client=visit.client.name),
        key=f"asked_back:{action.id}:{now():%Y%m%d%H%M}:{urgent}", by_day=not urgent,
    )  # fmt: skip


async def _can_come_back(session: Reader, action: Action) -> bool:
    return action.state in actions.DONE and await down.stands(session, action)


async def _quiet_until(session: Reader, action: Action, client: Client) -> datetime | None:
    """When the quiet hours of whoever would be told are over; None outside of them."""
    people = await managers(session, client)
    escalation = await escalations.newest(session, action.incident_id)
    has_it = escalation.acknowledged_by if escalation else None
    first = next((one for one in people if one.id == has_it), people[0] if people else None)
    return quiet_end(first) if first else None


async def _an_action(session: Reader, visit: Visit, named: str) -> Action:
    """Something that was done for this client; NotThere for another client's."""
    try:
        found = await session.get(Action, decode("act", named))
    except ValueError:
        found = None
    if found is None or found.client_id != visit.client.id:
        raise NotThere
    return found
