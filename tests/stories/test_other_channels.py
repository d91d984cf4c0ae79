"""The ladder goes on over channels that fail for other reasons, and any of them may answer."""

from datetime import timedelta

from api.ids import encode
from api.models import Entry, Escalation, Notification
from tests.illnesses import reply
from tests.stories.attacks import an_attack, the_incident
from tests.stories.outside import NUMBERS

MINUTE = timedelta(minutes=1)


async def _sentences(person, client) -> list[str]:
    incident = await the_incident(person, client)
    told = await person.get(f"/v1/incidents/{incident['id']}/timeline")
    return [entry["sentence"] for entry in told["data"]]


async def test_without_a_receipt_another_channel_is_used_then_a_call_then_the_backup(
    world, mia, ben, outside
):
    await outside.reaches(mia, "sms")
    await outside.reaches(mia, "voice")
    mia.phone.sends_receipts = False
    await an_attack(world, mia)
    begun = world.at
    assert outside.twilio.messages == []
    while not outside.twilio.messages:
        await world.waits(timedelta(seconds=5))
    assert world.at - begun <= timedelta(seconds=45)
    while not outside.twilio.calls:
        await world.waits(timedelta(seconds=5))
    assert world.at - begun <= timedelta(seconds=150)
    ben.stays_silent()
    while not ben.phone.shown:
        await world.waits(timedelta(seconds=5))
    assert world.at - begun <= timedelta(seconds=330)
    assert len(outside.twilio.calls) == 2


async def test_a_phone_that_has_shown_it_spares_the_text_and_not_the_call(world, mia, ben, outside):
    await outside.reaches(mia, "sms")
    await outside.reaches(mia, "voice")
    await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    assert outside.twilio.messages == []
    assert len(outside.twilio.calls) == 1
    ben.stays_silent()


async def test_key_one_says_i_am_on_it_and_silences_everyone(world, mia, ben, outside):
    await outside.reaches(mia, "voice")
    client = await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    assert "3 new reviews" in outside.twilio.calls[0].twiml
    assert "Press 2 to be put through to Rosa" in outside.twilio.calls[0].twiml
    assert "Press 3 to wake Ben" in outside.twilio.calls[0].twiml
    assert await outside.presses("1") == "You have Corner Bistro. The others are told."
    await world.waits(9 * MINUTE)
    ben.stays_silent()
    incident = await the_incident(mia, client)
    assert incident["escalation"]["by_name"] == "Mia"
    assert len(outside.twilio.calls) == 1


async def test_key_two_puts_through_to_the_owner_without_any_screen(world, mia, outside):
    await outside.reaches(mia, "voice")
    client = await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    await outside.twilio.presses("2")
    assert outside.twilio.calls[0].dialled == "+436601111111"
    assert "Mia was put through to Rosa." in await _sentences(mia, client)
    assert (await the_incident(mia, client))["escalation"]["by_name"] == "Mia"


async def test_key_three_wakes_the_backup_at_once(world, mia, ben, outside):
    await outside.reaches(mia, "voice")
    client = await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    assert await outside.presses("3") == "Waking Ben now."
    await world.works()
    ben.shows("Corner Bistro")
    assert "Mia handed it to Ben. Ringing Ben now." in await _sentences(mia, client)


async def test_a_call_that_nobody_answers_is_made_twice_and_then_somebody_else_is_rung(
    world, mia, ben, outside
):
    await outside.reaches(mia, "voice")
    client = await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    await outside.twilio.rings_out()
    await world.works()
    assert len(outside.twilio.calls) == 2
    ben.stays_silent()
    await outside.twilio.rings_out()
    await world.works()
    ben.shows("Corner Bistro")
    assert "Nobody answered the call." in " ".join(await _sentences(mia, client))


async def test_a_mailbox_that_answers_and_presses_nothing_is_nobody(world, mia, ben, outside):
    await outside.reaches(mia, "voice")
    await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    await outside.twilio.hangs_up()
    await world.waits_until_it_rings(ben, within=4 * MINUTE)


async def test_answering_1_to_the_text_takes_it_up(world, mia, ben, outside):
    await outside.reaches(mia, "sms")
    mia.phone.sends_receipts = False
    client = await an_attack(world, mia)
    await world.waits(MINUTE)
    incident = await the_incident(mia, client)
    assert outside.twilio.messages[0].body.endswith(f"/incidents/{incident['id']}")
    number = NUMBERS["Mia"].replace(" ", "")
    assert await outside.texts("+43699000000", "1") == ""
    assert await outside.texts(number, "who?") == "Answer 1 if you are on it."
    ben_before = len(ben.phone.shown)
    assert await outside.texts(number, " 1 ") == "You have Corner Bistro. The others are told."
    assert await outside.texts(number, "1") == "You have Corner Bistro. The others are told."
    await world.waits(9 * MINUTE)
    assert len(ben.phone.shown) == ben_before
    assert (await the_incident(mia, client))["escalation"]["by_name"] == "Mia"


async def test_pushover_rings_beside_the_push_and_its_button_takes_it_up(world, mia, ben, outside):
    await outside.reaches(mia, "pushover")
    client = await an_attack(world, mia)
    [emergency] = outside.pushover.ringing
    assert emergency.fields["priority"] == "2"
    outside.pushover.acknowledges(emergency)
    await world.waits(timedelta(seconds=15))
    assert (await the_incident(mia, client))["escalation"]["by_name"] == "Mia"
    await world.waits(5 * MINUTE)
    ben.stays_silent()


async def test_taking_it_up_elsewhere_stops_what_pushover_and_the_call_still_ring(
    world, mia, ben, outside
):
    await outside.reaches(mia, "pushover")
    await outside.reaches(mia, "voice")
    client = await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    assert outside.pushover.ringing
    assert outside.twilio.calls[0].status == "ringing"
    incident = await the_incident(ben, client)
    await ben.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    await world.waits(timedelta(seconds=15))
    assert outside.pushover.ringing == []
    assert outside.twilio.calls[0].status == "completed"
    assert outside.pushover.messages[-1].fields["title"] == "Ben is on it"


async def test_the_button_of_an_ntfy_notice_takes_it_up(world, mia, ben, outside):
    await outside.reaches(mia, "ntfy")
    client = await an_attack(world, mia)
    [notice] = outside.ntfy.published
    assert notice.fields["priority"] == 5
    status, _ = await outside.ntfy.presses("I’m on it")
    assert status == 204
    assert (await the_incident(mia, client))["escalation"]["by_name"] == "Mia"
    await world.waits(5 * MINUTE)
    ben.stays_silent()


async def test_an_e_mail_is_written_when_no_phone_has_shown_it(world, mia, outside):
    await outside.reaches(mia, "email")
    mia.phone.sends_receipts = False
    await an_attack(world, mia)
    await world.waits(MINUTE)
    [letter] = outside.smtp.letters
    assert letter["Subject"] == "Corner Bistro: 3 new reviews, normal is 1"
    assert "/incidents/inc_" in letter.get_content()


async def test_who_is_on_it_is_told_on_every_channel_that_rang_but_never_by_a_call(
    world, mia, ben, outside
):
    for channel in ("sms", "voice", "ntfy"):
        await outside.reaches(mia, channel)
    mia.phone.sends_receipts = False
    client = await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    calls = len(outside.twilio.calls)
    incident = await the_incident(ben, client)
    await ben.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    await world.waits(timedelta(seconds=15))
    mia.reads("Ben is on it")
    assert outside.twilio.messages[-1].body.startswith("Ben is on it")
    assert outside.ntfy.published[-1].fields["title"] == "Ben is on it"
    assert len(outside.twilio.calls) == calls


async def test_a_key_with_a_wrong_signature_changes_nothing(world, mia, ben, outside):
    await outside.reaches(mia, "voice")
    client = await an_attack(world, mia)
    await world.waits(2 * MINUTE)
    [notice] = [one for one in await world.rows(Notification) if one.channel == "voice"]
    url = f"http://nightdesk.test/v1/telephony/calls/{encode('ntf', notice.id)}/keys"
    status, _ = await outside.twilio.posts(url, {"Digits": "1"}, signature="bm90IG91cnM=")
    assert status == 401
    status, _ = await outside.twilio.posts(f"{url}?x=1", {"Digits": "1"}, signature="")
    assert status == 401
    assert (await the_incident(mia, client))["escalation"]["state"] == "ringing"


async def test_a_worker_that_dies_over_a_call_does_not_call_twice(world, mia, outside):
    await outside.reaches(mia, "voice")
    await an_attack(world, mia)
    outside.twilio.misbehave(reply(503), path="Calls", method="POST", delivers=True)
    await world.waits(2 * MINUTE + timedelta(seconds=10))
    assert len(outside.twilio.calls) == 1
    [call] = [one for one in await world.rows(Notification) if one.channel == "voice"]
    assert (call.state, call.attempts, call.reference) == ("sent", 2, outside.twilio.calls[0].sid)


async def test_nobody_answers_at_all_and_the_owner_reads_it_plainly(world, mia, ben, outside):
    await outside.reaches(mia, "voice")
    client = await an_attack(world, mia)
    link = await mia.post(f"/v1/clients/{client}/links", {"capability": "view"})
    await world.waits(8 * MINUTE)
    [row] = await world.rows(Escalation)
    assert row.state == "exhausted"
    page = await world.web().get(link["url"])
    assert "We have not reached anyone yet." in page.text
    rang = len(mia.phone.shown)
    await world.waits(6 * MINUTE)
    assert len(mia.phone.shown) == rang + 1
    assert await world.rows(Entry, kind="exhausted")
