"""Pushover: an emergency goes on by itself until somebody answers, and never goes on for two."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.illnesses import hang, reply, reset
from workers.channels import pushover as channel
from workers.channels.pushover import Emergency
from workers.channels.sent import Sent
from workers.channels.trouble import ChannelTrouble


@pytest.fixture
def emergency(pushover) -> Emergency:
    return Emergency(
        pushover.token,
        pushover.user,
        "Corner Bistro: 4 new reviews",
        "3 of 4 are one star.",
        "https://nightdesk.test/i/1",
        tag="ntf_1",
        url=pushover.origin,
    )


async def test_an_emergency_is_repeated_every_30_seconds_for_an_hour(pushover, emergency, outside):
    sent = await channel.send(emergency, outside)
    [message] = pushover.messages
    fields = message.fields
    assert sent == Sent(message.receipt, timedelta(seconds=5))
    assert (fields["priority"], fields["retry"], fields["expire"]) == ("2", "30", "3600")
    assert fields["url"] == "https://nightdesk.test/i/1"


async def test_what_is_not_urgent_rings_once_and_tells_no_more(pushover, emergency, outside):
    sent = await channel.send(replace(emergency, urgent=False), outside)
    assert sent == Sent()
    assert pushover.messages[0].fields["priority"] == "0"
    assert pushover.ringing == []


async def test_a_receipt_tells_what_the_phone_and_the_person_did(pushover, emergency, outside):
    sent = await channel.send(emergency, outside)
    told = [await _asked(pushover, sent, outside)]
    pushover.shows(pushover.messages[0])
    told.append(await _asked(pushover, sent, outside))
    pushover.acknowledges(pushover.messages[0])
    told.append(await _asked(pushover, sent, outside))
    pushover.messages[0].expired = True
    told.append(await _asked(pushover, sent, outside))
    assert [(one.shown, one.acknowledged, one.expired) for one in told] == [
        (False, False, False),
        (True, False, False),
        (True, True, False),
        (True, True, True),
    ]


async def _asked(pushover, sent, outside):
    return await channel.ask(pushover.token, sent.reference, outside, url=pushover.origin)


@pytest.mark.parametrize(("fault", "permanent"), [(reply(503), False), (reply(404), True)])
async def test_a_receipt_that_cannot_be_read_is_trouble(
    pushover, emergency, outside, fault, permanent
):
    sent = await channel.send(emergency, outside)
    pushover.misbehave(fault)
    with pytest.raises(ChannelTrouble) as raised:
        await _asked(pushover, sent, outside)
    assert raised.value.permanent == permanent


async def test_an_emergency_that_is_taken_back_is_silent(pushover, emergency, outside):
    sent = await channel.send(emergency, outside)
    assert sent.reference
    for receipt in (sent.reference, sent.reference, "unknown/../x"):
        await channel.take_back(pushover.token, receipt, outside, url=pushover.origin)
    assert pushover.ringing == []


async def test_what_cannot_be_taken_back_is_trouble(pushover, emergency, outside):
    sent = await channel.send(emergency, outside)
    assert sent.reference
    pushover.misbehave(reply(500))
    with pytest.raises(ChannelTrouble):
        await channel.take_back(pushover.token, sent.reference, outside, url=pushover.origin)


async def test_a_lost_receipt_does_not_leave_two_emergencies_ringing(pushover, emergency, outside):
    pushover.misbehave(reset, delivers=True)
    with pytest.raises(ChannelTrouble):
        await channel.send(emergency, outside)
    await channel.send(replace(emergency, tag="ntf_2"), outside)
    again = await channel.send(replace(emergency, in_doubt=True), outside)
    assert again.reference == pushover.messages[-1].receipt
    assert [one.fields["tags"] for one in pushover.ringing] == ["ntf_2", "ntf_1"]


async def test_a_lost_receipt_can_still_be_silenced_by_its_tag(pushover, emergency, outside):
    pushover.misbehave(reset, delivers=True)
    with pytest.raises(ChannelTrouble):
        await channel.send(emergency, outside)
    await channel.take_back_tagged(pushover.token, "ntf_1", outside, url=pushover.origin)
    assert pushover.ringing == []


async def test_two_emergencies_are_better_than_none(pushover, emergency, outside):
    pushover.misbehave(hang, times=None, path="cancel_by_tag")
    await channel.send(emergency, outside)
    await channel.send(replace(emergency, in_doubt=True, timeout=1.0), outside)
    assert len(pushover.ringing) == 2


async def test_a_person_whom_pushover_forgot_is_gone(emergency, outside):
    with pytest.raises(ChannelTrouble) as raised:
        await channel.send(replace(emergency, user="u" * 30), outside)
    assert raised.value.gone


async def test_an_application_that_pushover_forgot_is_for_the_operator(emergency, outside):
    with pytest.raises(ChannelTrouble, match="operator") as raised:
        await channel.send(replace(emergency, token="a" * 30), outside)
    assert (raised.value.permanent, raised.value.gone) == (True, False)


async def test_long_and_hostile_words_fit(pushover, emergency, outside):
    words = "<b>&\x00\x1b\u202e“🧟” " * 500
    await channel.send(replace(emergency, title=words, message=words, link="x" * 600), outside)
    fields = pushover.messages[0].fields
    assert (len(fields["title"]), len(fields["message"])) == (250, 1024)
    assert "url" not in fields
    assert "\x00" not in fields["message"]
