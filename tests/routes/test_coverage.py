"""Every gap in the cover is found, said in a sentence, and gone when it is gone."""

from datetime import timedelta

import pytest
from sqlmodel import col, update

from api.database import transaction
from api.ids import encode
from api.lifecycle import device as devices
from api.lifecycle import source as sources
from api.models import Device, Heartbeat, Schedule, Source
from api.routes.health import BEAT_IS_OLD, PARTS
from tests.routes.places import a_rota, a_source, pressed, program

RULE = {"days": [0, 1, 2, 3, 4, 5, 6], "from": "00:00", "until": "00:00", "starts_on": "2026-01-01"}


async def beats(world):
    """Both workers have just finished a round."""
    async with transaction() as session:
        for part in PARTS:
            await session.merge(Heartbeat(name=part, at=world.at))


@pytest.fixture
async def mia(world, mia):
    """The owner of the workspace, in a Nightdesk that works."""
    await beats(world)
    return mia


@pytest.fixture
async def boss(small_world, boss):
    """The same on SQLite alone."""
    await beats(small_world)
    return boss


async def gaps(person, kind=None):
    found = (await person.get("/v1/coverage-gaps"))["data"]
    return [one for one in found if kind in {None, one["kind"]}]


async def said(person, kind=None):
    return [one["sentence"] for one in await gaps(person, kind)]


async def has_a_proven_phone(world, person):
    await person.gets_a_phone()
    async with transaction() as session:
        where = col(Device.user_id) == person.user.id
        await session.exec(update(Device).where(where).values(last_confirmed_at=world.at))
    return (await world.rows(Device, user_id=person.user.id))[0]


async def always(person, *people, **facts):
    """A rota without a gap."""
    named = [encode("usr", one.user.id) for one in people or (person,)]
    body = {"name": "All day", "zone": "UTC", "shifts": [RULE | {"people": named}], **facts}
    return await person.post("/v1/schedules", body)


async def test_with_nothing_missing_there_is_no_gap(world, mia):
    await has_a_proven_phone(world, mia)
    await a_source(mia)
    await always(mia)
    assert await gaps(mia) == []


async def test_without_a_rota_the_ladder_counts(world, mia):
    await has_a_proven_phone(world, mia)
    assert await gaps(mia) == []


async def test_nobody_on_shift_in_the_seven_days_ahead(world, mia):
    await has_a_proven_phone(world, mia)
    await a_rota(mia)
    found = await gaps(mia, "nobody_on_shift")
    assert [(one["from"], one["until"]) for one in found[:2]] == [
        ("2026-05-12T05:00:00Z", "2026-05-12T18:00:00Z"),
        ("2026-05-13T05:00:00Z", "2026-05-13T18:00:00Z"),
    ]
    assert len(found) == 7
    assert found[0]["sentence"] == (
        "Nobody is on shift from Tue 12 May, 07:00 until Tue 12 May, 20:00."
    )


async def test_a_gap_in_one_rota_that_another_fills_is_none(world, mia):
    await has_a_proven_phone(world, mia)
    await a_rota(mia)
    days = RULE | {"from": "07:00", "until": "19:00", "people": [encode("usr", mia.user.id)]}
    body = {"name": "Days", "zone": "Europe/Vienna", "shifts": [days]}
    await mia.post("/v1/schedules", body)
    found = await gaps(mia, "nobody_on_shift")
    assert found[0]["from"] == "2026-05-12T17:00:00Z"
    assert found[0]["until"] == "2026-05-12T18:00:00Z"
    assert len(found) == 7


async def test_a_rota_that_was_broken_by_hand_counts_as_nobody(world, mia):
    await has_a_proven_phone(world, mia)
    made = await always(mia)
    async with transaction() as session:
        await session.exec(update(Schedule).values(shifts=[{}]))
    nobody, unreadable = await gaps(mia)
    assert nobody["until"] == "2026-05-19T01:00:00Z"
    assert unreadable["kind"] == "unreadable_rota"
    assert unreadable["schedule_id"] == made["id"]
    assert unreadable["sentence"] == "The rota “All day” counts as nobody. Shift 1 cannot be read."


async def test_somebody_on_the_ladder_without_a_phone(world, mia):
    assert await said(mia) == ["Mia has no phone that can be rung."]
    ben = await world.hires("Ben", on_call=False)
    assert len(await gaps(mia)) == 1
    await always(mia, ben)
    assert await said(mia) == [
        "Mia has no phone that can be rung.",
        "Ben has no phone that can be rung.",
    ]


async def test_a_phone_that_was_taken_off_on_purpose_leaves_none(world, mia):
    device = await has_a_proven_phone(world, mia)
    version = {"If-Match": f'"{device.version}"'}
    path = f"/v1/me/devices/{encode('dev', device.id)}"
    assert (await mia.web.delete(path, headers=version)).status_code == 204
    (gap,) = await gaps(mia)
    assert gap["kind"] == "no_device"
    assert gap["since"] == "2026-05-12T01:00:00Z"


async def retired(device, reason):
    async with transaction() as session:
        await devices.retire(session, device.id, reason)


async def test_a_newest_phone_that_its_push_service_gave_up_is_a_gap_beside_an_older_one(
    world, mia
):
    await has_a_proven_phone(world, mia)
    world.at += timedelta(minutes=5)
    await mia.gets_a_phone()
    await beats(world)
    older, newer = sorted(await world.rows(Device, user_id=mia.user.id), key=lambda one: one.id)
    assert await gaps(mia) == []
    await retired(newer, "410 Gone")
    (gap,) = await gaps(mia)
    assert gap["kind"] == "dead_subscription"
    assert gap["sentence"] == "Mia’s phone takes no alarms any more. Open Nightdesk on it once."
    assert gap["user_id"] == encode("usr", mia.user.id)
    assert gap["since"] == "2026-05-12T01:05:00Z"
    await mia.gets_a_phone()
    assert await gaps(mia) == []
    await retired(older, "410 Gone")
    assert [one["kind"] for one in await gaps(mia)] == ["never_proved"]


async def test_a_phone_that_has_never_shown_an_alarm(world, mia):
    await mia.gets_a_phone()
    assert await said(mia) == ["Mia’s phone has never shown an alarm. Send it a test."]
    device = encode("dev", (await world.rows(Device))[0].id)
    await mia.post(f"/v1/me/devices/{device}/test")
    await world.works()
    assert await gaps(mia) == []


async def test_a_source_that_cannot_be_read(world, mia):
    await has_a_proven_phone(world, mia)
    client, source = await a_source(mia)
    row = await world.row(Source, source)
    async with transaction() as session:
        await sources.trouble(session, row, "transient", "No answer.")
    (gap,) = await gaps(mia)
    assert gap["sentence"] == ("“The push” of Corner cannot be read. That began Tue 12 May, 03:00.")
    assert (gap["client_id"], gap["source_id"]) == (client, source)
    assert gap["since"] == "2026-05-12T01:00:00Z"
    seen = await mia.web.delete(f"/v1/sources/{source}", headers=pressed())
    assert seen.status_code == 204
    assert await gaps(mia) == []


async def test_a_key_for_some_clients_is_told_of_no_other_client(small_world, boss):
    await has_a_proven_phone(small_world, boss)
    own, own_source = await a_source(boss, "Own")
    _, foreign_source = await a_source(boss, "Foreign")
    async with transaction() as session:
        for source in (own_source, foreign_source):
            row = await small_world.row(Source, source)
            await sources.trouble(session, row, "transient", "No answer.")
    assert len(await gaps(boss)) == 2
    limits = {"client_ids": [own]}
    async with await program(small_world, boss, "oncall:read", **limits) as web:
        answer = await web.get("/v1/coverage-gaps")
    (gap,) = answer.json()["data"]
    assert (gap["client_id"], gap["source_id"]) == (own, own_source)
    assert "Foreign" not in answer.text


async def test_a_part_that_has_stopped_and_one_that_never_began(world, mia):
    await has_a_proven_phone(world, mia)
    world.at += BEAT_IS_OLD
    reads, rings = await gaps(mia)
    assert (reads["part"], rings["part"]) == PARTS
    assert reads["since"] == "2026-05-12T01:00:00Z"
    assert reads["sentence"] == (
        "Reviews are not read. This part of Nightdesk last worked Tue 12 May, 03:00."
    )
    assert rings["sentence"].startswith("Nobody can be rung.")
    await beats(world)
    assert await gaps(mia) == []
    async with transaction() as session:
        await session.delete(await session.get_one(Heartbeat, "ring"))
    (never,) = await gaps(mia)
    assert never["since"] is None
    assert never["sentence"] == "Nobody can be rung. This part of Nightdesk has not started."
