"""The states in which an owner can meet their page, and a look at it past every client library."""

from datetime import timedelta
from typing import Any

from tests.routes.places import pressed
from tests.world import Person, World

HOSTILE = "<script>alert('x')</script>\"'>\u202eevil &amp;"
SECRET_WORDS = "Hair in my soup, and the waiter laughed"
STATES = ("new", "quiet", "live", "acknowledged", "blind", "live_and_blind", "over", "dismissed")


async def link_to(boss: Person, client: str) -> str:
    """The path of a new private page."""
    made = await boss.post(f"/v1/clients/{client}/links")
    return str(made["url"]).removeprefix("http://nightdesk.test")


async def client_in(state: str, world: World, boss: Person, name: str = "Corner Bistro") -> str:
    """A client in one of the states; gives its id."""
    if state == "new":
        return str((await boss.post("/v1/clients", {"name": name}))["id"])
    world.has_history()
    client = await world.looks_after(name, by=boss)
    if state not in {"quiet", "blind"}:
        await _attack(world)
        await _say(state, boss, client)
    if "blind" in state:
        world.site.misbehaves = 500
        await world.waits(timedelta(minutes=16))
    return client


async def _attack(world: World) -> None:
    for number in range(4):
        world.writes(1, text=f"{SECRET_WORDS} {number}. {HOSTILE}")
    await world.waits(timedelta(minutes=6))


async def _say(state: str, boss: Person, client: str) -> None:
    incident = (await boss.get("/v1/incidents", client_id=client))["data"][0]
    if state == "acknowledged":
        await boss.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
        note = {"text": "Ask the lawyer first."}
        await boss.post(f"/v1/incidents/{incident['id']}/notes", note)
    if state == "over":
        await boss.post(f"/v1/incidents/{incident['id']}/confirm")
        await boss.post(f"/v1/incidents/{incident['id']}/resolve")
    if state == "dismissed":
        await boss.post(f"/v1/incidents/{incident['id']}/dismiss", {"reason": "good_press"})


async def knock(app: Any, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """One request without a client library, whose own log would name the address."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "headers": [(b"host", b"nightdesk.test")],
        "client": ("127.0.0.1", 1), "server": ("nightdesk.test", 80), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:])


async def change(boss: Person, path: str, body: Any = None) -> Any:
    """A change by the manager; gives the answer's body."""
    answer = await boss.web.post(path, json=body or {}, headers=pressed())
    assert answer.is_success, answer.text
    return answer.json()
