"""ntfy: a notice with a button that answers, and one place on the screen for a repeat."""

import json
from dataclasses import replace

import pytest

from tests.illnesses import reply
from workers.channels import ntfy as channel
from workers.channels.ntfy import Notice
from workers.channels.trouble import ChannelTrouble

ANSWER_URL = "http://nightdesk.test/in/answers/ntf_1"


@pytest.fixture
def notice(ntfy) -> Notice:
    return Notice(
        f"{ntfy.origin}/",
        "mia-at-night",
        "Corner Bistro: 4 new reviews",
        "3 of 4 are one star.",
        "https://nightdesk.test/i/1",
        ANSWER_URL,
        '{"answer": "yes"}',
        tag="ntf_1",
    )


async def test_a_notice_is_as_loud_as_it_can_be_and_opens_nightdesk(ntfy, notice, outside):
    sent = await channel.send(notice, outside)
    [published] = ntfy.published
    fields = published.fields
    assert sent.reference == published.id
    assert (fields["topic"], fields["priority"]) == ("mia-at-night", 5)
    assert (fields["click"], fields["sequence_id"]) == ("https://nightdesk.test/i/1", "ntf_1")


async def test_the_button_answers_and_clears_the_notice(ntfy, notice, outside):
    posted = []

    async def door(method, url, body, headers):
        posted.append((method, url, json.loads(body), headers["Content-Type"]))
        return 204, ""

    ntfy.way_back = door
    await channel.send(notice, outside)
    await ntfy.presses("I’m on it")
    assert posted == [("POST", ANSWER_URL, {"answer": "yes"}, "application/json")]
    assert ntfy.on_screen == []


async def test_a_notice_without_an_answer_has_no_button(ntfy, notice, outside):
    await channel.send(replace(notice, answer_url="", link=""), outside)
    assert not {"actions", "click"} & set(ntfy.published[0].fields)


async def test_a_repeat_takes_the_place_of_the_first(ntfy, notice, outside):
    for _ in range(2):
        await channel.send(notice, outside)
    await channel.send(replace(notice, tag="ntf_2"), outside)
    assert len(ntfy.published) == 3
    assert len(ntfy.on_screen) == 2


async def test_a_notice_can_be_taken_off_the_screens(ntfy, notice, outside):
    await channel.send(notice, outside)
    await channel.take_back(notice, outside)
    assert ntfy.on_screen == []


@pytest.mark.parametrize("status", [404, 405])
async def test_a_server_that_cannot_take_back_is_no_trouble(ntfy, notice, outside, status):
    ntfy.misbehave(reply(status))
    await channel.take_back(notice, outside)
    await channel.take_back(replace(notice, tag=""), outside)
    assert len(ntfy.log) == 1


async def test_a_taking_back_that_failed_is_trouble(ntfy, notice, outside):
    ntfy.misbehave(reply(503))
    with pytest.raises(ChannelTrouble):
        await channel.take_back(notice, outside)


@pytest.mark.parametrize("topic", ["", "a/b", "../x", "mía", "a" * 65, "a b", "a\n"])
async def test_a_topic_that_ntfy_cannot_have_is_never_asked_for(ntfy, notice, outside, topic):
    with pytest.raises(ChannelTrouble) as raised:
        await channel.send(replace(notice, topic=topic), outside)
    assert raised.value.permanent
    assert ntfy.log == []


@pytest.mark.parametrize("server", ["", "ntfy.test", "ftp://ntfy.test", "http://", "http://[x"])
async def test_a_server_without_an_address_is_for_good(notice, outside, server):
    with pytest.raises(ChannelTrouble) as raised:
        await channel.send(replace(notice, server=server), outside)
    assert raised.value.permanent
    assert "ntfy.test" not in raised.value.detail


async def test_a_closed_topic_needs_its_token(ntfy, notice, outside):
    ntfy.token = "tk_1"
    with pytest.raises(ChannelTrouble, match="operator") as raised:
        await channel.send(notice, outside)
    assert raised.value.permanent
    await channel.send(replace(notice, token="tk_1"), outside)


@pytest.mark.parametrize("word", ["x", "é", "語", "🧟", '\\"\x00\u202e<b>'])
async def test_long_and_hostile_words_fit(ntfy, notice, outside, word):
    await channel.send(replace(notice, title=word * 3000, body=word * 9000), outside)
    fields = ntfy.published[0].fields
    assert len(fields["message"].encode()) <= 3900
    assert not set(fields["message"]) & set("\x00\u202e\ufffd")
