"""No token, no query and no word of a review is in any log, whatever goes wrong."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import select

from api.clock import now
from api.crypto import seal
from api.database import reading, transaction
from api.ids import encode, new_id
from api.lifecycle import account as accounts
from api.lifecycle import setup
from api.models import Client, Review, Source
from api.routes.sources import secret_row
from tests import illnesses
from tests.faults.instance import inside, running
from tests.feed_server import PracticeReview, feed_server
from tests.platforms.google_vendor import GoogleVendor
from tests.platforms.vendor import told

CANARY = "canary7f3a"
SOON = 30.0


@pytest.fixture
async def google():
    async with GoogleVendor() as vendor:
        vendor.token = f"token-{CANARY}"
        vendor.writes("a1", at=now() - timedelta(hours=1), text=f"Words-{CANARY}", author=CANARY)
        yield vendor


async def test_what_is_secret_is_in_no_log(tmp_path, capfd, google):
    async with feed_server() as site:
        site.reviews.append(PracticeReview(CANARY, f"Feed-{CANARY}", now(), 1, CANARY, CANARY))
        instead = dict.fromkeys(google.hosts, google.origin)
        more = {
            "NIGHTDESK_LOG_LEVEL": "debug",
            "NIGHTDESK_POLL_EVERY": "PT1S",
            "NIGHTDESK_ALLOWED_ADDRESSES": f'["{site.host}"]',
            "NIGHTDESK_VENDOR_ADDRESSES": json.dumps(instead),
        }
        with running(tmp_path, **more) as house:
            async with inside(house.environment):
                await setup.prepare()
                client_id = await _client_with_secrets(site.url("/atom"))
                await _until(_all_read)
                await _everything_goes_wrong(google, house.url, client_id)
    said = capfd.readouterr()
    lines = [line for line in (said.out + said.err).splitlines() if CANARY in line]
    assert lines == []
    assert "POST /in/{source_id}" in said.err, "nothing was logged at all"


async def _client_with_secrets(feed: str) -> Any:
    async with transaction() as session:
        client = Client(name="Corner Bistro", zone="UTC")
        session.add(client)
        await session.flush()
        good = {"access_token": f"token-{CANARY}", "refresh_token": f"refresh-{CANARY}"}
        for secrets in (good, good | {"access_token": f"wrong-{CANARY}"}):
            account = await accounts.add(session, client.id, "google", "Google", secrets)
            place = {"account": "1001", "location": "2002"}
            session.add(_source(client, "google", account_id=account.id, place=place))
        session.add(_source(client, "feed", url=f"{feed}?key={CANARY}"))
        hook = _source(client, "webhook", poll_at=None, check_at=None)
        hook.secret_sealed = seal(f"whsec_{CANARY}".encode(), row=secret_row(hook))
        session.add(hook)
        return client.id


def _source(client: Client, kind: str, **parts: Any) -> Source:
    parts = {"poll_at": now(), "check_at": now()} | parts
    return Source(id=new_id(), client_id=client.id, kind=kind, name=kind, **parts)


async def _all_read() -> bool:
    async with reading() as session:
        reviews = list(await session.exec(select(Review)))
        blind = await session.exec(select(Source).where(Source.health == "auth_expired"))
        return len(reviews) == 2 and blind.first() is not None


async def _everything_goes_wrong(google: GoogleVendor, url: str, client_id: Any) -> None:
    """Every kind of failure once, each with the canary in it, then whatever is no webhook."""
    for fault in (
        told(500, {"error": {"message": CANARY, "status": CANARY}}),
        illnesses.reply(200, text=f"<p>{CANARY}</p>"),
        illnesses.reply(200, text=f'{{"reviews": [{{"name": "{CANARY}"'),
        told(200, {"reviews": [{"name": CANARY, "starRating": CANARY}]}),
        illnesses.reset,
        illnesses.redirect(f"http://127.0.0.1:1/?key={CANARY}"),
    ):
        before = len(google.log)
        google.misbehave(fault, times=1, path="reviews")
        async with asyncio.timeout(SOON):
            while len(google.log) < before + 3:
                await asyncio.sleep(0.1)
    async with httpx.AsyncClient(base_url=url, trust_env=False) as web:
        async with reading() as session:
            found = await session.exec(select(Source).where(Source.kind == "webhook"))
            address = f"/in/{encode('src', found.one().id)}?key={CANARY}"
        await web.post(address, content=CANARY, headers={"webhook-id": CANARY})
        await web.post("/v1/session", json={"email": f"{CANARY}@a.b", "password": CANARY})
        await web.get(f"/v1/clients?q={CANARY}", headers={"Authorization": f"Bearer {CANARY}"})
        await web.get(f"/p/{CANARY}")


async def _until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(SOON):
        while not await true():
            await asyncio.sleep(0.1)
