"""An incident to report on, what people add to its report, and the forms it is asked for in."""

from datetime import timedelta
from typing import Any

from api.database import transaction
from api.ids import decode
from api.lifecycle import timeline
from api.models import Action, Incident, Result
from tests.routes.places import a_source, pushes, review

HOSTILE = "<script>alert('x')</script>\"'>\u202eevil &amp; 😀 كانت باردة"
HTML, PDF = {"Accept": "text/html"}, {"Accept": "application/pdf"}
WORDS: dict[str, Any] = {
    "helped": "We called at once.",
    "hindered": "The website took an hour.",
    "changes": [{"what": "A second key", "who": "Rosa", "by": "2026-06-01"}],
    "staff": "Say nothing online. Send guests to us.",
}


async def an_incident(boss, name="Corner", count=4):
    """The id of an incident with four low reviews after six kind ones, and of its client."""
    client, source = await a_source(boss, name)
    owner = {"name": "Rosa", "phone": "+43 660 111 11 11", "email": "rosa@bistro.at"}
    await boss.post(f"/v1/clients/{client}/contacts", owner)
    old = {"stars": 5, "created_at": (boss.world.at - timedelta(days=40)).isoformat()}
    await pushes(boss, source, *[review(100 + number, **old) for number in range(6)])
    reviews = [review(number, text=HOSTILE, author=HOSTILE) for number in range(count)]
    await pushes(boss, source, *reviews)
    await boss.world.works()
    return (await boss.get("/v1/incidents", client_id=client))["data"][0]["id"], client


def at(incident):
    return f"/v1/incidents/{incident}/report"


async def write(incident, kind, **facts):
    async with transaction() as session:
        await timeline.write(session, decode("inc", incident), kind, **facts)


async def takes_down(incident, name="Facebook", way="there"):
    """A place that was taken down, as the rows tell it."""
    async with transaction() as session:
        held = await session.get_one(Incident, decode("inc", incident))
        action = Action(
            incident_id=held.id, client_id=held.client_id, kind="take_down", digest="", code=""
        )
        session.add(action)
        await session.flush()
        result = Result(
            action_id=action.id, name=name, verb="take_down", certainty="proven", way=way
        )
        result.state = "done"
        session.add(result)


async def ends(boss, incident):
    await boss.post(f"/v1/incidents/{incident}/confirm")
    await boss.post(f"/v1/incidents/{incident}/resolve")
