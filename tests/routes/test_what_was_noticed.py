"""What the watch has found, as it is shown: small notices at a client, growth at an incident."""

from datetime import timedelta

import pytest

from api.database import transaction
from api.ids import decode
from api.models import Baseline, Incident
from tests.routes.places import furnished, program

SENTENCE = "2 reviews in 50 minutes; this place usually gets 2 a week; 2 of 2 are one star."
TOO_EARLY = "too early to say how fast it grows"
GROWTH = {"minutes": 40, "range": [30, 55], "words": "doubles every 40 minutes (30 to 55)"}


async def noticed(client, at):
    async with transaction() as session:
        session.add(
            Baseline(
                client_id=decode("cli", client),
                prior_per_day=0.3,
                prior_share=0.1,
                noticed_at=at,
                notice={"sentence": SENTENCE, "low_count": 2} if at else {},
            )
        )


async def a_client(boss, name="Corner"):
    return (await boss.post("/v1/clients", {"name": name}))["id"]


async def remember(incident, **facts):
    """Put this into the row of an incident."""
    async with transaction() as session:
        row = await session.get_one(Incident, decode("inc", incident))
        session.add(row.sqlmodel_update(facts))


async def test_a_notice_is_shown_for_a_day(world, mia):
    client, at = await a_client(mia), world.at
    assert (await mia.get(f"/v1/clients/{client}"))["notice"] is None
    await noticed(client, at)
    world.at = at + timedelta(hours=23, minutes=59)
    shown = {"sentence": SENTENCE, "at": at.isoformat().replace("+00:00", "Z")}
    assert (await mia.get(f"/v1/clients/{client}"))["notice"] == shown
    assert [one["notice"] for one in (await mia.get("/v1/clients"))["data"]] == [shown]
    world.at = at + timedelta(hours=24)
    assert (await mia.get(f"/v1/clients/{client}"))["notice"] is None


async def test_where_nothing_was_noticed_the_baseline_alone_shows_nothing(boss):
    client = await a_client(boss)
    await noticed(client, None)
    assert (await boss.get(f"/v1/clients/{client}"))["notice"] is None


async def test_a_client_with_a_new_notice_has_another_tag(small_world, boss):
    client = await a_client(boss)
    path = f"/v1/clients/{client}"
    before = (await boss.web.get(path)).headers["ETag"]
    await noticed(client, small_world.at)
    assert (await boss.web.get(path, headers={"If-None-Match": before})).status_code == 200


async def test_a_key_for_another_client_never_sees_the_notice(small_world, boss):
    own, foreign = await a_client(boss, "Own"), await a_client(boss, "Foreign")
    await noticed(foreign, small_world.at)
    async with await program(small_world, boss, "clients:read", client_ids=[own]) as web:
        assert (await web.get(f"/v1/clients/{foreign}")).status_code == 404
        answers = [await web.get("/v1/clients"), await web.get(f"/v1/clients/{own}")]
        assert [SENTENCE in answer.text for answer in answers] == [False, False]


@pytest.mark.parametrize(
    ("growth", "shown"),
    [
        (GROWTH, (40, [30, 55], GROWTH["words"])),
        ({"minutes": None, "range": None, "words": TOO_EARLY}, (None, None, TOO_EARLY)),
        (None, (None, None, TOO_EARLY)),
    ],
)
async def test_how_fast_it_grows_or_that_it_is_too_early_to_say(small_world, boss, growth, shown):
    incident = (await furnished(small_world, boss, "Corner"))["incident_id"]
    row = await small_world.row(Incident, incident)
    finding = {name: value for name, value in row.finding.items() if name != "growth"}
    await remember(incident, finding=finding | ({"growth": growth} if growth else {}))
    numbers = (await boss.get(f"/v1/incidents/{incident}"))["numbers"]
    names = ("doubling_minutes", "doubling_range", "growth_words")
    assert tuple(numbers[name] for name in names) == shown


async def test_since_when_it_slows_is_shown_once_it_is_measured(small_world, boss):
    incident = (await furnished(small_world, boss, "Corner"))["incident_id"]
    assert (await boss.get(f"/v1/incidents/{incident}"))["slowing_at"] is None
    await remember(incident, slowing_at=small_world.at)
    shown = (await boss.get(f"/v1/incidents/{incident}"))["slowing_at"]
    assert shown == small_world.at.isoformat().replace("+00:00", "Z")
