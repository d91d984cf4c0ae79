"""Whatever silences somebody is told on every way that is left; a new push key silences nobody."""

from datetime import timedelta

from api.ids import encode
from api.lifecycle import setup
from api.models import Device, PushKey, Source
from tests.illnesses import reply
from tests.world import Person, World

ANY = {"If-Match": "*"}


async def _device(world: World, person: Person) -> str:
    [device] = [one for one in await world.rows(Device, user_id=person.user.id) if one.endpoint]
    return encode("dev", device.id)


async def test_a_device_that_is_taken_off_is_told_on_the_others(world, mia, outside):
    await outside.reaches(mia, "email")
    await outside.reaches(mia, "sms")
    await mia.web.delete(f"/v1/me/devices/{await _device(world, mia)}", headers=ANY)
    await world.works()
    assert "Mia took Phone off. It is not rung any more." in outside.smtp.letters[-1].get_content()
    assert "Mia took Phone off." in outside.twilio.messages[-1].body
    assert outside.twilio.calls == []
    mia.stays_silent()


async def test_a_phone_whose_push_service_has_forgotten_it_is_told_too(world, mia, ben, outside):
    await outside.reaches(mia, "email")
    world.push.misbehave(reply(410), times=1)
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(ben, within=timedelta(minutes=9))
    assert "Phone cannot be rung any more." in outside.smtp.letters[0].get_content()


async def test_whoever_is_taken_off_the_ladder_and_everybody_on_it_hears_so(world, mia, ben):
    me = (await mia.get("/v1/me"))["id"]
    await mia.web.put("/v1/on-call", json={"user_ids": [me]}, headers=ANY)
    await world.works()
    for person in (mia, ben):
        person.shows("Who can be woken has changed", "Mia took Ben off the ladder.")


async def test_a_source_that_is_removed_is_told_to_everybody_on_the_ladder(world, mia, ben):
    await world.looks_after("Corner Bistro", by=mia)
    [source] = await world.rows(Source)
    await mia.web.delete(f"/v1/sources/{encode('src', source.id)}", headers=ANY)
    await world.works()
    for person in (mia, ben):
        person.shows("Mia removed The feed of Corner Bistro.")


async def test_a_new_push_key_silences_no_phone_and_each_takes_it_at_the_next_opening(world, mia):
    old = (await mia.get("/v1/push-key"))["id"]
    await setup.rotate_push_key()
    new = (await mia.get("/v1/push-key"))["id"]
    assert new != old
    device = await _device(world, mia)
    await mia.post(f"/v1/me/devices/{device}/test")
    await world.waits(timedelta(seconds=5))
    mia.shows("Test alarm")
    assert (await mia.get("/v1/me/devices"))["data"][0]["push_key_id"] == old

    await mia.post(
        "/v1/me/devices",
        {"subscription": mia.phone.subscription, "push_key_id": new, "label": "Phone"},
        expect=200,
    )
    await mia.post(f"/v1/me/devices/{device}/test")
    await world.waits(timedelta(seconds=5))
    assert (await mia.get("/v1/me/devices"))["data"][0]["push_key_id"] == new
    assert len(await world.rows(PushKey)) == 2
    mia.buzzed(2)
