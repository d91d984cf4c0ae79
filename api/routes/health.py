"""Whether Nightdesk runs, and whether it does its work."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from api import queue
from api.clock import now
from api.database import reading
from api.models import Heartbeat, PushKey
from api.routes.asking import anyone
from api.routes.shapes import Out
from api.settings import settings

router = APIRouter(tags=["health"])

# Both worker processes write a beat after each round of work; several rounds fit into this.
BEAT_IS_OLD = timedelta(seconds=15)
PARTS = ("read", "ring")
# Shown and not needed: alarms leave without the watchdog, whose pings are missed outside, and
# without the listener, whose hints only make a reading come sooner.
_SHOWN = (*PARTS, "watchdog", "listen")


class Liveness(Out):
    """The process answers."""

    state: str


class Readiness(Out):
    """Each part that has to work, and since when it does."""

    ready: bool
    database: bool
    redis: bool
    push_key: bool
    workers: dict[str, datetime]


@router.get("/healthz", dependencies=[anyone])
async def get_liveness() -> Liveness:
    """The process answers."""
    return Liveness(state="alive")


@router.get("/readyz", dependencies=[anyone], responses={503: {"model": Readiness}})
async def get_readiness(response: Response) -> Readiness:
    """200 when alarms can leave. Redis makes them prompt; without it the sweep works on."""
    readiness = await _look()
    response.status_code = 200 if readiness.ready else 503
    return readiness


async def _look() -> Readiness:
    try:
        async with reading() as session:
            found = await session.exec(select(Heartbeat).where(col(Heartbeat.name).in_(_SHOWN)))
            beats = {beat.name: beat.at for beat in found}
            push_key = (await session.exec(select(PushKey.id))).first() is not None
    except (SQLAlchemyError, OSError):
        return Readiness(ready=False, database=False, redis=False, push_key=False, workers={})
    alive = all(name in beats and now() - beats[name] < BEAT_IS_OLD for name in PARTS)
    redis = bool(settings.redis_url) and await queue.reachable()
    return Readiness(
        ready=alive and push_key, database=True, redis=redis, push_key=push_key, workers=beats
    )
