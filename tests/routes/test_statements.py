"""Statements at the door: blanks, versions, and a yes for exactly these words."""

import pytest

from api.models import Action, Approval, Event, Statement, StatementVersion
from tests.routes.drafts import WORDS, a_draft, a_night, an_approved_one, answers, does, look, patch
from tests.routes.places import changed, everything, pressed, program, push_source


@pytest.fixture
async def ids(small_world, boss):
    return await a_night(small_world, boss, "Corner")


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


async def test_what_is_thrown_away_cannot_be_agreed_to_any_more(small_world, boss, ids):
    draft = await a_draft(boss, ids)
    await does(boss, draft, "submit")
    asked = (await look(boss, draft))["approval"]["id"]
    assert (await does(boss, draft, "discard"))["state"] == "discarded"
    body = {"answer": "yes", "contact_id": ids["contact_id"]}
    await boss.post(f"/v1/approvals/{asked}/record", body, expect=409)
    assert (await patch(boss, draft, {"text": "Again."})).status_code == 409


async def test_places_of_others_and_places_that_are_gone_are_refused(small_world, boss, ids):
    other = await a_night(small_world, boss, "Other")
    body = {"incident_id": ids["incident_id"], "text": WORDS, "source_ids": [other["source_id"]]}
    await boss.post("/v1/statements", body, expect=422)
    gone = (await push_source(boss, ids["client_id"]))["id"]
    agreed = await an_approved_one(boss, ids, source_ids=[ids["source_id"], gone])
    await boss.web.delete(f"/v1/sources/{gone}", headers={"If-Match": "*"})
    refused = await does(boss, agreed, "publish", expect=409)
    assert refused["code"] == "digest-changed"


async def test_lists_can_be_narrowed(small_world, boss, ids):
    other = await a_night(small_world, boss, "Other")
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
    other = await a_night(small_world, boss, "Other")
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
