"""Whoever dies between two steps of a deed is followed by one that ends it, once and in time."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from api import database
from api.ids import decode
from tests import illnesses
from tests.faults.watching import attacked
from tests.platforms.graph_state import PAGE
from tests.stories.attacks import the_incident
from tests.stories.places import graph_of, has_a_page, stands
from tests.world import Person, World
from workers import carry_out

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
# To claim it, to keep what stood there, to note that it is sent, to write what it shows.
STEPS = 4


class Death(BaseException):
    """SIGKILL, as far as one task can feel it: nothing that comes after it is done."""


@pytest.fixture
async def mia(small_world: World) -> Person:
    mia = await small_world.hires("Mia", role="owner")
    await mia.gets_a_phone()
    return mia


@pytest.fixture
async def graph(small_world):
    async with graph_of(small_world) as running:
        yield running


@pytest.fixture
async def begun(small_world, mia, graph) -> str:
    """A take-down that was agreed to and begun, and that nobody has carried out yet."""
    client = await attacked(mia)
    rosa = {"name": "Rosa", "phone": "+43 660 111 11 11", "role": "owner", "may_approve": True}
    await mia.post(f"/v1/clients/{client}/contacts", rosa)
    await has_a_page(small_world, client)
    incident = await the_incident(mia, client)
    sheet = await mia.get(f"/v1/incidents/{incident['id']}/call-sheet")
    chosen = [one["key"] for one in sheet["options"]["goes"] if one["suggested"]]
    call = {"contact_id": sheet["contact"]["contact_id"], "outcome": "said_yes", "chosen": chosen}
    told = await mia.post(f"/v1/incidents/{incident['id']}/calls", call)
    await mia.post(f"/v1/actions/{told['action']['id']}/execute")
    return str(told["action"]["id"])


@contextmanager
def dying_before_transaction(number: int) -> Iterator[None]:
    """Whoever begins so many transactions that change something does not live to begin the last."""
    engine, left = database.writing().sync_engine, [number]

    def die(_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Death

    event.listen(engine, "begin", die)
    try:
        yield
    finally:
        event.remove(engine, "begin", die)


async def carries_out(mia: Person, action: str) -> None:
    """As a worker does who found it; it may die over it."""
    [result] = (await mia.get(f"/v1/actions/{action}"))["results"]
    with suppress(Death):
        await carry_out.carry_out(decode("res", result["id"]))


@pytest.mark.parametrize("number", range(1, STEPS + 2))
async def test_a_death_before_any_step_leaves_nothing_half_done(
    small_world, mia, graph, begun, number
):
    with dying_before_transaction(number):
        await carries_out(mia, begun)
    await small_world.waits(MINUTE)
    found = await mia.get(f"/v1/actions/{begun}")
    assert found["state"] == "succeeded"
    assert not stands(graph)
    assert graph.state.deeds["unpublish", PAGE] == 1


@pytest.mark.parametrize("number", range(1, STEPS + 2))
async def test_a_death_on_the_way_back_leaves_nothing_half_done(
    small_world, mia, graph, begun, number
):
    await small_world.works()
    await mia.post(f"/v1/actions/{begun}/revert")
    with dying_before_transaction(number):
        await carries_out(mia, begun)
    await small_world.waits(MINUTE)
    assert (await mia.get(f"/v1/actions/{begun}"))["state"] == "reverted"
    assert graph.state.deeds["publish", PAGE] == 1


@pytest.mark.parametrize("number", [2, 4, 5])
async def test_who_dies_over_it_again_and_again_keeps_nobody_waiting_for_more_than_a_minute(
    small_world, mia, graph, begun, number
):
    """Before it was kept, before it was told what it shows; what did take effect is told later."""
    ends = small_world.at + 58 * SECOND
    while small_world.at < ends:
        with dying_before_transaction(number):
            await carries_out(mia, begun)
        small_world.at += SECOND
    await carries_out(mia, begun)
    assert (await mia.get(f"/v1/actions/{begun}"))["state"] != "executing"
    await small_world.waits(5 * SECOND)
    state = (await mia.get(f"/v1/actions/{begun}"))["state"]
    assert state == ("failed" if stands(graph) else "succeeded")
    assert graph.state.deeds["unpublish", PAGE] <= 1


async def test_a_pause_that_facebook_asks_for_leaves_no_part_of_it_and_is_waited_for(
    small_world, mia, graph, begun
):
    before = dict(graph.state.nodes[PAGE]["settings"])
    graph.misbehave(graph.throttled, times=1, method="POST")
    await small_world.works()
    assert stands(graph)
    assert graph.state.nodes[PAGE]["settings"] == before
    await small_world.waits(30 * SECOND)
    assert (await mia.get(f"/v1/actions/{begun}"))["state"] == "succeeded"
    assert not stands(graph)
    await mia.post(f"/v1/actions/{begun}/revert")
    await small_world.works()
    assert graph.state.nodes[PAGE]["settings"] == before


@pytest.mark.parametrize("wish", ["retry", "revert"])
async def test_a_new_wish_waits_until_what_was_sent_can_no_longer_take_effect(
    small_world, mia, graph, begun, wish
):
    """The last request was cut off soon before a hand was asked, and takes effect later."""
    graph.misbehave(illnesses.reset, times=None, method="GET")
    await small_world.waits(12 * SECOND, step=SECOND)
    graph.behave()
    held = []

    async def holds(graph, request):
        if request.path.endswith(PAGE):
            held.append(request)
        return await illnesses.reset(graph, request)

    graph.misbehave(holds, times=None, path=f"/v26.0/{PAGE}", method="POST")
    while (await mia.get(f"/v1/actions/{begun}"))["state"] == "executing":
        await small_world.waits(SECOND, step=SECOND)
    graph.behave()
    await mia.post(f"/v1/actions/{begun}/{wish}")
    await small_world.waits(2 * SECOND)
    await graph._answer(held[-1])
    await small_world.waits(MINUTE, step=5 * SECOND)
    found = await mia.get(f"/v1/actions/{begun}")
    assert found["state"] == {"retry": "succeeded", "revert": "reverted"}[wish]
    assert stands(graph) == (wish == "revert")
    assert graph.state.deeds["unpublish", PAGE] == 1
