"""The escalation plan: who is rung over which channels, and how long each step waits."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer, emit
from api.ids import decode, encode
from api.lifecycle import device, schedule
from api.models import Counter, EscalationPlan, Incident, User
from api.settings import settings

# Two that can fail for the same reason are no two: these share neither push service nor browser.
AT_ONCE = ("webpush", "pushover", "ntfy")
NOT_SHOWN = ("sms", "email", "apprise")
CALL = ("voice",)
# Phones let the second call of one number within three minutes through Do Not Disturb.
CALL_AGAIN_AFTER = timedelta(seconds=60)

PLACES = ("first", "second", "third")
EVERYONE = "everyone"

Step = dict[str, Any]


async def ladder(session: Reader, *, practice: bool) -> list[User]:
    """Who is rung, in this order: whoever is on shift, then the others by their place.

    Practice rings nobody but the practice person, whatever the rota says.
    """
    on_shift = [] if practice else await schedule.now_on_call(session, now())
    found = await session.exec(
        select(User)
        .where(
            User.practice == practice,
            col(User.ring_order).is_not(None) | col(User.id).in_(on_shift),
        )
        .order_by(col(User.ring_order), col(User.id))
    )
    place = {user_id: number for number, user_id in enumerate(on_shift)}
    return sorted(found, key=lambda user: place.get(user.id, len(place)))


async def frozen(session: Reader, incident: Incident, *, as_set: bool = True) -> dict[str, Any]:
    """The plan of an incident as it is now, with people where it names places.

    `as_set` is False after a round that rang nobody: then the default holds.
    """
    people = await ladder(session, practice=incident.practice)
    by_default = incident.practice or not as_set
    kept = None if by_default else await in_force(session, incident.client_id)
    critical = incident.severity == "critical"
    if kept is None:
        steps = [
            step for user in people for step in await of_person(session, user, critical=critical)
        ]
    else:
        steps = [_resolved(step, people) for step in kept.steps]
    return {"steps": steps, "repeat_seconds": settings.repeat_every.total_seconds()}


async def of_person(session: Reader, user: User, *, critical: bool = True) -> list[Step]:
    """The default steps of one person; whoever cannot be rung at all is one step, not three."""
    live = await device.live_of(session, user.id)
    if not live:
        return [_step([user.id], AT_ONCE, timedelta())]
    calls = any(one.channel in CALL for one in live)
    steps = default_steps(critical=critical, calls=calls)
    return [{**step, "people": [str(user.id)]} for step in steps]


def default_steps(*, critical: bool = True, calls: bool = True) -> list[Step]:
    """Push at once, another channel when no phone has shown it, two calls, then somebody else.

    Only an alarm that is critical takes an independent channel from the beginning on. Where there
    is no number to call, `calls` is false, and one step says so instead of two.
    """
    at_once, later = (AT_ONCE, NOT_SHOWN) if critical else (("webpush",), (*AT_ONCE, *NOT_SHOWN))
    second, call = settings.receipt_within, settings.call_after
    return [
        _step([], at_once, second),
        _step([], later, call - second) | {"unless_shown": True},
        *_calls(settings.next_person_after - call, twice=calls),
    ]


def _calls(wait: timedelta, *, twice: bool) -> list[Step]:
    again = min(CALL_AGAIN_AFTER, wait)
    waits = [again, wait - again] if twice else [wait]
    return [_step([], CALL, one) for one in waits]


def _step(people: list[UUID], channels: tuple[str, ...], wait: timedelta) -> Step:
    return {
        "people": [str(one) for one in people],
        "channels": list(channels),
        "wait_seconds": wait.total_seconds(),
    }


def without(step: Step, person: UUID) -> Step:
    """The same step without one person."""
    return {**step, "people": [one for one in step["people"] if one != str(person)]}


def _resolved(step: Step, people: list[User]) -> Step:
    who = step["who"]
    if who == EVERYONE:
        found = [str(user.id) for user in people]
    elif who in PLACES:
        place = PLACES.index(who)
        found = [str(user.id) for user in people[place : place + 1]]
    else:
        found = [str(decode("usr", who))]
    return {**step, "people": found}


async def in_force(session: Reader, client_id: UUID | None) -> EscalationPlan | None:
    """The plan of a client, else that of the agency, else None: the default."""
    own = await kept(session, client_id) if client_id else None
    return own or await kept(session, None)


async def hold(session: Writer) -> None:
    """One change of a plan at a time: whoever comes second finds another version."""
    await session.get(Counter, "event", with_for_update=True)


async def kept(session: Reader, client_id: UUID | None) -> EscalationPlan | None:
    """The stored plan of exactly this client, or of the agency (None)."""
    return (
        await session.exec(select(EscalationPlan).where(EscalationPlan.client_id == client_id))
    ).first()


async def replace(session: Writer, client_id: UUID | None, steps: list[Step]) -> EscalationPlan:
    """Set a plan; an incident that is open keeps the one it began with."""
    row = await kept(session, client_id) or EscalationPlan(client_id=client_id, version=0)
    row.steps, row.version = steps, row.version + 1
    session.add(row)
    await session.flush()
    _tell(session, client_id)
    return row


async def forget(session: Writer, row: EscalationPlan) -> None:
    """Back to what holds without it."""
    await session.delete(row)
    _tell(session, row.client_id)


async def rings_somebody(session: Reader) -> bool:
    """Whether the plan that the agency has set reaches any device of anybody."""
    row = await kept(session, None)
    if row is None:
        return True
    people = await ladder(session, practice=False)
    for step in (_resolved(one, people) for one in row.steps):
        for person in step["people"]:
            live = await device.live_of(session, UUID(person))
            if any(one.channel in step["channels"] for one in live):
                return True
    return False


def _tell(session: Writer, client_id: UUID | None) -> None:
    about = {"object": "escalation_plan", "client_id": client_id and encode("cli", client_id)}
    emit(session, "escalation_plan.changed", client_id=client_id, object=about)
