"""Every door names whom it lets in, and lets in nobody else: the matrix is made from the doors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from api.routes.asking import COOKIE, FOR_KEYS, OF_ROLE, SCOPES
from tests.routes.doors import Door, doors, guarded
from tests.routes.places import changed, everything, furnished, phone_ids, pressed, program
from tests.world import Person, World

KINDS = {"scope", "link", "receipt", "signature", "anyone"}
OPEN_TO_ANYONE = {
    "GET /v1/setup", "POST /v1/setup", "POST /v1/session", "GET /healthz", "GET /readyz",
    "GET /v1/openapi.json", "GET /nightdesk.css", "GET /docs/problems", "GET /{path:path}",
}  # fmt: skip
PROVED_OTHERWISE = {
    "GET /p/{token}": "link",
    "GET /calendars/{feed_token}/shifts.ics": "link",
    "POST /in/{source_id}": "signature",
    "GET /connect/callback": "link",
    "GET /connect/callback/": "link",
    "GET /hooks/meta": "signature",
    "POST /hooks/meta": "signature",
    "POST /hooks/tiktok": "signature",
    "POST /hooks/google": "signature",
    "GET /hooks/x": "signature",
    "POST /hooks/x": "signature",
    "GET /hooks/yelp/{token}": "link",
    "POST /hooks/yelp/{token}": "link",
    "POST /hooks/trustpilot/{token}": "link",
    "POST /v1/notifications/{notification_id}/seen": "receipt",
    "POST /v1/notifications/{notification_id}/answer": "receipt",
    "POST /v1/telephony/calls/{notification_id}/keys": "signature",
    "POST /v1/telephony/calls/{notification_id}/status": "signature",
    "POST /v1/telephony/texts": "signature",
    "POST /v1/telephony/texts/{notification_id}/status": "signature",
    "POST /v1/telephony/messages/{message_id}/status": "signature",
    "GET /p/{token}/report": "link",
    "GET /p/{token}/answer/{approval_id}": "link",
    "POST /p/{token}/answer/{approval_id}": "link",
    "GET /p/{token}/not-now/{approval_id}": "link",
    "GET /p/{token}/other-words/{approval_id}": "link",
    "GET /p/{token}/not-right/{approval_id}": "link",
    "POST /p/{token}/not-right/{approval_id}": "link",
    "GET /p/{token}/back/{action_id}": "link",
    "POST /p/{token}/back/{action_id}": "link",
    "POST /p/{token}/verify": "link",
    "POST /p/{token}/verify/confirm": "link",
}
# Well-formed ids of nothing: who may not come in must not learn that.
NOTHING = {
    f"{name}_id": f"{prefix}_{'0' * 26}"
    for name, prefix in {
        "client": "cli", "contact": "ctc", "source": "src", "link": "lnk", "review": "rev",
        "incident": "inc", "escalation": "esc", "intake": "itk", "device": "dev",
        "notification": "ntf", "key": "key", "schedule": "sch", "override": "ovr",
        "account": "acc", "connection": "con", "action": "act", "approval": "apr",
        "statement": "stm", "standing": "sty", "message": "msg", "phone": "phn",
    }.items()
}  # fmt: skip


async def knock(web: httpx.AsyncClient, door: Door, **headers: str) -> httpx.Response:
    return await web.request(door.method, door.at(NOTHING), json={}, headers=pressed(**headers))


@asynccontextmanager
async def nobody(world: World, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without the world's own habits."""
    transport = httpx.ASGITransport(world.app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://nightdesk.test", headers=headers
    ) as web:
        yield web


@pytest.mark.parametrize("door", doors(), ids=str)
def test_every_door_says_in_one_word_whom_it_lets_in(door):
    assert len(door.access) == 1
    assert door.kind in KINDS
    assert (door.kind == "scope") == (door.scope in SCOPES)


def test_the_doors_without_a_scope_are_the_ones_that_we_know():
    assert {str(door) for door in doors() if door.kind == "anyone"} == OPEN_TO_ANYONE
    others = {str(door): door.kind for door in doors() if door.kind not in {"anyone", "scope"}}
    assert others == PROVED_OTHERWISE


async def test_without_credentials_no_guarded_door_opens(small_world):
    async with nobody(small_world) as web:
        web.cookies.set(COOKIE, "a cookie of nobody")
        for wrong in ("", "Bearer", "Bearer nd_live_x_00000000", "Basic Ym9zczpib3Nz", "bearer é"):
            web.headers["Authorization"] = wrong
            answers = {str(door): await knock(web, door) for door in guarded()}
            assert {door for door, answer in answers.items() if answer.status_code != 401} == set()
            assert {answer.json()["code"] for answer in answers.values()} == {"sign-in-needed"}


async def test_a_key_without_the_scope_opens_no_door_of_that_scope(small_world, boss):
    for scope in SCOPES:
        scopes = [one for one in FOR_KEYS if one != scope]
        async with await program(small_world, boss, *scopes) as web:
            answers = {str(d): await knock(web, d) for d in guarded() if d.scope == scope}
        assert answers, f"no door asks for {scope}"
        assert {answer.status_code for answer in answers.values()} == {403}, scope
        assert {answer.json()["scope"] for answer in answers.values()} == {scope}


async def test_no_key_can_be_made_that_is_a_person_or_an_admin(boss):
    for scope in ("me", "admin", "everything"):
        body = {"name": "Too much", "scopes": ["clients:read", scope]}
        answer = await boss.web.post("/v1/api-keys", json=body, headers=pressed())
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/scopes"


@pytest.mark.parametrize("role", ["manager", "helper"])
async def test_a_role_opens_its_own_doors_and_no_other(small_world, boss, role):
    person = await small_world.hires("Kim", role=role)
    others = [door for door in guarded() if door.scope not in OF_ROLE[role]]
    assert "admin" in {door.scope for door in others}
    before = await everything()
    for door in others:
        answer = await knock(person.web, door)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing"), str(door)
    assert await changed(before) == []
    for door in guarded():
        if door.scope in OF_ROLE[role] and door.is_safe and "stream" not in door.path:
            assert (await knock(person.web, door)).status_code in {200, 404}, str(door)


async def test_a_cookie_from_another_site_changes_nothing(small_world, boss):
    ids = await furnished(small_world, boss, "Own") | await phone_ids(small_world, boss)
    before = await everything()
    async with nobody(small_world) as web:
        web.cookies = boss.web.cookies
        for origin in ("", "https://evil.example", "null", "http://nightdesk.test.evil"):
            if origin:
                web.headers["Origin"] = origin
            for door in guarded():
                if not door.is_safe:
                    path = door.at({**NOTHING, **ids})
                    answer = await web.request(door.method, path, json={}, headers=pressed())
                    assert answer.status_code == 403, str(door)
                    assert answer.json()["code"] == "foreign-origin"
    assert await changed(before) == []


async def test_another_site_can_neither_set_up_nor_sign_in(small_world):
    async with nobody(small_world, Origin="https://evil.example") as web:
        for path in ("/v1/setup", "/v1/session"):
            answer = await web.post(path, json={"email": "a@b.test", "password": "x" * 12})
            assert answer.status_code in {403, 422}
            assert "set-cookie" not in answer.headers


async def test_a_key_that_was_revoked_or_has_ended_opens_nothing(small_world, boss):
    end = (small_world.at + timedelta(hours=1)).isoformat()
    async with (
        await program(small_world, boss, "clients:read", expires_at=end) as short,
        await program(small_world, boss, "clients:read") as long,
    ):
        assert (await short.get("/v1/clients")).status_code == 200
        small_world.at += timedelta(hours=1)
        assert (await short.get("/v1/clients")).status_code == 401
        assert (await long.get("/v1/clients")).status_code == 200
        newest = (await boss.get("/v1/api-keys"))["data"][0]["id"]
        answer = await boss.web.delete(f"/v1/api-keys/{newest}", headers=pressed())
        assert answer.status_code == 204
        assert (await long.get("/v1/clients")).status_code == 401


async def test_the_secret_of_a_key_is_shown_once(boss):
    made = await boss.post("/v1/api-keys", {"name": "Importer", "scopes": ["reviews:write"]})
    assert made["secret"].startswith("nd_live_")
    assert made["tail"] == made["secret"][-4:]
    assert made["secret"] not in str(await boss.get("/v1/api-keys"))
    assert made["secret"] not in str(await everything())


def test_a_helper_can_look_and_take_over_and_change_nothing_else():
    writes = {scope for scope in OF_ROLE["helper"] if not scope.endswith(":read")}
    assert writes == {"me", "incidents:write", "statements:write"}
    assert OF_ROLE["owner"] - OF_ROLE["manager"] == {"admin"}
    theirs = {door.name for door in guarded() if door.scope in writes}
    assert {"acknowledge_escalation", "extend_acknowledgement", "create_note"} <= theirs
    assert {"replace_on_call", "create_user", "create_api_key", "create_client"}.isdisjoint(theirs)
    assert {"execute_action", "record_approval", "publish_statement"}.isdisjoint(theirs)


async def test_who_was_signed_out_elsewhere_by_time_is_asked_again(small_world, boss: Person):
    small_world.at += timedelta(days=31)
    answer = await boss.web.get("/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-needed")
