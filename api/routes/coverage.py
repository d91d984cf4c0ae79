"""The gaps in the cover: everything because of which somebody might not be woken."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api import coverage, words_rota
from api.coverage import Gap
from api.models import Client
from api.pulse import day_and_time
from api.routes.asking import Asker, Reading, may
from api.routes.clients import ClientId
from api.routes.health import BEAT_IS_OLD, PARTS
from api.routes.incident_shapes import UserId
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute
from api.routes.schedule_shapes import ScheduleId
from api.routes.shapes import Out
from api.routes.source_shapes import SourceId

router = APIRouter(prefix="/v1", tags=["on-call"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("oncall:read")]


class GapOut(Out):
    """One gap, in a sentence and in parts.

    `since` is the last moment at which it is known to have been well, null when it never was;
    `from` and `until` are for what lies ahead. `part` is `read` or `ring`.
    """

    object: str = "coverage_gap"
    kind: str
    sentence: str
    since: datetime | None
    start: datetime | None = Field(serialization_alias="from")
    until: datetime | None
    user_id: UserId | None
    client_id: ClientId | None
    source_id: SourceId | None
    schedule_id: ScheduleId | None
    part: str | None


@router.get("/coverage-gaps")
async def list_coverage_gaps(asker: MayRead, session: Reading) -> Page[GapOut]:
    """What is in the way of the next alarm; of the rota, the next seven days."""
    found = await coverage.found(
        session, sees=asker.sees(Client.id), parts=PARTS, beat_is_old=BEAT_IS_OLD
    )
    zone = asker.user.zone if asker.user else "UTC"
    return page([_out(gap, zone) for gap in found])


def _out(gap: Gap, zone: str) -> GapOut:
    return GapOut(
        kind=gap.kind, sentence=_sentence(gap, zone), since=gap.since, start=gap.start,
        until=gap.until, part=gap.part,
        user_id=gap.user and gap.user.id,
        client_id=gap.client and gap.client.id,
        source_id=gap.source and gap.source.id,
        schedule_id=gap.schedule and gap.schedule.id,
    )  # fmt: skip


def _sentence(gap: Gap, zone: str) -> str:
    times = {"since": gap.since, "start": gap.start, "until": gap.until}
    named = {"name": gap.user, "client": gap.client, "source": gap.source, "rota": gap.schedule}
    return words_rota.gap(
        gap.kind, gap.part, detail=gap.detail,
        **{name: day_and_time(at, zone) for name, at in times.items() if at},
        **{name: row.name for name, row in named.items() if row},
    )  # fmt: skip
