"""Statements at the door: blanks, a yes for exactly these words, holding and taking back."""

from datetime import timedelta

import pytest

from api.models import Action, Approval, Event, Statement, StatementVersion
from tests.routes.places import (
    changed,
    everything,
    furnished,
    pressed,
    program,
    push_source,
    pushes,
)
from tests.routes.places import review as a_review

WORDS = "We know that a glass broke. We do not know yet how. We speak again here."


@pytest.fixture
async def ids(small_world, boss):
    return await furnished(small_world, boss, "Corner")


async def a_draft(boss, ids, **facts):
    body = {"incident_id": ids["incident_id"], "text": WORDS} | facts
    return await boss.post("/v1/statements", body)


async def look(boss, statement):
    return await boss.get(f"/v1/statements/{statement['id']}")


async def does(boss, statement, verb, body=None, *, expect=200):
    path = f"/v1/statements/{statement['id']}/{verb}"
    return await boss.post(path, body, expect=expect)


async def answers(boss, ids, statement, answer="yes"):
    asked = (await look(boss, statement))["approval"]["id"]
    body = {"answer": answer, "contact_id": ids["contact_id"]}
    return await boss.post(f"/v1/approvals/{asked}/record", body)


async def an_approved_one(boss, ids, **facts):
    draft = await a_draft(boss, ids, **facts)
    await does(boss, draft, "submit")
    await answers(boss, ids, draft)
    return await look(boss, draft)


async def patch(boss, statement, body, version="*"):
    path = f"/v1/statements/{statement['id']}"
    return await boss.web.patch(path, json=body, headers={"If-Match": version})


async def test_a_draft_is_filled_with_what_is_known_and_shows_its_blanks(boss, ids):
    draft = await boss.post("/v1/statements", {"incident_id": ids["incident_id"]}, expect=201)
    assert (draft["state"], draft["state_word"], draft["number"]) == ("draft", "Draft", 1)
    assert "Corner owner, Corner" in draft["text"]
    assert "the town" in draft["blanks"]
    assert "when you will say more" in draft["blanks"]
    assert [one["code"] for one in draft["findings"]].count("blank_left") == len(draft["blanks"])
    assert draft["allowed"] == ["edit", "submit", "discard"]
    assert [place["name"] for place in draft["places"]] == ["By hand"]


async def test_with_blanks_nobody_is_asked_and_the_refusal_names_them(small_world, boss, ids):
    draft = await boss.post("/v1/statements", {"incident_id": ids["incident_id"]})
    refused = await does(boss, draft, "submit", expect=422)
    for blank in draft["blanks"]:
        assert f"“{blank}”" in refused["detail"]
    assert len(refused["errors"]) == len(draft["blanks"])
    assert await small_world.rows(Approval) == []
    assert (await look(boss, draft))["state"] == "draft"


async def test_templates_are_listed_bare_or_filled_with_an_incident(boss, ids):
    bare = (await boss.get("/v1/statement-templates"))["data"]
    full = (await boss.get("/v1/statement-templates", incident_id=ids["incident_id"]))["data"]
    assert [one["id"] for one in bare] == [
        "holding", "looking", "apology", "correction", "staff", "press",
    ]  # fmt: skip
    for before, after in zip(bare, full, strict=True):
        assert "[the name of the business]" in before["text"]
        assert "Corner" in after["text"]
        assert len(after["blanks"]) < len(before["blanks"])


async def test_the_yes_is_for_these_words_at_these_places(small_world, boss, ids):
    draft = await a_draft(boss, ids, source_ids=[ids["source_id"]])
    asked = await does(boss, draft, "submit")
    assert asked["state"] == "in_review"
    shown = asked["approval"]["shown"]
    assert set(shown) == {"text", "places"}
    assert shown["text"] == WORDS
    assert [one["name"] for one in shown["places"]] == ["The push"]
    assert asked["approval"]["code"] == asked["code"] == draft["code"]
    await answers(boss, ids, draft)
    agreed = await look(boss, draft)
    assert (agreed["state"], agreed["approval"]["state"]) == ("approved", "approved")
    assert agreed["allowed"] == ["hold", "publish", "submit", "edit", "discard"]


@pytest.mark.parametrize("change", [{"text": WORDS.replace("how", "why")}, {"source_ids": []}])
async def test_one_letter_or_one_place_makes_the_yes_void(small_world, boss, ids, change):
    agreed = await an_approved_one(boss, ids, source_ids=[ids["source_id"]])
    changed_one = (await patch(boss, agreed, change)).json()
    assert (changed_one["state"], changed_one["number"]) == ("draft", 2)
    assert changed_one["code"] != agreed["code"]
    [void] = await small_world.rows(Approval)
    assert (void.state, void.ended_why) == ("superseded", "The words were changed.")
    refused = await does(boss, agreed, "publish", expect=409)
    assert refused["code"] == "approval-missing"
    assert await small_world.rows(Action) == []
    assert "statement.changed" in [event.type for event in await small_world.rows(Event)]


async def test_saving_the_same_again_changes_nothing(small_world, boss, ids):
    agreed = await an_approved_one(boss, ids)
    same = (await patch(boss, agreed, {"text": WORDS})).json()
    assert (same["state"], same["number"], same["version"]) == ("approved", 1, agreed["version"])
    assert len(await small_world.rows(StatementVersion)) == 1


async def test_a_change_is_made_from_a_version_that_was_seen(boss, ids):
    draft = await a_draft(boss, ids)
    path = f"/v1/statements/{draft['id']}"
    assert (await boss.web.patch(path, json={"text": "Other"})).status_code == 428
    seen = (await boss.web.get(path)).headers["ETag"]
    assert (await patch(boss, draft, {"text": "Mine."}, seen)).status_code == 200
    stale = await patch(boss, draft, {"text": "Hers."}, seen)
    assert (stale.status_code, stale.json()["newer"]["text"]) == (412, "Mine.")
    again = await boss.web.get(path, headers={"If-None-Match": seen})
    assert again.status_code == 200
    newest = again.headers["ETag"]
    same = await boss.web.get(path, headers={"If-None-Match": newest})
    assert same.status_code == 304


async def test_versions_and_their_difference_can_be_read(boss, ids):
    draft = await a_draft(boss, ids)
    for text in ("We know more.", "We know much more."):
        await patch(boss, draft, {"text": text})
    path = f"/v1/statements/{draft['id']}"
    versions = (await boss.get(f"{path}/versions"))["data"]
    assert [one["number"] for one in versions] == [3, 2, 1]
    assert versions[-1]["text"] == WORDS
    newest = await boss.get(f"{path}/difference")
    assert (newest["older"], newest["newer"]) == (2, 3)
    assert [(one["change"], one["text"]) for one in newest["pieces"]] == [
        ("kept", "We know "), ("added", "much "), ("kept", "more."),
    ]  # fmt: skip
    whole = await boss.get(f"{path}/difference", older=1, newer=2)
    assert "".join(one["text"] for one in whole["pieces"] if one["change"] != "added") == WORDS
    nothing = await boss.web.get(f"{path}/difference", params={"older": 1, "newer": 9})
    assert nothing.status_code == 404


async def test_the_owner_who_wants_other_words_gives_it_back(boss, ids):
    draft = await a_draft(boss, ids)
    await does(boss, draft, "submit")
    await answers(boss, ids, draft, "changes")
    assert (await look(boss, draft))["state"] == "draft"
    await does(boss, draft, "submit")
    await answers(boss, ids, draft, "no")
    assert (await look(boss, draft))["state"] == "draft"


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


async def test_what_is_thrown_away_cannot_be_agreed_to_any_more(small_world, boss, ids):
    draft = await a_draft(boss, ids)
    await does(boss, draft, "submit")
    asked = (await look(boss, draft))["approval"]["id"]
    assert (await does(boss, draft, "discard"))["state"] == "discarded"
    body = {"answer": "yes", "contact_id": ids["contact_id"]}
    await boss.post(f"/v1/approvals/{asked}/record", body, expect=409)
    assert (await patch(boss, draft, {"text": "Again."})).status_code == 409


async def test_places_of_others_and_places_that_are_gone_are_refused(small_world, boss, ids):
    other = await furnished(small_world, boss, "Other")
    body = {"incident_id": ids["incident_id"], "text": WORDS, "source_ids": [other["source_id"]]}
    await boss.post("/v1/statements", body, expect=422)
    gone = (await push_source(boss, ids["client_id"]))["id"]
    agreed = await an_approved_one(boss, ids, source_ids=[ids["source_id"], gone])
    await boss.web.delete(f"/v1/sources/{gone}", headers={"If-Match": "*"})
    refused = await does(boss, agreed, "publish", expect=409)
    assert refused["code"] == "digest-changed"


async def test_lists_can_be_narrowed(small_world, boss, ids):
    other = await furnished(small_world, boss, "Other")
    mine, theirs = await a_draft(boss, ids), await a_draft(boss, other)
    await does(boss, theirs, "discard")
    for query, found in (
        ({}, {mine["id"], theirs["id"]}), ({"client_id": ids["client_id"]}, {mine["id"]}),
        ({"incident_id": other["incident_id"]}, {theirs["id"]}), ({"state": "draft"}, {mine["id"]}),
    ):  # fmt: skip
        listed = (await boss.get("/v1/statements", **query))["data"]
        assert {one["id"] for one in listed} == found


async def test_a_helper_writes_and_asks_but_publishes_nothing(small_world, boss, ids):
    helper = await small_world.hires("Kim", role="helper")
    draft = await a_draft(helper, ids)
    await does(helper, draft, "submit")
    await answers(boss, ids, draft)
    before = await everything()
    for verb in ("publish", "stop", "retract"):
        path = f"/v1/statements/{draft['id']}/{verb}"
        assert (await helper.web.post(path, headers=pressed())).status_code == 403
    assert await changed(before) == []
    assert (await does(helper, draft, "hold"))["state"] == "held"


async def test_a_key_of_another_client_sees_and_changes_nothing(small_world, boss, ids):
    other = await furnished(small_world, boss, "Other")
    agreed = await an_approved_one(boss, ids)
    scopes = ("statements:read", "statements:write", "actions:execute", "incidents:read")
    async with await program(small_world, boss, *scopes, client_ids=[other["client_id"]]) as web:
        before = await everything()
        path = f"/v1/statements/{agreed['id']}"
        for method, end in (
            ("GET", ""), ("PATCH", ""), ("GET", "/versions"), ("GET", "/difference"),
            *[("POST", f"/{verb}") for verb in
              ("submit", "hold", "publish", "stop", "retract", "discard")],
        ):  # fmt: skip
            answer = await web.request(method, path + end, json={}, headers=pressed())
            assert answer.status_code == 404, f"{method} {end}"
        body = {"incident_id": ids["incident_id"], "text": "Mine."}
        answer = await web.post("/v1/statements", json=body, headers=pressed())
        assert answer.status_code == 404
        assert await changed(before) == []
        assert (await web.get("/v1/statements")).json()["data"] == []
    assert len(await small_world.rows(Statement)) == 1


async def test_events_name_the_state_and_never_the_words(small_world, boss, ids):
    agreed = await an_approved_one(boss, ids)
    await does(boss, agreed, "hold", {"until": {"manual": True}})
    events = [one for one in await small_world.rows(Event) if one.type.startswith("statement.")]
    assert [one.type for one in sorted(events, key=lambda one: one.seq)] == [
        "statement.submitted", "statement.approved", "statement.held",
    ]  # fmt: skip
    assert all("glass" not in str(one.data) for one in events)
