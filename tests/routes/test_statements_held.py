"""An approved statement is held, published or taken back: by a person, with a yes that holds."""

from datetime import timedelta

import pytest

from api.models import Action
from tests.routes.drafts import a_draft, a_night, an_approved_one, answers, does, look
from tests.routes.places import pushes
from tests.routes.places import review as a_review


@pytest.fixture
async def ids(small_world, boss):
    return await a_night(small_world, boss, "Corner")


@pytest.mark.parametrize(
    ("until", "kind", "hours"),
    [({"quiet_for": "PT72H"}, "quiet", 72), ({"manual": True}, "hand", None),
     ({"at": "2026-05-14T08:00:00+02:00"}, "time", None), (None, "quiet", 48)],
)  # fmt: skip
async def test_it_is_held_until_it_is_quiet_until_a_time_or_by_hand(boss, ids, until, kind, hours):
    agreed = await an_approved_one(boss, ids)
    held = await does(boss, agreed, "hold", {"until": until} if until else {})
    assert (held["state"], held["hold"]["kind"]) == ("held", kind)
    assert held["hold"]["quiet_hours"] == hours
    assert (held["hold"]["calm"] is None) == (kind != "quiet")
    if kind == "time":
        assert held["hold"]["at"] == "2026-05-14T06:00:00Z"


@pytest.mark.parametrize(
    "until",
    [{}, {"quiet_for": "PT48H", "manual": True}, {"at": "2026-05-01T00:00:00Z"},
     {"quiet_for": "PT10M"}, {"quiet_for": "P60D"}, {"at": "9999-12-31T23:59:59-14:00"},
     {"at": "2026-05-14T08:00:00"}],
)  # fmt: skip
async def test_a_hold_that_says_nothing_or_two_things_is_refused(boss, ids, until):
    agreed = await an_approved_one(boss, ids)
    await does(boss, agreed, "hold", {"until": until}, expect=422)
    assert (await look(boss, agreed))["state"] == "approved"


async def test_it_objects_to_silence_when_people_were_hurt_and_a_person_may_insist(boss, ids):
    sick = a_review(70, text="Everybody at our table was sick. Food poisoning.")
    await pushes(boss, ids["source_id"], sick)
    agreed = await an_approved_one(boss, ids)
    assert agreed["objection"]["heard"][0]["subject"] == "illness"
    refused = await does(boss, agreed, "hold", {}, expect=422)
    assert "(“sick”, “poisoning”)" in refused["detail"]
    assert refused["errors"][0]["pointer"] == "/despite"
    held = await does(boss, agreed, "hold", {"despite": True})
    assert held["state"] == "held"
    path = f"/v1/incidents/{ids['incident_id']}/timeline"
    lines = [one["kind"] for one in (await boss.get(path))["data"]]
    assert lines[:2] == ["statement_despite", "statement_held"]


async def test_kind_reviews_and_old_ones_are_no_reason_to_object(boss, ids):
    kind = a_review(71, stars=5, text="Our kids loved it, we call it the police station.")
    await pushes(boss, ids["source_id"], kind)
    assert (await a_draft(boss, ids))["objection"] is None


async def test_publishing_counts_down_and_stop_leaves_the_yes_whole(small_world, boss, ids):
    agreed = await an_approved_one(boss, ids)
    going = await does(boss, agreed, "publish")
    assert (going["state"], going["allowed"]) == ("publishing", ["stop"])
    assert going["going_out"]["state"] == "counting_down"
    stopped = await does(boss, agreed, "stop")
    assert (stopped["state"], stopped["approval"]["state"]) == ("approved", "approved")
    small_world.at += timedelta(minutes=1)
    await small_world.works()
    assert (await look(boss, agreed))["state"] == "approved"
    [action] = await small_world.rows(Action)
    assert action.state == "cancelled"


async def test_what_no_program_publishes_is_out_when_a_hand_has_pasted_the_link(
    small_world, boss, ids
):
    agreed = await an_approved_one(boss, ids, source_ids=[ids["source_id"]])
    await does(boss, agreed, "publish")
    small_world.at += timedelta(seconds=31)
    await small_world.works()
    waiting = await look(boss, agreed)
    assert waiting["state"] == "publishing"
    action = await boss.get(f"/v1/actions/{waiting['going_out']['id']}")
    [result] = action["results"]
    assert (result["state"], result["certainty"]) == ("by_hand", "by_hand")
    body = {"result_id": result["id"], "link": "https://corner.test/news"}
    await boss.post(f"/v1/actions/{action['id']}/complete-manual", body)
    out = await look(boss, agreed)
    assert out["state"] == "published"
    assert out["links"] == [{"place": "The push", "url": "https://corner.test/news"}]
    assert out["approval"]["state"] == "consumed"


async def test_what_was_published_is_taken_back_with_the_owners_yes_alone(small_world, boss, ids):
    agreed = await an_approved_one(boss, ids)
    await does(boss, agreed, "publish")
    small_world.at += timedelta(seconds=31)
    await small_world.works()
    action = (await look(boss, agreed))["going_out"]["id"]
    [result] = (await boss.get(f"/v1/actions/{action}"))["results"]
    await boss.post(f"/v1/actions/{action}/complete-manual", {"result_id": result["id"]})
    asked = await does(boss, agreed, "retract")
    assert (asked["state"], asked["approval"]["state"]) == ("published", "requested")
    assert asked["approval"]["shown"]["take_back"] is True
    assert (await does(boss, agreed, "retract", expect=409))["code"] == "approval-missing"
    await answers(boss, ids, agreed)
    may = await look(boss, agreed)
    assert (may["state"], may["may_take_back"]) == ("published", True)
    back = await does(boss, agreed, "retract")
    assert (back["state"], back["allowed"]) == ("retracted", [])
    await does(boss, agreed, "retract", expect=409)


async def test_a_yes_that_grew_old_does_not_publish(small_world, boss, ids):
    agreed = await an_approved_one(boss, ids)
    await does(boss, agreed, "hold", {"until": {"manual": True}})
    small_world.at += timedelta(hours=72, seconds=1)
    refused = await does(boss, agreed, "publish", expect=409)
    assert refused["code"] == "approval-lapsed"
    await small_world.works()
    held = await look(boss, agreed)
    assert (held["state"], held["approval"]["state"]) == ("held", "lapsed")
    assert (await does(boss, agreed, "publish", expect=409))["code"] == "approval-lapsed"
    await does(boss, agreed, "submit")
    await answers(boss, ids, agreed)
    assert (await does(boss, agreed, "publish"))["state"] == "publishing"


async def test_a_yes_that_is_taken_back_during_the_countdown_sends_nothing(small_world, boss, ids):
    agreed = await an_approved_one(boss, ids)
    await does(boss, agreed, "publish")
    await boss.post(f"/v1/approvals/{agreed['approval']['id']}/revoke", {"why": "No."})
    small_world.at += timedelta(seconds=31)
    await small_world.works()
    after = await look(boss, agreed)
    assert (after["state"], after["links"]) == ("draft", [])
    [action] = await small_world.rows(Action)
    assert action.state == "cancelled"
