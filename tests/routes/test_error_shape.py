"""Every refusal is a problem document with a hint, whatever went wrong."""

import json
import re

import httpx
import pytest
from starlette.requests import Request

from api import errors
from api.app import create_app, problem
from api.errors import Refusal
from api.routes.versions import NotModified
from tests.routes.places import pressed

FIELDS = ["type", "title", "status", "detail", "code", "hint", "request_id"]
REFUSALS = [one for one in Refusal.__subclasses__() if one is not NotModified]


def told(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = dict(answer.json())
    assert list(body)[:7] == FIELDS
    assert body["status"] == status
    assert body["request_id"] == answer.headers["X-Request-Id"]
    return body


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.code)
def test_a_refusal_becomes_a_problem_with_a_hint(refusal):
    request = Request({"type": "http", "state": {"request_id": "abc"}})
    answer = problem(refusal("What is true.", count=3), request)
    shown = json.loads(bytes(answer.body))
    assert answer.headers["content-type"] == "application/problem+json"
    assert list(shown) == [*FIELDS, "count"]
    assert (shown["status"], shown["code"]) == (refusal.status, refusal.code)
    assert (shown["detail"], shown["request_id"]) == ("What is true.", "abc")
    assert shown["type"] == f"/docs/problems#{refusal.code}"
    assert answer.status_code == refusal.status


def test_no_two_refusals_say_the_same():
    for words in ("code", "title", "hint"):
        said = [getattr(one, words) for one in REFUSALS]
        assert len(set(said)) == len(said), words
        assert all(said), words


def test_hints_are_short_calm_sentences():
    for sentence in [words for one in REFUSALS for words in (one.title, one.hint)]:
        assert max(len(part.split()) for part in sentence.split(". ")) <= 15, sentence
        assert "!" not in sentence
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", one.code) for one in REFUSALS)


def test_the_tree_at_the_top_is_the_whole_tree():
    drawn = re.findall(r"── (\w+)\s+(\d+)\s+([\w-]+)", errors.__doc__ or "")
    assert sorted(drawn) == sorted((o.__name__, str(o.status), o.code) for o in REFUSALS)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/v1/nothing", "/v1", "/in/a/b", "/p/a/b", "/v1/clients/a/b/c"])
async def test_an_unknown_address_is_not_found(app_alone, method, path):
    told(await app_alone.request(method, path), 404, "not-found")


async def test_a_method_that_an_address_does_not_take_is_named(app_alone):
    answer = await app_alone.put("/v1/me", json={})
    told(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET"


async def test_a_mistake_is_shown_where_it_is(boss):
    body = {"name": "", "zone": "Mars/Olympus", "owner": {"name": "Rosa", "email": "rosa"}}
    answer = await boss.web.post("/v1/clients", json=body, headers=pressed())
    shown = told(answer, 422, "validation")
    errors_told = {one["pointer"]: one["detail"] for one in answer.json()["errors"]}
    assert set(errors_told) == {"/name", "/zone", "/owner/email"}
    assert errors_told["/zone"] == "a time zone like Europe/Vienna is needed"
    assert shown["detail"] in errors_told.values()


async def test_a_body_that_is_no_json_is_refused(boss):
    for body in (b"{", b'{"name": "a"', b"\xff\xfe", b"[" * 50_000, b""):
        headers = pressed(**{"Content-Type": "application/json"})
        answer = await boss.web.post("/v1/clients", content=body, headers=headers)
        told(answer, 422, "validation")


async def test_a_megabyte_is_the_most_and_a_file_may_have_ten(boss):
    client = (await boss.post("/v1/clients", {"name": "Corner"}))["id"]
    source = (await boss.post(f"/v1/clients/{client}/sources", {"kind": "push", "name": "P"}))["id"]
    for path, size in (
        ("/v1/clients", 1_000_001),
        (f"/v1/sources/{source}/reviews", 1_000_001),
        (f"/in/{source}", 1_000_001),
        (f"/v1/sources/{source}/import", 10_000_001),
    ):
        headers = pressed(**{"Content-Type": "application/json"})
        answer = await boss.web.post(path, content=b" " * size, headers=headers)
        if not path.startswith("/in/"):
            told(answer, 413, "too-large")
        assert answer.status_code in {410, 413}
    taken = await boss.web.post(
        f"/v1/sources/{source}/import", content=b"x" * 5_000_000, headers=pressed()
    )
    assert taken.status_code == 202


async def test_our_own_mistake_is_a_problem_too_and_tells_nothing_of_the_inside():
    app = create_app()

    async def fall() -> None:
        raise RuntimeError("the secret inside")

    app.add_api_route("/v1/fall", fall)
    app.router.routes.insert(0, app.router.routes.pop())
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://nightdesk.test") as web:
        answer = await web.get("/v1/fall")
    told(answer, 500, "broken")
    assert "secret" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
