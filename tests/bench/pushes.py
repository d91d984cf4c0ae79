"""How many pushes leave in a second."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
from py_vapid import Vapid02
from pywebpush import webpush_async

from api.crypto import unseal
from api.database import reading, transaction
from api.lifecycle import notification
from api.lifecycle.device import live_of
from api.lifecycle.setup import push_key, push_key_row
from api.models import Notification
from tests.bench.figures import Figure, Limit, Size, measured, per_second
from tests.bench.town import Town
from workers.channels import webpush
from workers.channels.webpush import Push
from workers.orders import _base64url

AT_ONCE = 20
PATIENCE = 100.0


async def figures(town: Town, size: Size) -> AsyncIterator[Figure]:
    push = await a_push(town)
    async with aiohttp.ClientSession() as outside:
        bare = await _rate(lambda: bare_send(push, outside), size.pushes)
        channel = await _rate(lambda: webpush.send(push, outside), size.pushes)
    limit = Limit("bare webpush_async", bare, "per s")
    yield Figure("pushes over the channel", channel, "per s", limit)
    ringer = await _by_the_ringer(town, size.pushes)
    yield Figure("pushes by the ringer: claimed, sent, noted", ringer, "per s", limit)


async def a_push(town: Town) -> Push:
    """One message of the usual length to the phone of the town."""
    async with reading() as session:
        key = await push_key(session)
    return Push(
        endpoint=town.phone.endpoint,
        p256dh=town.phone.p256dh,
        auth=town.phone.auth,
        private_key=_base64url(unseal(key.private_sealed, row=push_key_row(key))),
        contact="mailto:mia@agency.test",
        payload={"web_push": 8030, "notification": {"title": "Bistro", "body": "x" * 300}},
        topic="bench",
        ttl=300,
    )


async def bare_send(push: Push, outside: aiohttp.ClientSession) -> None:
    await webpush_async(
        {"endpoint": push.endpoint, "keys": {"p256dh": push.p256dh, "auth": push.auth}},
        data=json.dumps(push.payload).encode(),
        vapid_private_key=Vapid02.from_raw(push.private_key.encode()),
        vapid_claims={"sub": push.contact},
        ttl=push.ttl,
        aiohttp_session=outside,
    )


async def _by_the_ringer(town: Town, count: int) -> float:
    """Test messages that are queued at once; the running ringer claims, sends and notes each."""
    town.push.log.clear()
    async with transaction() as session:
        [device] = await live_of(session, town.manager.id)
        for number in range(count):
            test = Notification(
                user_id=town.manager.id,
                device_id=device.id,
                kind="test",
                step_key=f"bench:{number}",
            )
            await notification.queue(session, test)
    with measured() as watch:
        async with asyncio.timeout(PATIENCE):
            while len(town.push.log) < count:
                await asyncio.sleep(0.01)
    return per_second(count, watch.seconds)


async def _rate(send: Callable[[], Awaitable[object]], count: int) -> float:
    room = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with room:
            await send()

    await send()
    with measured() as watch:
        await asyncio.gather(*(one() for _ in range(count)))
    return per_second(count, watch.seconds)
