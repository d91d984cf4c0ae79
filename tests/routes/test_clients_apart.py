"""A key for some clients cannot tell that the others exist: every door, every foreign id."""

import json

import pytest

from api.routes.asking import FOR_KEYS
from tests.routes.doors import Door, guarded
from tests.routes.places import changed, everything, furnished, pressed, program, review

# What a body needs so that the answer is about the id and not about the body.
STEPS = {"steps": [{"who": "first", "channels": ["webpush"], "wait_seconds": 60}]}
BODIES = {
    "create_client": {"name": "Third"},
    "update_client": {"name": "Taken over"},
    "create_contact": {"name": "Eve"},
    "update_contact": {"phone": "+43 1"},
    "create_client_link": {"capability": "approve"},
    "rotate_client_link": {},
    "revoke_client_link": {},
    "create_account": {
        "platform": "places",
        "name": "Mine",
        "secrets": {"place_id": "p", "key": "k"},
    },
    "create_connection": {"platform": "google"},
    "create_source": {"kind": "push", "name": "Mine"},
    "update_source": {"name": "Mine"},
    "poll_source": {},
    "import_reviews": [review(99)],
    "import_file": {},
    "confirm_incident": {},
    "dismiss_incident": {"reason": "not_bad"},
    "monitor_incident": {},
    "resolve_incident": {},
    "reopen_incident": {},
    "close_incident": {},
    "create_note": {"text": "I was here."},
    "record_call": {"contact_id": "ctc_" + "0" * 26},
    "send_owner_link": {"contact_id": "ctc_" + "0" * 26},
    "wait_and_look": {"minutes": 30},
    "propose_action": {"kind": "take_down", "chosen": ["website"]},
    "execute_action": {},
    "cancel_action": {},
    "revert_action": {},
    "retry_action": {},
    "accept_action": {},
    "leave_action": {},
    "complete_manual_action": {"result_id": "res_" + "0" * 26},
    "request_approval": {"action_id": "act_" + "0" * 26},
    "record_approval": {"answer": "yes", "contact_id": "ctc_" + "0" * 26},
    "remind_approver": {},
    "withdraw_approval": {},
    "revoke_approval": {},
    "create_standing_approval": {
        "contact_id": "ctc_" + "0" * 26,
        "source_ids": ["src_" + "0" * 26],
        "until": "2027-01-01T00:00:00Z",
    },
    "revoke_standing_approval": {},
    "revoke_owner_phone": {},
    "create_statement": {"incident_id": "inc_" + "0" * 26, "text": "Words."},
    "update_statement": {"text": "Other words."},
    "submit_statement": {},
    "hold_statement": {"until": {"manual": True}},
    "publish_statement": {},
    "stop_publishing": {},
    "retract_statement": {},
    "discard_statement": {},
    "save_evidence": {},
    "save_report": {},
    "send_report": {},
    "replace_on_call": {"user_ids": []},
    "acknowledge_escalation": {},
    "extend_acknowledgement": {},
    "hand_over_escalation": {"to": "usr_" + "0" * 26},
    "replace_escalation_plan": STEPS,
    "replace_client_escalation_plan": STEPS,
    "create_schedule": {"name": "Nights"},
    "update_schedule": {"name": "Nights"},
    "create_override": {"user_id": "usr_" + "0" * 26, "ends_at": "2026-05-13T00:00:00Z"},
    "swap_shifts": {},
    "create_calendar_feed": {},
}
# Doors for keys that lead to no client: the agency's own people, and what happens next.
OF_THE_AGENCY = {
    "get_self_check", "get_on_call", "replace_on_call", "list_users", "create_client",
    "list_schedules", "create_schedule", "list_coverage_gaps", "get_escalation_plan",
    "replace_escalation_plan", "delete_escalation_plan", "list_platforms", "recognise_platform",
    "list_statement_templates",
}  # fmt: skip
# The rota is of the agency as well: a key for some clients is told so, at every one of its doors.
OF_THE_ROTA = {
    "update_schedule", "list_shifts", "create_override", "delete_override", "swap_shifts",
    "create_calendar_feed",
}  # fmt: skip
LISTS = {
    "list_clients", "list_reviews", "list_incidents", "list_events", "list_approvals",
    "list_statements",
}  # fmt: skip
STREAMS = {"stream_events"}
# What they are about stands in the body.
BY_BODY = {"request_approval", "create_statement"}


def for_keys() -> list[Door]:
    return [door for door in guarded() if door.scope in FOR_KEYS]


def about_a_client() -> list[Door]:
    return [door for door in for_keys() if door.names and door.name not in OF_THE_ROTA]


def test_every_door_is_about_one_client_or_known_to_be_about_none():
    about_one = {door.name for door in for_keys() if door.names}
    about_none = {door.name for door in for_keys() if not door.names}
    assert about_none == OF_THE_AGENCY | LISTS | STREAMS | BY_BODY
    unsafe = {d.name for d in for_keys() if d.method in {"POST", "PUT", "PATCH"}}
    assert unsafe == set(BODIES), "a new door needs a body here, or it is not tried"
    assert about_one


async def test_every_foreign_id_is_not_found_and_nothing_changes(small_world, boss):
    own = await furnished(small_world, boss, "Own")
    foreign = await furnished(small_world, boss, "Foreign")
    limits = {"client_ids": [own["client_id"]]}
    async with await program(small_world, boss, *FOR_KEYS, **limits) as web:
        before = await everything()
        for door in about_a_client():
            body = BODIES.get(door.name)
            answer = await web.request(door.method, door.at(foreign), json=body, headers=pressed())
            assert answer.status_code == 404, f"{door}: {answer.text}"
            assert answer.json()["detail"] == "Not found", str(door)
        assert await changed(before) == []


async def test_a_foreign_id_in_a_body_is_not_found_either(small_world, boss):
    own = await furnished(small_world, boss, "Own")
    foreign = await furnished(small_world, boss, "Foreign")
    tried: dict[str, list[dict[str, object]]] = {
        "/v1/approvals": [{"action_id": foreign["action_id"]},
                          {"statement_id": foreign["statement_id"]}],
        "/v1/statements": [{"incident_id": foreign["incident_id"], "text": "Words."}],
        f"/v1/incidents/{own['incident_id']}/calls": [
            {"contact_id": foreign["contact_id"], "outcome": "said_yes", "chosen": ["website"]}
        ],
        f"/v1/actions/{own['action_id']}/complete-manual": [{"result_id": "res_" + "0" * 26}],
    }  # fmt: skip
    limits = {"client_ids": [own["client_id"]]}
    async with await program(small_world, boss, *FOR_KEYS, **limits) as web:
        before = await everything()
        for path, bodies in tried.items():
            for body in bodies:
                answer = await web.post(path, json=body, headers=pressed())
                assert answer.status_code == 404, f"{path}: {answer.text}"
        assert await changed(before) == []


async def test_the_same_key_opens_the_same_doors_for_its_own_client(small_world, boss):
    own = await furnished(small_world, boss, "Own")
    limits = {"client_ids": [own["client_id"]]}
    async with await program(small_world, boss, *FOR_KEYS, **limits) as web:
        for door in about_a_client():
            if door.is_safe:
                answer = await web.get(door.at(own))
                assert answer.status_code == 200, f"{door}: {answer.text}"


async def test_no_list_names_a_foreign_client(small_world, boss):
    own = await furnished(small_world, boss, "Own")
    foreign = await furnished(small_world, boss, "Foreign")
    limits = {"client_ids": [own["client_id"]]}
    async with await program(small_world, boss, *FOR_KEYS, **limits) as web:
        for door in for_keys():
            if door.name in LISTS:
                answer = await web.get(door.path)
                assert own["client_id"] in answer.text, str(door)
                told = [one for one in (*foreign.values(), "Foreign") if one in answer.text]
                assert told == [], str(door)


async def test_asking_a_list_for_a_foreign_id_finds_nothing(small_world, boss):
    own = await furnished(small_world, boss, "Own")
    foreign = await furnished(small_world, boss, "Foreign")
    limits = {"client_ids": [own["client_id"]]}
    async with await program(small_world, boss, *FOR_KEYS, **limits) as web:
        for door in for_keys():
            for name in door.queries & set(foreign):
                answer = await web.get(door.path, params={name: foreign[name]})
                found = answer.json().get("data") if answer.status_code == 200 else []
                assert found == [], f"{door}?{name}"
                mine = await web.get(door.path, params={name: own[name]})
                assert mine.json()["data"], f"{door}?{name}"


async def test_a_foreign_person_cannot_be_called_on_an_own_incident(small_world, boss):
    own = await furnished(small_world, boss, "Own")
    foreign = await furnished(small_world, boss, "Foreign")
    limits = {"client_ids": [own["client_id"]]}
    async with await program(small_world, boss, *FOR_KEYS, **limits) as web:
        before = await everything()
        answer = await web.post(
            f"/v1/incidents/{own['incident_id']}/calls",
            json={"contact_id": foreign["contact_id"]},
            headers=pressed(),
        )
        assert answer.status_code == 404
        assert await changed(before) == []


@pytest.mark.parametrize("thing", ["client", "incident", "source", "review"])
async def test_a_foreign_id_and_an_id_of_nothing_get_the_same_answer(small_world, boss, thing):
    own = await furnished(small_world, boss, "Own")
    foreign = await furnished(small_world, boss, "Foreign")
    there = foreign[f"{thing}_id"]
    nowhere = there.split("_")[0] + "_" + "0" * 26
    limits = {"client_ids": [own["client_id"]]}
    async with await program(small_world, boss, *FOR_KEYS, **limits) as web:
        answers = [await web.get(f"/v1/{thing}s/{one}") for one in (there, nowhere)]
    said = [{**answer.json(), "request_id": ""} for answer in answers]
    assert json.dumps(said[0]) == json.dumps(said[1])
    assert said[0]["status"] == 404


async def test_phones_and_alarms_of_another_person_are_not_found(small_world, boss):
    await boss.gets_a_phone()
    device = (await boss.get("/v1/me/devices"))["data"][0]["id"]
    alarm = (await boss.post(f"/v1/me/devices/{device}/test"))["id"]
    other = await small_world.hires("Other", role="owner")
    before = await everything()
    assert (await other.get("/v1/me/devices"))["data"] == []
    for method, path in (
        ("DELETE", f"/v1/me/devices/{device}"),
        ("POST", f"/v1/me/devices/{device}/test"),
        ("GET", f"/v1/notifications/{alarm}"),
    ):
        answer = await other.web.request(method, path, headers=pressed())
        assert answer.status_code == 404, path
    assert await changed(before) == []
