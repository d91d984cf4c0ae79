"""A Page is hidden and put back: by what Facebook shows, exactly as it was, and each write once."""

from dataclasses import replace

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.graph_state import PAGE, WALL
from tests.platforms.graph_vendor import GraphVendor, error
from tests.platforms.test_facebook import PLACE
from tests.platforms.vendor import calls_to, told
from workers.platforms import facebook_acts
from workers.platforms.connector import Action
from workers.platforms.meta_errors import judge

TAKE_DOWN = Action("take_down", PAGE)
STOOD = {
    "is_published": True,
    "settings": {"USERS_CAN_POST": "true", "USERS_CAN_POST_PHOTOS": "false"},
}
REFUSED = told(403, error(200, "(#200) Requires pages_manage_metadata permission"))

PAUSED = told(400, error(32, "Page request limit reached"))


def _only(fault, *, hiding):
    """Of all writes only that of the Page itself, or only those of its wall, meet this."""

    async def met(service, request):
        ours = (request.match_info["path"] == PAGE) is hiding and request.method == "POST"
        return await (fault(service, request) if ours else service._answer(request))

    return met


@pytest.fixture
async def vendor():
    async with GraphVendor() as running:
        yield running


@pytest.fixture
def page(vendor):
    return vendor.state.nodes[PAGE]


async def does(vendor, action=TAKE_DOWN, how=facebook_acts.act):
    async with calls_to(vendor, judge) as calls:
        return await how(calls, PLACE, action)


async def sees(vendor, action=TAKE_DOWN):
    return await does(vendor, action, facebook_acts.observe)


async def test_the_page_is_hidden_and_put_back_exactly_as_it_was(vendor, page):
    down = await does(vendor)
    assert (down.state, down.before) == ("done", STOOD)
    assert (page["is_published"], page["settings"]["USERS_CAN_POST"]) == (False, False)
    assert page["settings"]["USERS_CAN_MESSAGE"] is True
    assert (await sees(vendor)).state == "done"
    restore = Action("restore", PAGE, down.before)
    assert (await sees(vendor, restore)).state == "pending"
    assert (await does(vendor, restore)).state == "done"
    assert (page["is_published"], page["settings"]) == (True, WALL)
    assert set(vendor.state.deeds.values()) <= {1, 2}
    assert vendor.state.deeds["USERS_CAN_POST_PHOTOS", PAGE] == 0


async def test_what_restoring_needs_can_be_asked_for_without_changing_anything(vendor):
    async with calls_to(vendor, judge) as calls:
        assert await facebook_acts.before(calls, PLACE, TAKE_DOWN) == STOOD
    assert not vendor.state.log


async def test_a_page_that_was_hidden_before_stays_hidden_when_it_is_put_back(vendor, page):
    page["is_published"] = False
    down = await does(vendor)
    assert (down.state, down.before["is_published"]) == ("done", False)
    assert (await does(vendor, Action("restore", PAGE, down.before))).state == "done"
    assert page["is_published"] is False
    assert vendor.state.deeds["unpublish", PAGE] == 0


async def test_a_second_order_sends_nothing_and_keeps_what_stood_before_the_first(vendor):
    await does(vendor)
    sent = len(vendor.state.log)
    again = await does(vendor, replace(TAKE_DOWN, params={"before": STOOD}))
    assert (again.state, again.before) == ("done", STOOD)
    assert len(vendor.state.log) == sent


async def test_a_facebook_that_says_yes_and_does_nothing_is_not_believed(vendor):
    vendor.state.stubborn.add(PAGE)
    down = await does(vendor)
    assert (down.state, down.before) == ("pending", STOOD)
    assert down.check_after is not None
    assert (await sees(vendor)).state == "pending"
    vendor.state.nodes[PAGE]["is_published"] = False
    assert (await sees(vendor)).state == "done"


@pytest.mark.parametrize(
    "fault", [illnesses.reset, illnesses.reply(500), told(500, error(2, "Try again."))]
)
async def test_a_lost_answer_after_the_effect_is_settled_by_reading(vendor, fault):
    vendor.misbehave(fault, times=None, method="POST", delivers=True)
    down = await does(vendor)
    assert (down.state, down.before) == ("done", STOOD)
    assert vendor.state.deeds["unpublish", PAGE] == 1
    assert vendor.state.deeds["USERS_CAN_POST", PAGE] == 1


async def test_a_lost_order_is_unknown_and_carries_what_stood_before(vendor, page):
    vendor.misbehave(illnesses.reset, times=None, method="POST")
    down = await does(vendor)
    assert (down.state, down.before) == ("unknown", STOOD)
    assert page["is_published"] is True
    vendor.behave()
    assert (await sees(vendor)).state == "pending"


async def test_a_reading_back_that_is_lost_is_unknown_and_carries_what_stood_before(vendor):
    async def dead_after_the_first(service, request):
        if request.method == "GET" and vendor.state.deeds["unpublish", PAGE]:
            return await illnesses.reset(service, request)
        return await vendor._answer(request)

    vendor.misbehave(dead_after_the_first, times=None)
    down = await does(vendor)
    assert (down.state, down.before) == ("unknown", STOOD)
    vendor.behave()
    assert (await sees(vendor)).state == "done"


async def test_settings_that_are_refused_do_not_stop_the_page_from_being_hidden(vendor, page):
    vendor.misbehave(REFUSED, times=None, method="POST", path="/settings")
    down = await does(vendor)
    assert (down.state, down.before) == ("done", STOOD)
    assert "still switched on" in down.detail
    assert page["is_published"] is False


async def test_settings_that_are_not_listed_are_not_touched(vendor, page):
    vendor.misbehave(REFUSED, times=None, path="/settings")
    down = await does(vendor)
    assert (down.state, down.before) == ("done", {"is_published": True, "settings": {}})
    assert page["settings"] == WALL


async def test_a_page_that_must_not_be_hidden_keeps_its_wall_open(vendor, page):
    vendor.misbehave(_only(REFUSED, hiding=True), times=None)
    with pytest.raises(SourceTrouble, match="pages_manage_metadata"):
        await does(vendor)
    assert (page["is_published"], page["settings"]) == (True, WALL)
    assert not vendor.state.log


async def test_a_page_is_hidden_before_its_wall_is_closed_and_shown_before_it_is_opened(vendor):
    down = await does(vendor)
    await does(vendor, Action("restore", PAGE, down.before))
    shown = [one for one, _, _ in vendor.state.log]
    assert shown.index("unpublish") == 0
    assert shown.index("publish") == len(shown) / 2


async def test_a_pause_between_the_page_and_its_wall_leaves_no_half_of_it(vendor, page):
    vendor.misbehave(_only(PAUSED, hiding=False), times=None)
    down = await does(vendor)
    assert (down.state, page["is_published"]) == ("done", False)
    assert "still switched on" in down.detail


async def test_a_pause_on_the_way_back_is_tried_again_and_no_refusal(vendor, page):
    down = await does(vendor)
    vendor.misbehave(_only(PAUSED, hiding=False), times=None)
    back = await does(vendor, Action("restore", PAGE, down.before))
    assert (back.state, page["is_published"]) == ("pending", True)
    vendor.behave()
    assert (await does(vendor, Action("restore", PAGE, down.before))).state == "done"
    assert page["settings"] == WALL


async def test_where_nothing_was_changed_the_refusal_itself_is_told(vendor):
    vendor.misbehave(REFUSED, times=None, method="POST")
    with pytest.raises(SourceTrouble) as refused:
        await does(vendor)
    assert refused.value.health == "permission"
    assert not vendor.state.log


async def test_a_blocked_action_is_not_followed_by_another(vendor):
    vendor.misbehave(told(400, error(368, "Blocked")), times=None, method="POST")
    with pytest.raises(SourceTrouble) as refused:
        await does(vendor)
    assert refused.value.health == "policy_blocked"
    assert len([one for one in vendor.log if one.method == "POST"]) == 1


async def test_a_page_that_does_not_say_how_it_stands_is_not_touched(vendor, page):
    del page["is_published"]
    with pytest.raises(SourceTrouble):
        await does(vendor)
    assert not vendor.state.log


async def test_putting_back_waits_for_the_visitors_posts_too(vendor, page):
    down = await does(vendor)
    page["is_published"] = True
    seen = await sees(vendor, Action("restore", PAGE, down.before))
    assert seen.state == "pending"
