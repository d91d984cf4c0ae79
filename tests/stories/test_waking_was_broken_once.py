"""Each of these let somebody sleep who should have been woken, or woke somebody for nothing."""

import asyncio
from datetime import timedelta

import pytest

from api.database import transaction
from api.ids import encode
from api.models import Escalation, Notification, User
from tests.illnesses import reply
from tests.illnesses import reply as answers
from tests.routes.places import a_rota
from tests.stories.attacks import an_attack, the_incident, three_bad_reviews
from tests.stories.outside import NUMBERS
from tests.world import configure

ANY = {"If-Match": "*"}
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def test_a_push_service_that_wants_a_day_of_rest_does_not_silence_the_other_phones(
    world, mia, ben
):
    long = reply(429, {"Retry-After": "86400"})
    world.push.misbehave(long, times=None, only=mia.phone.endpoint)
    await an_attack(world, ben)
    await world.waits(2 * MINUTE)
    ben.shows("Corner Bistro")


async def test_a_letter_does_not_take_the_place_of_the_push_that_is_put_off(world, mia, outside):
    await outside.reaches(mia, "email")
    world.push.misbehave(reply(429, {"Retry-After": "16"}), times=1)
    await an_attack(world, mia)
    mia.shows("Corner Bistro")
    assert outside.smtp.letters


async def test_a_ladder_that_rings_nobody_is_said_and_the_default_comes_next(world, mia):
    step = {"who": "second", "channels": ["webpush"], "wait_seconds": 60}
    await mia.web.put("/v1/escalation-plan", json={"steps": [step]}, headers=ANY)
    check = await mia.get("/v1/self-check")
    assert "The ladder that you have set rings nobody." in [
        one["sentence"] for one in check["reasons"] if not one["ok"]
    ]
    await world.works()
    before = len(mia.phone.shown)
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    for _ in range(3):
        world.writes(1)
    await world.waits(12 * MINUTE)
    assert len(mia.phone.shown) > before
    mia.shows("Corner Bistro")


async def test_you_can_sleep_is_not_said_when_nobody_has_it_any_more(world, mia, ben):
    client = await an_attack(world, mia)
    await world.waits_until_it_rings(ben, within=3 * MINUTE)
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    world.at += 11 * MINUTE
    await world.works()
    assert "You can sleep" not in str([one.payload for one in ben.phone.received])


async def test_an_emergency_whose_receipt_was_lost_is_silenced_too(world, mia, ben, outside):
    await outside.reaches(mia, "pushover")
    outside.pushover.misbehave(answers(503), times=1, path="messages", delivers=True)
    client = await an_attack(world, mia)
    incident = await the_incident(ben, client)
    await ben.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    await world.waits(MINUTE)
    assert outside.pushover.ringing == []


async def test_two_clients_that_burn_are_two_calls(world, mia, outside):
    await outside.reaches(mia, "voice")
    await an_attack(world, mia)
    await world.looks_after("Other Place", by=mia)
    outside.twilio.misbehave(answers(503), times=1, path="Calls", method="POST")
    await world.waits(4 * MINUTE)
    calls = [one for one in await world.rows(Notification) if one.channel == "voice"]
    references = [one.reference for one in calls if one.reference]
    assert len(set(references)) == len(references)
    assert {"Corner Bistro", "Other Place"} <= {
        name for call in outside.twilio.calls for name in ("Corner Bistro", "Other Place")
        if name in call.twiml
    }  # fmt: skip


@pytest.mark.parametrize("key", ["2", "3"])
async def test_a_key_in_a_call_respects_who_has_it_by_then(world, mia, ben, outside, key):
    await outside.reaches(mia, "voice")
    client = await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    incident = await the_incident(ben, client)
    await ben.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    assert await outside.presses(key) == "Ben has Corner Bistro already."
    assert outside.twilio.calls[-1].dialled is None
    assert (await the_incident(mia, client))["escalation"]["by_name"] == "Ben"


async def test_nobody_is_put_through_over_a_false_alarm(world, mia, outside):
    await outside.reaches(mia, "voice")
    client = await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{incident['id']}/dismiss", {"reason": "not_bad"})
    assert await outside.presses("2") == "This is over. Nothing is ringing any more."
    assert outside.twilio.calls[-1].dialled is None


async def test_answering_1_takes_up_one_alarm_after_the_other(world, mia, outside):
    await outside.reaches(mia, "sms")
    mia.phone.sends_receipts = False
    await an_attack(world, mia)
    await world.looks_after("Other Place", by=mia)
    await three_bad_reviews(world, mia)
    await world.waits(MINUTE)
    number = NUMBERS["Mia"].replace(" ", "")
    said = {await outside.texts(number, "1") for _ in range(2)}
    assert said == {
        "You have Corner Bistro. The others are told.",
        "You have Other Place. The others are told.",
    }
    assert {row.state for row in await world.rows(Escalation)} == {"acknowledged"}


async def test_the_message_of_the_morning_survives_a_hiccup_and_reaches_who_has_no_phone(
    world, outside
):
    mia = await world.hires("Mia", role="owner")
    await outside.reaches(mia, "email")
    hours = {"quiet_from": "22:00", "quiet_until": "07:30"}
    await mia.web.patch("/v1/me", json=hours, headers=ANY)
    await world.looks_after("Corner Bistro", by=mia)
    world.site.misbehaves = 500
    await world.waits(timedelta(hours=2))
    assert outside.smtp.letters == []
    outside.smtp.answers = {"RCPT": "451 4.3.0 later"}
    world.at = world.at.replace(hour=5, minute=30)
    await world.waits(5 * SECOND)
    outside.smtp.answers = {}
    await world.waits(MINUTE)
    assert outside.smtp.letters[-1]["Subject"] == "1 thing waited for the morning"


async def test_whoever_is_on_shift_alone_is_tried_in_the_evening(world, mia):
    zoe = await world.hires("Zoe", on_call=False)
    await zoe.gets_a_phone()
    await a_rota(mia, zoe, shifts=[_all_day(zoe)])
    world.at = world.at.replace(hour=18, minute=55)
    await world.works()
    await world.waits(10 * MINUTE)
    assert "Evening test" in [one.notification["title"] for one in zoe.phone.shown]


def _all_day(person):
    return {
        "days": list(range(7)), "from": "00:00", "until": "00:00", "starts_on": "2026-05-11",
        "people": [encode("usr", person.user.id)],
    }  # fmt: skip


async def test_a_receipt_beside_a_gone_phone_ends_in_no_deadlock(world, mia, ben):
    """A phone that is retired while another receipt of the incident comes in."""
    configure(send_timeout=timedelta(seconds=1))
    world.push.misbehave(reply(410), times=1, only=mia.phone.endpoint)
    client = await an_attack(world, ben)
    seen = [one.notification["data"] for one in ben.phone.received]
    await asyncio.gather(
        *(world.receipt_sender(f"http://nightdesk.test{one['receipt_url']}",
                               {"receipt": one["receipt"]}) for one in seen),
        world.waits(5 * SECOND),
    )  # fmt: skip
    assert (await the_incident(ben, client))["escalation"]["state"] == "ringing"


async def test_whoever_took_it_from_outside_the_ladder_is_rung_first_again(world, mia):
    carl = await world.hires("Carl", on_call=False)
    await carl.gets_a_phone()
    client = await an_attack(world, mia)
    incident = await the_incident(carl, client)
    await carl.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    await world.waits_until_it_rings(carl, within=11 * MINUTE)
    carl.shows("Still with us?")
    mia.buzzed(1)


async def test_handing_over_leaves_the_others_of_an_everyone_step_on_the_ladder(world, mia, ben):
    step = {"who": "everyone", "channels": ["webpush"], "wait_seconds": 60}
    await mia.web.put("/v1/escalation-plan", json={"steps": [step]}, headers=ANY)
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    ben_id = (await ben.get("/v1/me"))["id"]
    await mia.post(f"/v1/escalations/{incident['escalation']['id']}/hand-over", {"to": ben_id})
    await world.waits_until_it_rings(mia, within=6 * MINUTE)


async def test_one_receipt_in_an_everyone_step_does_not_spare_the_texts_of_the_others(
    world, mia, ben, outside
):
    for person in (mia, ben):
        await outside.reaches(person, "sms")
    steps = [
        {"who": "everyone", "channels": ["webpush"], "wait_seconds": 30},
        {"who": "everyone", "channels": ["sms"], "wait_seconds": 60, "unless_shown": True},
    ]
    await mia.web.put("/v1/escalation-plan", json={"steps": steps}, headers=ANY)
    mia.phone.sends_receipts = False
    await world.works()
    before = len(outside.twilio.messages)
    await an_attack(world, ben)
    await world.waits(MINUTE)
    asked = [one.to for one in outside.twilio.messages[before:] if "Reply 1" in one.body]
    assert asked == [NUMBERS["Mia"].replace(" ", "")]


async def test_a_sender_that_cannot_be_written_down_is_trouble_and_not_a_riddle(
    world, mia, ben, outside
):
    await outside.reaches(mia, "email")
    configure(mail_from="Nightdesk <desk@büro.example>")
    mia.phone.sends_receipts = False
    client = await an_attack(world, mia)
    await world.waits_until_it_rings(ben, within=2 * MINUTE)
    incident = await the_incident(mia, client)
    told = (await mia.get(f"/v1/incidents/{incident['id']}/timeline"))["data"]
    assert any("This cannot be sent as it is set up." in entry["sentence"] for entry in told)


async def test_an_empty_rota_is_told_once_and_not_every_five_minutes(world, mia):
    rota = await a_rota(mia)
    body: dict[str, list[str]] = {"shifts": []}
    await mia.web.patch(f"/v1/schedules/{rota['id']}", json=body, headers=ANY)
    async with transaction() as session:
        user = await session.get_one(User, mia.user.id)
        user.quiet_from = user.quiet_until
        session.add(user)
    await world.waits(40 * MINUTE)
    gaps = [one for one in mia.phone.shown if one.notification["data"]["kind"] == "gap"]
    assert len(gaps) == 1


async def test_no_name_is_too_long_or_too_strange_for_an_alarm(world, mia):
    name = '"レストラン"' * 15
    await an_attack(world, mia, name)
    mia.shows("レストラン")
    assert len(mia.phone.shown[-1].notification["title"].encode()) <= 240
