"""The committed OpenAPI document is the truth about the application."""

import json
import re
from pathlib import Path
from typing import Any

from api import openapi
from tests.routes.doors import doors

VERBS = {
    "acknowledge", "archive", "close", "confirm", "create", "delete", "dismiss", "extend",
    "finish", "get", "import", "list", "monitor", "poll", "receive", "record", "reopen",
    "replace", "resolve", "revoke", "rotate", "stream", "test", "update", "register",
    "read", "swap", "hand", "press", "report", "answer", "hear", "add", "recognise",
    "propose", "execute", "cancel", "revert", "retry", "accept", "leave", "complete", "request",
    "remind", "withdraw", "wait", "send", "submit", "hold", "publish", "stop", "retract",
    "discard", "save",
}  # fmt: skip


def document() -> dict[str, Any]:
    return dict(json.loads(openapi.document()))


def operations() -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


def test_the_committed_document_is_what_the_application_says():
    committed = Path(__file__).parent.parent.parent / "openapi.json"
    assert committed.read_text() == openapi.document(), "make it anew: python -m api.openapi"


def test_every_operation_has_a_name_of_its_own_that_says_what_it_does():
    names = [operation["operationId"] for operation in operations().values()]
    assert len(set(names)) == len(names)
    for name in names:
        verb = re.match("[a-z]+", name)
        assert verb is not None
        assert verb[0] in VERBS, name
        assert re.fullmatch("[a-z]+([A-Z][a-z]+)+", name), name


def test_every_operation_and_every_answer_is_described():
    for name, operation in operations().items():
        assert operation["summary"], name
        assert operation["description"], name
        assert len(operation["tags"]) == 1, name


def test_every_door_of_the_interface_is_in_the_document():
    interface = [door for door in doors() if door.path.startswith(("/v1/", "/in/"))]
    assert {str(door) for door in interface} - {"GET /v1/openapi.json"} <= set(operations())


def test_names_in_bodies_are_lower_case_with_underscores():
    schemas = document()["components"]["schemas"]
    fields = {name for schema in schemas.values() for name in schema.get("properties", {})}
    assert [name for name in fields if not re.fullmatch("[a-z][a-z0-9_]*", name)] == []


async def test_the_application_serves_the_same_document(app_alone):
    assert (await app_alone.get("/v1/openapi.json")).json() == document()
