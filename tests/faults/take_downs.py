"""A manager at many clients at once: asks for a yes, takes the Page down, and puts it back.

She taps twice, taps again when no answer came, tries without a yes, and tries after it was revoked.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlmodel import col, select

from api.clock import now
from api.database import reading, transaction
from api.ids import decode, encode
from api.lifecycle import account as accounts
from api.models import Action, Source
from tests.faults.deeds import UNDER_WAY, Try, as_it_was
from tests.faults.ill_graph import IllGraph

_LOOK_EVERY = 0.25
_REST = 0.3
_LOWS = 4
_ENOUGH = 12

Json = dict[str, Any]


class Stuck(Exception):
    """An action that nobody brings to an end."""


@dataclass
class Desk:
    """The manager's browser, and what she found: by `ends`, `refusals`, and what was `untrue`."""

    web: httpx.AsyncClient
    graph: IllGraph
    dice: random.Random
    patience: float
    tries: list[Try] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    untrue: list[str] = field(default_factory=list)
    taken_twice: int = 0
    cut_off: int = 0
    _under_way: frozenset[UUID] = frozenset()
    _looked: asyncio.Event = field(default_factory=asyncio.Event)

    async def look_on(self) -> None:
        """One look at the ledger for everybody who waits for something to settle."""
        while True:
            async with reading() as session:
                query = select(Action.id).where(col(Action.state).in_(UNDER_WAY))
                self._under_way = frozenset(await session.exec(query))
            looked, self._looked = self._looked, asyncio.Event()
            looked.set()
            await asyncio.sleep(_LOOK_EVERY)

    async def post(self, path: str, body: Any = None, key: str = "") -> httpx.Response:
        """Tap, and tap again with the same key until there is an answer."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        while True:
            try:
                answer = await self.web.post(f"/v1{path}", json=body or {}, headers=headers)
            except httpx.TransportError:
                answer = httpx.Response(503)
            if answer.status_code < 500:
                return answer
            self.cut_off += 1
            await asyncio.sleep(_REST)

    async def does(self, path: str, body: Any = None) -> Any:
        """What must not be refused."""
        answer = await self.post(path, body)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    async def get(self, path: str) -> Any:
        while True:
            try:
                answer = await self.web.get(f"/v1{path}")
            except httpx.TransportError:
                answer = httpx.Response(503)
            if answer.is_success:
                return answer.json()
            assert answer.status_code >= 500, answer.text
            await asyncio.sleep(_REST)

    async def settled(self, action: str) -> Json:
        """The action when nothing of it is under way any more; Stuck when that takes too long."""
        try:
            async with asyncio.timeout(self.patience):
                await self._looks()
                while decode("act", action) in self._under_way:
                    await self._looks()
        except TimeoutError:
            raise Stuck(action) from None
        found: Json = await self.get(f"/actions/{action}")
        return found

    async def _looks(self) -> None:
        """Until two looks are over: the first may have begun before whatever was done last."""
        await self._looked.wait()
        await self._looked.wait()


@dataclass
class Place:
    """One client under attack, with one Page."""

    desk: Desk
    page: str
    incident: str
    contact: str
    option: str

    async def one_night(self) -> None:
        """Down and back once; whatever else the manager tries on the way must change nothing."""
        dice = self.desk.dice
        if dice.random() < 0.2:
            await self._without_a_yes()
        action = await self._yes({"chosen": [self.option]})
        if dice.random() < 0.15:
            action = await self._after_a_no(action)
        before = self._begins(allowed=1)
        await self._taps(f"/actions/{action}/execute")
        await self._until_it_is_over(action, before)

    def _begins(self, allowed: int) -> Json:
        state = self.desk.graph.state
        self.desk.tries.append(Try(self.page, len(state.log), allowed))
        return as_it_was(state, self.page)

    async def _without_a_yes(self) -> None:
        body = {"kind": "take_down", "chosen": [self.option]}
        action = (await self.desk.does(f"/incidents/{self.incident}/actions", body))["id"]
        await self._is_refused(action)
        await self.desk.does(f"/actions/{action}/cancel")

    async def _after_a_no(self, action: str) -> str:
        """The owner takes the yes back, and gives it once more a while later."""
        found = await self.desk.get(f"/actions/{action}")
        await self.desk.does(f"/approvals/{found['approval']['id']}/revoke")
        await self._is_refused(action)
        return await self._yes({"action_id": action})

    async def _is_refused(self, action: str) -> None:
        self._begins(allowed=0)
        answer = await self.desk.post(f"/actions/{action}/execute")
        self.desk.refusals[answer.json().get("code", "none")] += 1

    async def _yes(self, to: Mapping[str, Any]) -> str:
        call = {"contact_id": self.contact, "outcome": "said_yes", "read_out": "May I?", **to}
        found = await self.desk.does(f"/incidents/{self.incident}/calls", call)
        return str(found["action"]["id"])

    async def _taps(self, path: str) -> None:
        """Once, twice at the same moment, or once and again with the same key."""
        keys = self.desk.dice.choice(((1,), (1, 2), (1, 1)))
        drawn = {key: str(uuid4()) for key in keys}
        taps = [self.desk.post(path, key=drawn[key]) for key in keys]
        taken = [answer.is_success for answer in await asyncio.gather(*taps)]
        by_key = {key for key, took in zip(keys, taken, strict=True) if took}
        self.desk.taken_twice += len(by_key) > 1
        if not by_key:
            self.desk.refusals["everything was refused"] += 1

    async def _until_it_is_over(self, action: str, before: Json) -> None:
        """What failed is tried again or put back, as a person would."""
        for _ in range(_ENOUGH):
            found = await self.desk.settled(action)
            [result] = found["results"]
            self._compare(found, result, before)
            self.desk.ends[f"{result['way']}: {result['state']}"] += 1
            if found["state"] in ("reverted", "cancelled"):
                return
            await self._next(action, found, result)
        self.desk.ends["given up"] += 1

    async def _next(self, action: str, found: Json, result: Json) -> None:
        again = result["state"] != "done"
        if again and (result["way"] == "back" or self.desk.dice.random() < 0.5):
            await self.desk.post(f"/actions/{action}/retry")
        elif "revert" in found["allowed"] and result["stands"]:
            await self._looks_first(seen=not again)
            await self._taps(f"/actions/{action}/revert")
        else:
            await self.desk.post(f"/actions/{action}/retry")

    async def _looks_first(self, *, seen: bool) -> None:
        """Nobody puts back within a moment what was just seen to be down.

        An accepted race: what visitors may write can still change when the Page itself is down.
        """
        late = self.desk.graph.weather.late
        await asyncio.sleep(self.desk.dice.uniform(late, 2 * late) if seen else 0)

    def _compare(self, found: Json, result: Json, before: Json) -> None:
        """What the app calls done shows at the Page."""
        there = as_it_was(self.desk.graph.state, self.page)
        if result["state"] != "done":
            return
        as_told = there == before if result["way"] == "back" else not there["shown"]
        if not as_told:
            self.desk.untrue.append(f"{found['id']} is {found['state']}; {there}, before {before}")


@asynccontextmanager
async def signed_in(url: str, email: str, password: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which she is signed in."""
    async with httpx.AsyncClient(
        base_url=url, headers={"Origin": url}, trust_env=False, timeout=30
    ) as web:
        answer = await web.post("/v1/session", json={"email": email, "password": password})
        assert answer.is_success, answer.text
        yield web


async def attacked(desk: Desk, page: str) -> Place:
    """A new client with a Page, at which four one-star reviews come in at once."""
    owner = {"name": "Rosa", "phone": "+43 660 111 11 11"}
    client = (await desk.does("/clients", {"name": f"Bistro {page}", "owner": owner}))["id"]
    await _has_a_page(client, page)
    source = await desk.does(f"/clients/{client}/sources", {"kind": "push", "name": "Program"})
    lows = [{"external_id": str(uuid4()), "stars": 1, "text": "Rude."} for _ in range(_LOWS)]
    await desk.does(f"/sources/{source['id']}/reviews", lows)
    while not (found := (await desk.get(f"/incidents?client_id={client}"))["data"]):
        await asyncio.sleep(_LOOK_EVERY)
    incident = found[0]["id"]
    sheet = await desk.get(f"/incidents/{incident}/call-sheet")
    goes = [one for one in sheet["options"]["goes"] if one["verb"] == "take_down"]
    [option] = [one["key"] for one in goes if one["source_id"]]
    return Place(desk, page, incident, sheet["contact"]["contact_id"], option)


async def _has_a_page(client: str, page: str) -> str:
    """As signing in leaves it; nobody reads it meanwhile."""
    client_id, later = decode("cli", client), now() + timedelta(days=30)
    async with transaction() as session:
        account = await accounts.add(
            session, client_id, "facebook", "Crumb & Co",
            {"access_token": f"page-{page}", "user_token": "person"}, expires_at=later,
        )  # fmt: skip
        source = Source(
            client_id=client_id, kind="facebook", name="Facebook", account_id=account.id,
            place={"page_id": page, "name": "Crumb & Co"}, poll_at=later, check_at=later,
        )  # fmt: skip
        session.add(source)
    return encode("src", source.id)
