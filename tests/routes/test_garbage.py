"""Garbage in a question is refused; it never breaks the answer."""

import base64
import json

from tests.routes.doors import guarded
from tests.routes.places import furnished, pressed

HUGE = str(10**30)
QUERIES = {
    "limit": ["0", "-1", "ten", HUGE],
    "cursor": ["", "x", "%00", "🌙", "[[[[", base64.b64encode(b"[" * 9000).decode()],
    "q": ["\x00", "%", "_", "\\", "'; DROP TABLE client", "🌙" * 200, "x" * 300],
    "client_id": ["", "cli_", "src_" + "0" * 26, "cli_" + "z" * 26, "\x00"],
    "source_id": ["", "src_" + "z" * 26],
    "incident_id": ["", "inc_" + "0" * 26],
    "state": ["open", "\x00", ""],
    "stars": ["0", "6", "1.5", "-1", HUGE],
    "after_seq": ["-1", "x", HUGE],
    "url": ["", "\x00", "x", "https://", "https://[", "javascript:alert(1)", "🌙.at", "x" * 3000],
    # Of one rota alone: tests/routes/test_schedules.py tries them.
    "from": [],
    "until": [],
    # Of one statement alone: tests/routes/test_statements.py tries them.
    "older": [],
    "newer": [],
}
NAMES = ["a\x00b", "\x00", "\ud800", "🌙" * 60, "x" * 121, "\u202egnp", " ", 7, None, [], {}]


def test_every_question_that_a_list_takes_is_tried_with_garbage():
    asked = {name for door in guarded() for name in door.queries}
    assert asked == set(QUERIES)


async def test_no_garbage_in_a_question_breaks_a_list(world, mia):
    for door in guarded():
        if door.is_safe and not door.names and "stream" not in door.path:
            for name in door.queries:
                for value in QUERIES[name]:
                    answer = await mia.web.get(door.path, params={name: value})
                    assert answer.status_code in {200, 400, 404, 422}, f"{door}?{name}={value!r}"


async def test_no_garbage_in_an_id_breaks_a_door(small_world, boss):
    for door in guarded():
        for value in ("x", "cli_x", "cli_" + "z" * 26, "%00", "inc_" + "0" * 25 + "O", "🌙"):
            path = door.at(dict.fromkeys(door.names, value))
            if door.names:
                answer = await boss.web.request(door.method, path, json={}, headers=pressed())
                assert answer.status_code in {404, 422}, f"{answer.status_code} {path}"


async def test_no_garbage_in_a_text_breaks_what_keeps_it(world, mia):
    for name in NAMES:
        body = json.dumps({"name": name, "town": name if isinstance(name, str) else ""})
        headers = pressed(**{"Content-Type": "application/json"})
        answer = await mia.web.post("/v1/clients", content=body, headers=headers)
        assert answer.status_code in {201, 422}, repr(name)
        if answer.status_code == 201:
            kept = (await mia.get(f"/v1/clients/{answer.json()['id']}"))["name"]
            assert kept
            assert "\x00" not in kept


async def test_no_garbage_in_a_header_breaks_a_change(small_world, boss):
    ids = await furnished(small_world, boss, "Corner")
    path = f"/v1/clients/{ids['client_id']}"
    for value in ('"', "W/", '""', "1, 2", "-", "\xff", "x" * 5000):
        headers = {"If-Match": value.encode("latin-1")}
        answer = await boss.web.patch(path, json={"name": "New"}, headers=headers)
        assert answer.status_code == 412, value
    for value in ("\xff", "ü", " k "):
        headers = {"Idempotency-Key": value.encode("latin-1")}
        answer = await boss.web.post("/v1/clients", json={"name": "New"}, headers=headers)
        assert answer.status_code == 201, value
