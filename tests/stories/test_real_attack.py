"""Towns, May 2014: a documented attack, read from a feed by the real poller on the real road.

The series is real (see tests/data/README.md); the gaps between its reviews are skipped by moving
the clock. `make real` prints the run that the README shows.
"""

import csv
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.ids import encode
from api.models import Incident, Review
from tests.world import PASSWORD
from workers.practice_feed import PracticeReview
from workers.rules.words import counted

SERIES = Path(__file__).parent.parent / "data" / "steam_towns.csv.gz"
CALM_YEAR = datetime(2013, 5, 6, 20, tzinfo=UTC)
ATTACK = datetime(2014, 5, 6, 20, tzinfo=UTC), datetime(2014, 5, 10, tzinfo=UTC)
_NEWEST = 20


def reviews() -> Iterator[PracticeReview]:
    """Every review of the series: when it was written, and its stars."""
    with gzip.open(SERIES, "rt") as lines:
        for number, line in enumerate(csv.DictReader(lines)):
            at = datetime.fromtimestamp(int(line["ts"]), tz=UTC)
            yield PracticeReview(f"towns-{number}", "", at, int(line["rating"]))


def history_file(before: datetime) -> bytes:
    """What was written before, as the file that a manager would import."""
    lines = ["id,created_at,stars"]
    lines += [f"{r.external_id},{r.at.isoformat()},{r.stars}" for r in reviews() if r.at < before]
    return "\n".join(lines).encode()


@pytest.mark.timeout(300)
async def test_the_real_attack_opens_an_incident_and_the_year_before_it_hardly_any(
    small_world, capsys
):
    world = small_world
    world.at = CALM_YEAR - timedelta(hours=1)
    mia = await world.hires("Mia", role="owner")
    await mia.gets_a_phone()
    client = await world.looks_after("Towns", by=mia)
    await _import_history(world, mia, client)
    assert await world.rows(Incident) == []

    before: list[Incident] = []
    read, found = 0, []
    for review in (r for r in reviews() if CALM_YEAR <= r.at < ATTACK[1]):
        world.site.feed.reviews = [*world.site.reviews[-_NEWEST:], review]
        world.at = max(world.at, review.at) + timedelta(minutes=7)
        await world.works()
        read += 1
        found = await world.rows(Incident, state="triage")
        if found and review.at >= ATTACK[0]:
            break
        if found:
            before += found
            await _dismiss(mia, found[0])

    stored = await world.rows(Review, history=False)
    assert len(stored) == read
    assert found, "the attack passed unseen"
    assert ATTACK[0] <= found[0].opened_at <= ATTACK[1]
    assert len(before) <= 1
    mia.shows("Towns: ")
    with capsys.disabled():
        print(f"\n{_told(len(await world.rows(Review)), read, before, found[0])}")


async def _dismiss(mia, incident: Incident) -> None:
    """Months after the last sign-in."""
    await mia.web.post("/v1/session", json={"email": mia.user.email, "password": PASSWORD})
    await mia.post(f"/v1/incidents/{encode('inc', incident.id)}/dismiss", {"reason": "not_bad"})


async def _import_history(world, mia, client: str) -> None:
    source = await mia.post(f"/v1/clients/{client}/sources", {"kind": "file", "name": "History"})
    answer = await mia.web.post(
        f"/v1/sources/{source['id']}/import",
        content=history_file(CALM_YEAR),
        headers={"Content-Type": "text/csv", "Idempotency-Key": "history"},
    )
    assert answer.status_code == 202
    await world.works()
    intake = await mia.get(f"/v1/intakes/{answer.json()['id']}")
    assert intake["state"] == "taken_in"
    assert intake["result"]["rejected"] == 0


def _told(stored: int, read: int, before: list[Incident], incident: Incident) -> str:
    quiet_days = (ATTACK[0] - CALM_YEAR).days
    return (
        f"Towns: {stored} real reviews, {read} of them through the feed, one reading each.\n"
        f"{quiet_days} days before the attack: {_alarms(before)}.\n"
        f"Attack from {ATTACK[0]:%d %b %Y %H:%M} UTC: alarm {incident.opened_at:%d %b %H:%M}, "
        f"at low review {incident.low_count}.\n"
        f"“{incident.title}. {incident.sentence}”"
    )


def _alarms(incidents: list[Incident]) -> str:
    when = ", ".join(f"{one.opened_at:%d %b %Y}: {one.title}" for one in incidents)
    return counted(len(incidents), "alarm") + (f" ({when})" if when else "")
