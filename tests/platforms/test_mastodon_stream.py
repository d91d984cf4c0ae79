"""Mastodon's stream: pieces become events, whatever the pieces are."""

import pytest

from api.items.item import SourceTrouble
from tests.platforms.mastodon_vendor import MastodonVendor
from tests.platforms.vendor import NOW, calls_to
from workers.platforms import mastodon, mastodon_stream
from workers.platforms.connector import Place

TOLD = (
    b':thump\n\nevent: notification\ndata: {"id":"1","type":"mention"}\n\n'
    b'event: status.update\r\ndata: {"id":"2","edited_at":"2026-11-21T18:00:00Z"}\r\n\r\n'
    b"event: delete\ndata: 3\n\nevent: filters_changed\ndata: undefined\n\nevent: update\n\n"
)
NAMES = ["notification:1:", "status.update:2:2026-11-21T18:00:00Z", "delete:3"]


async def heard(*pieces):
    async def come():
        for piece in pieces:
            yield piece

    return [name async for name in mastodon_stream.events(come())]


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
async def test_events_are_the_same_however_they_are_cut(size):
    pieces = [TOLD[at : at + size] for at in range(0, len(TOLD), size)]
    assert await heard(*pieces) == NAMES


@pytest.mark.parametrize("endless", [b"x" * 100_000, b"data: " + b"x" * 10_000 + b"\n"])
async def test_what_never_ends_is_cut_off(endless):
    with pytest.raises(SourceTrouble) as told:
        await heard(*[endless] * 200)
    assert told.value.health == "bad_content"


@pytest.fixture
async def vendor():
    async with MastodonVendor() as running:
        yield running


PLACE = Place(ids={}, now=NOW, secrets={"host": "social.example", "token": "good"})


@pytest.mark.parametrize(
    ("named", "home"),
    [
        ("wss://streaming.social.example", "https://streaming.social.example/api/v1/streaming"),
        ("", "https://social.example/api/v1/streaming"),
    ],
)
async def test_the_server_names_the_host_of_its_streams(vendor, named, home):
    vendor.streaming = named
    async with calls_to(vendor, mastodon.judge) as calls:
        assert await mastodon_stream.home(calls, PLACE) == home


@pytest.mark.parametrize("named", ["ws://streaming.social.example", "file:///etc/passwd", "wss://"])
async def test_a_token_is_not_sent_where_others_can_read_it(vendor, named):
    vendor.streaming = named
    async with calls_to(vendor, mastodon.judge) as calls:
        with pytest.raises(SourceTrouble) as told:
            await mastodon_stream.home(calls, PLACE)
    assert told.value.health == "unavailable_capability"


def test_a_tag_is_one_word_of_an_address():
    assert mastodon_stream.tagged("#crumb/../co") == "hashtag?tag=crumb%2F..%2Fco"
