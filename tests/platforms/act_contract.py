"""What every act has to stand, wherever it is done: one class for many platforms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from tests import illnesses
from tests.illnesses import reply
from tests.platforms.vendor import Vendor, calls_to
from workers.platforms import ACTORS, CONNECTORS
from workers.platforms.acting import acted, observed
from workers.platforms.connector import Action, ActVerb, Done, Outcome, Place

# What closes something, and what puts it back.
BACK: Mapping[ActVerb, ActVerb] = {"take_down": "restore", "close_comments": "open_comments"}

SORRY = {"text": "We are sorry."}
NOT_THERE: tuple[Done, Done] = ("rejected", "rejected")
SHOWN_TO_NOBODY: tuple[Done, Done] = ("done", "unknown")


def lacks(name, *, answer=None):
    """What people wrote is removed; `answer` is the method whose requests then find nothing."""

    def already(vendor):
        vendor.removes(name)
        if answer:
            vendor.misbehave(reply(404), method=answer)

    return already


@dataclass(frozen=True)
class Deed:
    """One act, and how it is met there.

    `method` and `path` are those of the requests that change something, of which there are
    `writes`. `after` is the act that it undoes. `shown` is what reading back says in the end, and
    `settles` means that the act reads back itself. `already` brings about that nothing is left to
    be done, or that its target is gone; `then` is what acting and reading back say of it.
    """

    verb: ActVerb
    target: str
    method: str
    path: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    after: ActVerb | None = None
    writes: int = 1
    shown: Done = "done"
    settles: bool = False
    already: Callable[[Any], None] | None = None
    then: tuple[Done, Done] = ("done", "done")


class ActContract:
    """Subclass it as `Test…` and give `kind`, `place`, all `deeds` and a `vendor` fixture."""

    kind: str
    place: Place
    deeds: tuple[Deed, ...]

    @pytest.fixture
    async def vendor(self) -> Any:
        raise NotImplementedError

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        wanted = {
            "deed": self.deeds,
            "early": [one for one in self.deeds if one.already],
            "closing": [one for one in self.deeds if one.verb in BACK],
        }
        for name in wanted.keys() & set(metafunc.fixturenames):
            metafunc.parametrize(name, wanted[name], ids=lambda one: one.verb)

    async def acts(self, vendor: Vendor, action: Action) -> Outcome:
        async with calls_to(vendor, CONNECTORS[self.kind].judge) as calls:
            return await acted(ACTORS[self.kind], calls, self.place, action)

    async def sees(self, vendor: Vendor, action: Action) -> Done:
        async with calls_to(vendor, CONNECTORS[self.kind].judge) as calls:
            return (await observed(ACTORS[self.kind], calls, self.place, action)).state

    async def before(self, vendor: Vendor, action: Action) -> Mapping[str, Any]:
        async with calls_to(vendor, CONNECTORS[self.kind].judge) as calls:
            return await ACTORS[self.kind].before(calls, self.place, action)

    async def ready(self, vendor: Vendor, deed: Deed) -> Action:
        """What it undoes is done; nothing was written to the log yet."""
        params = dict(deed.params)
        if deed.after:
            [first] = [one for one in self.deeds if one.verb == deed.after]
            outcome = await self.acts(vendor, await self.ready(vendor, first))
            assert outcome.state in ("done", "pending"), outcome
            params |= outcome.before
            params |= {"made": outcome.made} if outcome.made else {}
        vendor.log.clear()
        return Action(deed.verb, deed.target, params)

    def sent(self, vendor: Vendor, deed: Deed) -> int:
        return sum(one.method == deed.method and deed.path in one.path for one in vendor.log)

    def test_every_act_that_it_says_it_does_is_tried_here(self):
        assert {one.verb for one in self.deeds} == ACTORS[self.kind].VERBS
        assert len(self.deeds) == len(ACTORS[self.kind].VERBS)
        closes = any(one.verb in BACK for one in self.deeds)
        assert closes == isinstance(self, PutsBack)

    async def test_it_is_done_and_seen(self, vendor, deed):
        action = await self.ready(vendor, deed)
        assert await self.sees(vendor, action) != "done"
        assert (await self.acts(vendor, action)).state in ("done", "pending")
        assert await self.sees(vendor, action) == deed.shown
        assert self.sent(vendor, deed) == deed.writes

    async def test_a_lost_answer_is_unknown_and_settled_by_reading(self, vendor, deed):
        action = await self.ready(vendor, deed)
        vendor.misbehave(illnesses.reset, method=deed.method, path=deed.path, delivers=True)
        outcome = await self.acts(vendor, action)
        assert outcome.state == ("done" if deed.settles else "unknown")
        assert await self.sees(vendor, action) == deed.shown
        assert self.sent(vendor, deed) == deed.writes

    async def test_what_never_arrived_is_unknown_and_not_called_done(self, vendor, deed):
        action = await self.ready(vendor, deed)
        vendor.misbehave(illnesses.reset, times=None, method=deed.method, path=deed.path)
        assert (await self.acts(vendor, action)).state == "unknown"
        vendor.behave()
        assert await self.sees(vendor, action) != "done"

    @pytest.mark.parametrize(
        ("fault", "state"), [("forbidden", "rejected"), ("throttled", "pending")]
    )
    async def test_a_refusal_says_why_and_did_nothing(self, vendor, deed, fault, state):
        action = await self.ready(vendor, deed)
        ill = getattr(vendor, fault)
        vendor.misbehave(ill, times=None, method=deed.method, path=deed.path)
        outcome = await self.acts(vendor, action)
        assert outcome.state == state
        assert outcome.detail.endswith(".")
        if state == "pending":
            assert outcome.check_after is not None
            assert outcome.check_after >= timedelta(minutes=1)
        vendor.behave()
        assert await self.sees(vendor, action) != "done"

    async def test_what_is_gone_or_done_already_is_said_so(self, vendor, early):
        action = await self.ready(vendor, early)
        assert early.already is not None
        early.already(vendor)
        outcome = await self.acts(vendor, action)
        assert (outcome.state, await self.sees(vendor, action)) == early.then, outcome.detail

    async def test_what_leaves_nothing_to_be_put_back_keeps_nothing(self, vendor, deed):
        if deed.verb not in BACK:
            action = await self.ready(vendor, deed)
            assert not await self.before(vendor, action)
            assert not vendor.log

    async def test_all_else_is_for_a_hand_and_sends_nothing(self, vendor):
        for verb in set(get_args(ActVerb)) - ACTORS[self.kind].VERBS:
            action = Action(verb, self.deeds[0].target, {"text": "We are sorry."})
            outcome = await self.acts(vendor, action)
            assert outcome.state == "by_hand"
            assert outcome.detail.endswith(".")
            assert await self.sees(vendor, action) == "by_hand"
        assert not vendor.log


class PutsBack(ActContract):
    """The same, where something is closed that has to be opened exactly as it was."""

    @pytest.mark.parametrize("lost", [False, True])
    async def test_a_second_try_puts_back_what_stood_before_the_first(self, vendor, closing, lost):
        action = await self.ready(vendor, closing)
        kept = await self.before(vendor, action)
        assert kept
        assert not self.sent(vendor, closing)
        action = replace(action, params=dict(action.params) | {"before": kept})
        if lost:
            vendor.misbehave(
                illnesses.reset, times=None, method=closing.method, path=closing.path, delivers=True
            )
        assert (await self.acts(vendor, action)).before == kept
        vendor.behave()
        # The worker was killed here: what the first try has told is lost.
        again = await self.acts(vendor, action)
        assert again.before == kept
        assert await self.sees(vendor, action) == "done"
        back = Action(BACK[closing.verb], closing.target, again.before)
        assert await self.sees(vendor, back) != "done"
        await self.acts(vendor, back)
        assert await self.sees(vendor, back) == "done"
        assert await self.before(vendor, replace(action, params=closing.params)) == kept
