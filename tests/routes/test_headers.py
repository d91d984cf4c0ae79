"""Every answer carries what keeps a browser from doing more than it was asked to."""

import re
from pathlib import Path

import pytest

from api.routes.security import HEADERS
from tests.routes.doors import doors

HOME = Path(__file__).parent.parent.parent
SHELLS = [path for path in (HOME / "web/index.html", HOME / "web/dist/index.html") if path.exists()]


async def test_every_door_answers_with_the_same_care(small_world):
    async with small_world.web() as web:
        for door in doors():
            path = door.at(dict.fromkeys(door.names, "x"))
            answer = await web.request(door.method, path, json={})
            for name, value in HEADERS.items():
                given = answer.headers.get(name, "")
                own_policy = name == "Content-Security-Policy" and door.kind == "link"
                assert given == value or own_policy, f"{door}: {name}: {given}"
            assert len(answer.headers["X-Request-Id"]) == 16
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            if door.path.startswith(("/v1/", "/in/", "/p/")):
                assert "no-store" in answer.headers["Cache-Control"], str(door)


def test_the_policy_lets_no_inline_script_run():
    policy = dict(part.strip().partition(" ")[::2] for part in HEADERS[POLICY].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in HEADERS[POLICY]
    assert "*" not in HEADERS[POLICY]


POLICY = "Content-Security-Policy"


@pytest.mark.parametrize("shell", SHELLS, ids=lambda path: path.parent.name)
def test_the_shell_holds_nothing_that_the_policy_refuses(shell):
    html = shell.read_text()
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert scripts
    assert [words for words, inside in scripts if inside.strip() or 'src="/' not in words] == []
    assert "<style" not in html
    assert re.findall(r'\s(?:style|on[a-z]+)="', html) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', html) == []


async def test_two_requests_have_two_names(app_alone):
    names = {(await app_alone.get("/healthz")).headers["X-Request-Id"] for _ in range(5)}
    assert len(names) == 5
