"""What platforms tell of their own accord is heard, asks for a reading, and survives breaks."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from api.database import transaction
from api.ids import decode
from api.lifecycle import account as accounts
from api.models import Account, Heartbeat, Hint, Source
from tests.platforms.imap_server import ImapServer
from tests.platforms.jetstream_server import JetstreamServer, post
from tests.platforms.mailbox import a_mail, certificate, place_of, serving, way_to
from tests.platforms.mastodon_vendor import MastodonVendor
from tests.world import configure
from workers import ears, listen
from workers.listen import Listener

PATIENCE = 15.0


async def until(is_so, what):
    """Wait for something that happens by itself; as long as a busy machine may need."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await is_so()):
            await asyncio.sleep(0.02)
    assert found, what
    return found


@pytest.fixture
def hasty(monkeypatch):
    """As at night, only sooner."""
    monkeypatch.setattr(listen, "LOOK_EVERY", timedelta(seconds=0.1))
    monkeypatch.setattr(listen, "REST", timedelta(seconds=0.3))
    monkeypatch.setattr(listen, "FIRST_PAUSE", 0.05)


@asynccontextmanager
async def listening():
    listener = Listener()
    parts = [asyncio.create_task(listener.look_on()), asyncio.create_task(listener.pass_on())]
    try:
        yield listener
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        await listener.finish()


async def a_source(world, mia, kind, place, secrets, *, account=None):
    client = await mia.post("/v1/clients", {"name": "Corner Bistro", "zone": "UTC"})
    client_id = decode("cli", client["id"])
    async with transaction() as session:
        account = account or await accounts.add(session, client_id, kind, kind, secrets)
        source = Source(
            client_id=client_id, kind=kind, name=kind, account_id=account.id, place=place,
            poll_at=world.at + timedelta(minutes=5),
        )  # fmt: skip
        session.add(source)
        await session.flush()
    return source, account


BLUESKY = {"handle": "crumb.example", "password": "good"}
MASTODON = {"host": "social.example", "token": "good"}


@pytest.fixture
async def stream():
    async with JetstreamServer() as server:
        configure(jetstream_url=server.url)
        yield server


@pytest.fixture
async def social():
    async with MastodonVendor() as vendor:
        configure(vendor_addresses=dict.fromkeys(vendor.hosts, vendor.origin))
        yield vendor


async def hints(world):
    return [one.delivery.partition(":")[2] for one in await world.rows(Hint)]


async def due(world, source):
    [row] = await world.rows(Source, id=source.id)
    return row.poll_at <= world.at


def heard(world, count=1):
    async def is_so():
        found = await hints(world)
        return len(found) >= count and found

    return is_so


async def test_words_on_bluesky_ask_for_a_reading_at_once(world, mia, stream, hasty):
    named, _ = await a_source(world, mia, "bluesky", {"query": '"corner bistro"'}, BLUESKY)
    other, _ = await a_source(world, mia, "bluesky", {"query": "bakery"}, BLUESKY)
    silent, _ = await a_source(world, mia, "bluesky", {}, BLUESKY)
    async with listening():
        await until(lambda: connected(stream), "the stream is listened to")
        await stream.sends(
            "garbage", post("Nice weather"), post("Rats at the Corner Bistro", "3l2")
        )
        assert await until(heard(world), "heard") == ["jetstream:did:plc:kim/3l2"]
        assert len(stream.lines) == 1, "one connection serves all sources"
    assert await due(world, named)
    assert not await due(world, other)
    assert not await due(world, silent)


async def connected(stream):
    return len(stream.lines) == 1


async def test_a_flood_asks_for_few_readings_and_the_last_word_is_not_lost(
    world, mia, stream, hasty
):
    await a_source(world, mia, "bluesky", {"query": "bistro"}, BLUESKY)
    async with listening():
        await until(lambda: connected(stream), "the stream is listened to")
        for number in range(300):
            await stream.sends(post("bistro", f"3l{number}"))

        async def the_last():
            return "jetstream:did:plc:kim/3l299" in await hints(world)

        await until(the_last, "the last word is passed on")
    assert len(await hints(world)) < 50


async def test_a_stream_that_breaks_is_begun_anew_where_it_broke(world, mia, stream, hasty):
    await a_source(world, mia, "bluesky", {"query": "bistro"}, BLUESKY)
    at = int(world.at.timestamp() * 1_000_000)
    async with listening():
        await until(lambda: connected(stream), "the stream is listened to")
        await stream.sends(post("bistro", "3l1", at))
        await until(heard(world), "heard")
        await stream.hangs_up()

        async def again():
            return len(stream.log) > 1 and len(stream.lines) == 1

        await until(again, "it is listened to again")
        assert stream.log[-1].query["cursor"] == str(at - 5_000_000)
        await stream.sends(post("bistro", "3l1", at), post("bistro", "3l2", at + 1))
        await until(heard(world, 2), "heard again")
    assert sorted(await hints(world)) == [f"jetstream:did:plc:kim/3l{n}" for n in (1, 2)]


async def test_nobody_listens_to_a_stream_that_the_operator_did_not_ask_for(
    world, mia, stream, hasty
):
    configure(jetstream_url="")
    await a_source(world, mia, "bluesky", {"query": "bistro"}, BLUESKY)
    async with listening():
        await until(lambda: beaten(world), "the listener works")
    assert not stream.log


async def beaten(world):
    return [one for one in await world.rows(Heartbeat) if one.name == "listen"]


async def test_a_mention_on_mastodon_asks_for_a_reading_at_once(world, mia, social, hasty):
    source, account = await a_source(world, mia, "mastodon", {}, MASTODON)
    tagged, _ = await a_source(world, mia, "mastodon", {"tag": "bistro"}, {}, account=account)

    async def two_lines():
        return {name for name, _ in social.listening} == {"user/notification", "hashtag?tag=bistro"}

    async with listening():
        await until(two_lines, "mentions once per account, and the tag")
        assert len(social.listening) == 2
        await social.streams("hashtag?tag=bistro", "update", {"id": "7"})
        assert await until(heard(world), "heard") == ["stream:update:7:"]
        assert await due(world, tagged)
        assert not await due(world, source)
        await social.streams("user/notification", "notification", {"id": "8", "type": "mention"})
        await until(heard(world, 3), "both sources of the account are told")
    assert await due(world, source)


async def test_a_stream_of_mastodon_that_breaks_is_begun_anew(world, mia, social, hasty):
    await a_source(world, mia, "mastodon", {}, MASTODON)

    async def listened():
        return len(social.listening) == 1

    async with listening():
        await until(listened, "it is listened to")
        social.hangs_up()
        await until(listened, "it is listened to again")
        await social.streams("user/notification", "notification", {"id": "8"})
        await until(heard(world), "heard")


async def test_a_line_ends_with_its_account(world, mia, social, hasty):
    _, account = await a_source(world, mia, "mastodon", {}, MASTODON)

    async def listened():
        return len(social.listening) == 1

    async with listening() as listener:
        await until(listened, "it is listened to")
        [row] = await world.rows(Account, id=account.id)
        async with transaction() as session:
            await accounts.remove(session, row)

        async def hung_up():
            return not listener._lines

        await until(hung_up, "nobody listens with a secret that was taken away")


async def test_a_stream_inside_the_own_network_is_not_listened_to(world, mia, social, hasty):
    configure(vendor_addresses={"social.example": social.origin})
    social.streaming = f"wss://127.0.0.1:{social.origin.rpartition(':')[2]}"
    await a_source(world, mia, "mastodon", {}, MASTODON)

    async def asked():
        return [one for one in social.log if one.path == "/api/v2/instance"]

    async with listening():
        await until(asked, "the server was asked where its streams are")
        await until(lambda: beaten(world), "the listener works")
    assert not [one for one in social.log if "streaming" in one.path]


async def test_new_mail_asks_for_a_reading(world, mia, tmp_path):
    papers = certificate(tmp_path)
    told = []
    async with ImapServer(serving(papers)) as server:
        ear = ears.Mailbox(place_of(server), mia.user.id, way_out=lambda: way_to(papers))
        line = asyncio.create_task(ear.listen(lambda *heard: told.append(heard)))
        await asyncio.wait_for(server.idling.wait(), PATIENCE)
        await server.receive(a_mail(1))

        async def is_told():
            return told

        await until(is_told, "mail is told of")
        line.cancel()
        await asyncio.gather(line, return_exceptions=True)
    assert told == [(mia.user.id, "mail:2")]


async def test_a_line_that_fails_for_no_known_reason_is_begun_anew(
    world, mia, stream, hasty, monkeypatch
):
    await a_source(world, mia, "bluesky", {"query": "bistro"}, BLUESKY)
    listen_well = ears.Jetstream.listen
    broken = [KeyError("a fault of ours")]

    async def listen_badly(self, hear):
        if broken:
            raise broken.pop()
        await listen_well(self, hear)

    monkeypatch.setattr(ears.Jetstream, "listen", listen_badly)
    async with listening():
        await until(lambda: connected(stream), "it is listened to in the end")
