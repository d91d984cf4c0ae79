"""Warnings wait for the morning, alarms never do; every evening each phone is tried."""

from datetime import timedelta

import pytest

from api.database import transaction
from api.ids import encode
from api.models import Device, Notification, User
from tests.illnesses import reply
from tests.stories.attacks import an_attack, three_bad_reviews
from tests.world import Person, World

NEWEST = {"If-Match": "*"}
NIGHT = {"quiet_from": "22:00", "quiet_until": "07:30"}


async def _set(person: Person, **values: str) -> None:
    answer = await person.web.patch("/v1/me", json=values, headers=NEWEST)
    assert answer.status_code == 200, answer.text


async def _until(world: World, hour: int, minute: int = 0) -> None:
    """Vienna is two hours ahead of UTC in May. Of a long wait only both ends are lived through."""
    wanted = world.at.replace(hour=hour - 2, minute=minute, second=0)
    wanted += timedelta(days=wanted <= world.at)
    if wanted - world.at > timedelta(hours=1):
        await world.waits(timedelta(minutes=29))
        world.at = wanted - timedelta(minutes=10)
    await world.waits(wanted - world.at)


async def test_a_blind_source_waits_for_the_morning_and_is_told_in_one_message(world, mia):
    await _set(mia, **NIGHT)
    await world.looks_after("Corner Bistro", by=mia)
    await world.looks_after("Other Place", by=mia)
    world.site.misbehaves = 500
    await _until(world, 7, 25)
    mia.stays_silent()
    await _until(world, 7, 35)
    mia.shows("2 things waited for the morning", "Corner Bistro", "Other Place")
    mia.buzzed(1)


async def test_quiet_hours_never_hold_an_alarm_back(world, mia):
    await _set(mia, **NIGHT)
    await an_attack(world, mia)
    mia.shows("Corner Bistro: 3 new reviews")


async def test_evaluation_goes_on_in_quiet_hours(world, mia):
    await _set(mia, **NIGHT)
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    await _until(world, 5, 0)
    await three_bad_reviews(world, mia)
    mia.shows("Corner Bistro")


@pytest.mark.parametrize("bad", [{"quiet_from": "ten"}, {"quiet_until": "7:30"}, {"zone": "Mars"}])
async def test_hours_that_make_no_sense_are_refused_and_nothing_changes(world, mia, bad):
    answer = await mia.web.patch("/v1/me", json=bad, headers=NEWEST)
    assert answer.status_code == 422
    assert (await mia.get("/v1/me"))["zone"] == "Europe/Vienna"


async def test_stored_hours_that_cannot_be_read_hold_nothing_back_and_are_said(world, mia):
    async with transaction() as session:
        user = await session.get_one(User, mia.user.id)
        user.quiet_from = "late"
        session.add(user)
    await world.looks_after("Corner Bistro", by=mia)
    world.site.misbehaves = 500
    await world.waits(timedelta(minutes=25))
    mia.shows("Corner Bistro", "cannot be read")
    check = await mia.get("/v1/self-check")
    assert "The quiet hours of Mia cannot be read. Warnings come at any hour." in [
        one["sentence"] for one in check["reasons"]
    ]
    assert not check["would_wake"]


async def test_every_evening_the_phone_is_tried_the_real_way(world, mia):
    await _until(world, 20, 55)
    mia.stays_silent()
    await _until(world, 21, 5)
    mia.shows("Evening test")
    mia.buzzed(1)
    await _until(world, 21, 5)
    mia.buzzed(2)
    [device] = await world.rows(Device)
    assert device.last_confirmed_at
    assert device.broken_at is None


async def test_a_phone_that_fails_the_evening_test_is_told_on_every_other_channel(
    world, mia, outside
):
    await outside.reaches(mia, "email")
    await outside.reaches(mia, "sms")
    assert (await mia.get("/v1/now"))["my_phone"]["state"] != "broken"
    mia.phone.sends_receipts = False
    await _until(world, 21, 0)
    assert outside.smtp.letters == []
    await world.waits(timedelta(minutes=1))
    assert outside.smtp.letters[-1]["Subject"] == "Tonight’s push is broken on Phone"
    assert outside.twilio.messages[-1].body.startswith("Tonight’s push is broken on Phone")
    now = await mia.get("/v1/now")
    assert (now["word"], now["my_phone"]["state"]) == ("not_safe", "broken")
    assert "Tonight’s push is broken on Phone." in now["details"]
    mia.phone.sends_receipts = True
    device = next(one for one in await world.rows(Device) if one.channel == "webpush")
    await mia.post(f"/v1/me/devices/{encode('dev', device.id)}/test")
    await world.works()
    assert (await mia.get("/v1/now"))["my_phone"]["state"] == "proved"


async def test_a_phone_whose_push_is_refused_fails_the_evening_test_too(world, mia, outside):
    await outside.reaches(mia, "email")
    world.push.misbehave(reply(403), times=None)
    await _until(world, 21, 2)
    assert outside.smtp.letters[-1]["Subject"] == "Tonight’s push is broken on Phone"


async def test_after_an_outage_no_late_evening_test_disturbs_the_night(world, mia):
    await _until(world, 20, 30)
    world.at += timedelta(hours=6)
    await world.waits(timedelta(minutes=5))
    mia.stays_silent()
    assert await world.rows(Notification, kind="arming") == []


async def test_too_little_to_wake_anybody_is_one_line_in_the_morning(world, mia):
    await _set(mia, **NIGHT)
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    for _ in range(2):
        world.writes(1)
    await world.waits(timedelta(minutes=10))
    mia.stays_silent()
    await _until(world, 7, 35)
    mia.shows("1 thing waited for the morning", "Corner Bistro: 2 reviews")
    mia.buzzed(1)
