"""The owner's page: small, whole in one answer, private, and true in every state."""

import base64
import hashlib
import re
from datetime import timedelta

import pytest

from tests.routes.owner_page import HOSTILE, SECRET_WORDS, STATES, client_in, knock, link_to

WORDS = {
    "new": "We have not read anything yet.",
    "quiet": "All quiet. Nothing for you to do.",
    "live": "new reviews",
    "acknowledged": "Boss has been on it since",
    "blind": "We cannot read The feed at the moment.",
    "live_and_blind": "Not seen now: The feed. The number may be higher.",
    "over": "It is over",
    "dismissed": "False alarm, all quiet",
}


@pytest.fixture(params=STATES)
async def page(request, small_world, boss):
    """The answer to opening the page in each state."""
    client = await client_in(request.param, small_world, boss)
    status, headers, body = await knock(small_world.app, await link_to(boss, client))
    assert status == 200
    assert WORDS[request.param] in body.decode()
    return headers, body


async def test_the_page_is_small_whole_private_and_without_a_script(page):
    headers, body = page
    html = body.decode()
    assert len(body) <= 25_000
    assert "<script" not in html.lower()
    assert re.findall(r"\son[a-z]+=", html) == []
    assert re.findall(r'(?:src|srcset|action|poster|data)="', html) == []
    assert "<link" not in html
    assert {address[:4] for address in re.findall(r'href="([^"]*)"', html)} <= {"tel:"}
    the_strict_policy_fits_the_one_style(headers["content-security-policy"], html)
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-robots-tag"] == "noindex"
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "set-cookie" not in headers
    what_a_messenger_previews_tells_nothing(html)
    for private in (SECRET_WORDS, "Guest", "lawyer", "Rosa", "good press"):
        assert private not in html


def the_strict_policy_fits_the_one_style(policy, html):
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(styles) == 1
    assert 'style="' not in html
    seal = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    parts = {part.strip() for part in policy.split(";")}
    assert f"style-src 'sha256-{seal}'" in parts
    assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= parts
    assert "unsafe" not in policy
    assert "script-src" not in policy


def what_a_messenger_previews_tells_nothing(html):
    head = html.partition("</head>")[0]
    assert re.findall("<title>(.*?)</title>", html)[0] == "A private page for you"
    assert "Corner Bistro" not in head
    metas = set(re.findall(r'<meta (?:name|property)="([^"]+)"', head))
    assert metas == {"viewport", "robots", "theme-color"}
    assert 'content="noindex,nofollow"' in head


async def test_hostile_names_stay_text(small_world, boss):
    client = await client_in("live_and_blind", small_world, boss, name=HOSTILE)
    source = (await boss.get(f"/v1/clients/{client}/sources"))["data"][0]["id"]
    headers = {"If-Match": "*"}
    named = await boss.web.patch(f"/v1/sources/{source}", json={"name": HOSTILE}, headers=headers)
    assert named.status_code == 200
    for minutes in (0, 60 * 24 * 10):
        small_world.at += timedelta(minutes=minutes)
        _, _, body = await knock(small_world.app, await link_to(boss, client))
        html = body.decode()
        assert html.count("&lt;script&gt;alert(") == 2
        assert "<script" not in html
        assert "\u202e" not in html
        assert "evil &amp;amp;" in html


async def test_the_page_of_one_client_knows_nothing_of_another(small_world, boss):
    first = await client_in("live", small_world, boss, name="Corner Bistro")
    second = (await boss.post("/v1/clients", {"name": "Harbour Hotel"}))["id"]
    _, _, live = await knock(small_world.app, await link_to(boss, first))
    _, _, quiet = await knock(small_world.app, await link_to(boss, second))
    assert b"Corner Bistro" in live
    assert b"Harbour" not in live
    assert b"Harbour Hotel" in quiet
    assert b"Corner" not in quiet
    assert b"new reviews" not in quiet


async def test_three_days_after_the_end_the_page_is_calm_again(small_world, boss):
    path = await link_to(boss, await client_in("over", small_world, boss))
    small_world.at += timedelta(days=2)
    assert b"It is over" in (await knock(small_world.app, path))[2]
    small_world.at += timedelta(days=1, minutes=1)
    body = (await knock(small_world.app, path))[2]
    assert b"All quiet" in body
    assert b"It is over" not in body
