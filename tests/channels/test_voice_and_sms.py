"""Calls and text messages: whom they reach, what is heard, and never twice when in doubt."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from multidict import MultiDict

from api.clock import now
from api.telephony import answer_xml, message_xml, signature_fits
from tests.channels.conftest import KEYS, PERSON, STATUS, TWIML
from tests.channels.provider import login_page
from tests.illnesses import hang, reply, reset
from workers.channels import sms, voice
from workers.channels.trouble import ChannelTrouble

SECOND = timedelta(seconds=1)
WORDS = "4 new reviews at Corner Bistro. “Awful” & more"


@pytest.fixture
def call(account) -> voice.Call:
    return voice.Call(account, PERSON, TWIML, STATUS, now())


@pytest.fixture
def text(account) -> sms.Text:
    return sms.Text(account, PERSON, WORDS, STATUS, now())


@pytest.fixture
def orders(call, text) -> dict[Any, Any]:
    return {voice: call, sms: text}


async def test_a_call_rings_for_25_seconds_and_tells_how_it_went(twilio, call, outside):
    sent = await voice.send(call, outside)
    [made] = twilio.calls
    assert (made.sid, made.to, made.twiml) == (sent.reference, PERSON, TWIML)
    assert (made.rings_seconds, made.status_url) == (25, STATUS)
    assert made.events == ["answered", "completed"]


async def test_a_text_message_goes_out_word_for_word(twilio, text, outside):
    sent = await sms.send(text, outside)
    [made] = twilio.messages
    assert (made.sid, made.to, made.body) == (sent.reference, PERSON, WORDS)


async def test_a_number_is_dialled_however_it_was_written(twilio, call, outside):
    for written in (
        "+43 660 000 00 00",
        "+43 (660) 000-00-00",
        "+43/660/0000000",
        "+43.660.0000000",
    ):
        await voice.send(replace(call, to=written), outside)
    assert {made.to for made in twilio.calls} == {PERSON}


@pytest.mark.parametrize(
    "number", ["0660 0000000", "", "+0660123456", "+43660' OR 1=1", "+43\u0666"]
)
async def test_a_number_without_a_country_code_is_not_dialled(twilio, orders, outside, number):
    for channel, order in orders.items():
        with pytest.raises(ChannelTrouble) as raised:
            await channel.send(replace(order, to=number), outside)
        assert raised.value.permanent
    assert twilio.log == []


@pytest.mark.parametrize("code", [21211, 21214, 21217, 21610, 21614, 21408, 21608])
async def test_a_number_that_twilio_refuses_is_refused_in_words(twilio, orders, outside, code):
    twilio.refuses[PERSON] = code
    for channel, order in orders.items():
        with pytest.raises(ChannelTrouble) as raised:
            await channel.send(order, outside)
        assert (raised.value.permanent, raised.value.gone) == (True, False)
        assert str(code) not in raised.value.detail
        assert PERSON not in raised.value.detail


async def test_a_wrong_token_is_for_the_operator(twilio, orders, outside, account):
    stranger = replace(account, token="not the token")
    for channel, order in orders.items():
        with pytest.raises(ChannelTrouble, match=r"The operator has to look\.") as raised:
            await channel.send(replace(order, account=stranger), outside)
        assert raised.value.permanent


async def test_a_lost_answer_is_not_called_or_written_twice(twilio, orders, outside):
    for channel, order in orders.items():
        twilio.misbehave(reset, delivers=True)
        with pytest.raises(ChannelTrouble):
            await channel.send(order, outside)
        again = await channel.send(replace(order, in_doubt=True), outside)
        made = twilio.calls if channel is voice else twilio.messages
        assert [one.sid for one in made] == [again.reference]


async def test_only_what_was_made_since_the_first_try_is_taken_for_ours(twilio, orders, outside):
    for channel, order in orders.items():
        await channel.send(order, outside)
        for later in (order.since + 2 * SECOND, order.since + timedelta(days=1)):
            await channel.send(replace(order, in_doubt=True, since=later), outside)
    assert (len(twilio.calls), len(twilio.messages)) == (3, 3)


async def test_a_call_in_the_same_second_is_taken_for_ours(twilio, call, outside):
    await voice.send(call, outside)
    since = twilio.calls[0].made_at.replace(microsecond=999_999)
    await voice.send(replace(call, in_doubt=True, since=since), outside)
    assert len(twilio.calls) == 1


async def test_other_people_and_other_words_are_not_taken_for_ours(twilio, orders, outside):
    for channel, order in orders.items():
        await channel.send(replace(order, to="+436601111111"), outside)
        await channel.send(replace(order, in_doubt=True), outside)
    await sms.send(replace(orders[sms], body="Other words", in_doubt=True), outside)
    assert (len(twilio.calls), len(twilio.messages)) == (2, 3)


async def test_a_call_that_failed_rang_nobody_and_is_made_again(twilio, call, outside):
    await voice.send(call, outside)
    twilio.calls[0].status = "failed"
    await voice.send(replace(call, in_doubt=True), outside)
    assert len(twilio.calls) == 2


@pytest.mark.parametrize("fault", [hang, reset, reply(403), reply(200, text='{"calls": [7, {}]}')])
async def test_ringing_twice_is_better_than_not_at_all(twilio, orders, outside, fault):
    twilio.misbehave(fault, times=None, method="GET")
    for channel, order in orders.items():
        await channel.send(replace(order, in_doubt=True, timeout=1.0), outside)
    assert (len(twilio.calls), len(twilio.messages)) == (1, 1)


async def test_a_ringing_call_is_taken_back_once_and_for_all(twilio, call, outside, account):
    sent = await voice.send(call, outside)
    assert sent.reference
    for _ in range(2):
        await voice.take_back(account, sent.reference, outside)
    assert twilio.calls[0].status == "completed"
    await voice.take_back(account, "CA-unknown/../..", outside)


@pytest.mark.parametrize("fault", [reply(503), reply(400), login_page, reset])
async def test_a_call_that_cannot_be_taken_back_is_trouble(twilio, call, outside, account, fault):
    sent = await voice.send(call, outside)
    assert sent.reference
    twilio.misbehave(fault)
    with pytest.raises(ChannelTrouble):
        await voice.take_back(account, sent.reference, outside)


async def test_a_person_hears_it_twice_presses_a_key_and_is_answered(twilio, call, outside):
    door = Door(twilio.token, {KEYS: answer_xml("You have it.", dial="+436641234567")})
    twilio.way_back = door
    await voice.send(call, outside)
    made = await twilio.presses("1")
    first, second, answer = made.said
    assert first == second == "Corner Bistro: 4 new reviews. Press 1 to say that you are on it."
    assert (answer, made.dialled) == ("You have it.", "+436641234567")
    assert [seen["CallStatus"] for seen in door.seen[STATUS]] == ["in-progress", "completed"]
    assert [seen["Digits"] for seen in door.seen[KEYS]] == ["1"]


async def test_a_call_that_nobody_answers_is_told_as_well(twilio, call, outside):
    door = twilio.way_back = Door(twilio.token, {})
    await voice.send(call, outside)
    await twilio.rings_out()
    assert [seen["CallStatus"] for seen in door.seen[STATUS]] == ["no-answer"]


async def test_a_text_message_is_told_about_and_answered(twilio, text, outside):
    inbox = "http://nightdesk.test/in/texts"
    door = twilio.way_back = Door(twilio.token, {inbox: message_xml("You have it.")})
    await sms.send(text, outside)
    await twilio.delivers(twilio.messages[0])
    assert await twilio.texts(PERSON, "Yes", inbox) == "You have it."
    assert [seen["MessageStatus"] for seen in door.seen[STATUS]] == ["delivered"]
    assert [seen["Body"] for seen in door.seen[inbox]] == ["Yes"]


async def test_a_request_with_another_signature_is_sent_away(twilio):
    twilio.way_back = Door(twilio.token, {KEYS: answer_xml("In")})
    good = twilio.signature(KEYS, {"Digits": "1"})
    assert (await twilio.posts(KEYS, {"Digits": "1"}, signature=good))[0] == 200
    assert (await twilio.posts(KEYS, {"Digits": "2"}, signature=good))[0] == 403


async def test_a_long_text_message_is_cut_to_what_twilio_takes(twilio, text, outside):
    await sms.send(replace(text, body="x" * 5000), outside)
    assert len(twilio.messages[0].body) == 1600
    assert twilio.messages[0].body.endswith("…")


class Door:
    """Our side of a webhook: lets in what Twilio signed and answers what it was given."""

    def __init__(self, token: str, answers: Mapping[str, str]) -> None:
        self.token = token
        self.answers = answers
        self.seen: dict[str, list[MultiDict[str]]] = {}

    async def __call__(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        fields = parse_qsl(body.decode(), keep_blank_values=True)
        if not signature_fits(self.token, url, fields, headers["X-Twilio-Signature"]):
            return 403, ""
        self.seen.setdefault(url, []).append(MultiDict(fields))
        return 200, self.answers.get(url, "<Response/>")
