"""What Meta's answers mean, by the table of its codes, and what its usage headers ask for."""

import json
from datetime import timedelta

import pytest

from tests.platforms.graph_vendor import BUSY, error
from tests.platforms.vendor import NOW
from workers.platforms.calls import Reply
from workers.platforms.meta_errors import judge, not_before
from workers.platforms.meta_http import appsecret_proof


def reply(status, told, headers=None):
    body = json.dumps(told).encode()
    return Reply(status, headers or {}, body, told, "graph.facebook.com")


def judged(status, told, headers=None):
    trouble = judge(reply(status, told, headers), NOW)
    assert trouble is not None
    return trouble


@pytest.mark.parametrize(
    ("status", "code", "more", "health"),
    [
        (400, 190, {"error_subcode": 460}, "auth_expired"),
        (400, 190, {"error_subcode": 463}, "auth_expired"),
        (400, 190, {"error_subcode": 467}, "auth_expired"),
        (400, 190, {"error_subcode": 458}, "auth_expired"),
        (400, 190, {"error_subcode": 459}, "auth_expired"),
        (400, 190, {"error_subcode": 464}, "auth_expired"),
        (401, 190, {}, "auth_expired"),
        (400, 190, {"error_subcode": 492}, "permission"),
        (400, 102, {}, "auth_expired"),
        (403, 10, {}, "permission"),
        (400, 200, {}, "permission"),
        (403, 283, {}, "permission"),
        (400, 299, {}, "permission"),
        (400, 4, {}, "rate_limited"),
        (403, 17, {}, "rate_limited"),
        (400, 32, {"is_transient": True}, "rate_limited"),
        (400, 341, {}, "rate_limited"),
        (400, 613, {}, "rate_limited"),
        (400, 80000, {}, "rate_limited"),
        (400, 80001, {}, "rate_limited"),
        (400, 80099, {}, "rate_limited"),
        (400, 368, {}, "policy_blocked"),
        (400, 12, {}, "unavailable_capability"),
        (400, 100, {"error_subcode": 33}, "gone"),
        (400, 803, {}, "gone"),
        (400, 21, {}, "gone"),
        (400, 100, {"error_subcode": 21}, "gone"),
        (400, 506, {}, "outcome_unknown"),
        (500, 1, {}, "transient"),
        (400, 2, {"is_transient": True}, "transient"),
        (400, 9999, {"is_transient": True}, "transient"),
        (503, 9999, {}, "transient"),
        (400, 9999, {}, "transient"),
        (200, 9999, {}, "transient"),
    ],
)
def test_the_code_decides_and_not_the_status(status, code, more, health):
    trouble = judged(status, error(code, "…", **more))
    assert trouble.health == health
    assert trouble.detail.endswith(".")
    assert trouble.permanent == (health in ("auth_expired", "permission", "gone", "policy_blocked"))


@pytest.mark.parametrize(
    ("message", "health"),
    [
        ("Unsupported get request. Object with ID '1' does not exist, cannot be loaded", "gone"),
        ("(#100) Tried accessing nonexisting field (ratings)", "unavailable_capability"),
        ("(#100) Param message must be a string", "bad_content"),
    ],
)
def test_code_100_is_told_apart_by_its_sentence(message, health):
    assert judged(400, error(100, message)).health == health


def test_a_missing_right_is_named_and_nothing_else_of_metas_sentence():
    told = "(#283) Requires pages_read_user_content permission, token EAAsecret"
    detail = judged(403, error(283, told)).detail
    assert "pages_read_user_content" in detail
    assert "EAA" not in detail


@pytest.mark.parametrize("told", [{}, {"error": "x"}, {"error": {}}, {"error": {"code": "4"}}, [1]])
def test_an_error_of_another_shape_is_read_by_its_status(told):
    assert judged(503, told).health == "transient"
    assert judged(429, told).health == "rate_limited"


def test_a_good_answer_is_no_trouble():
    assert judge(reply(200, {"data": []}), NOW) is None


def test_a_throttled_call_waits_for_what_the_headers_estimate():
    headers = {name.lower(): value for name, value in BUSY.items()}
    assert judged(400, error(32, "…"), headers).retry_at == NOW + timedelta(minutes=7)
    assert judged(400, error(4, "…")).retry_at == NOW + timedelta(minutes=5)


def app(**percent):
    return {"x-app-usage": json.dumps(percent)}


def business(**told):
    return {"x-business-use-case-usage": json.dumps({"1": [{"type": "pages"} | told]})}


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, None),
        (app(call_count=79, total_time=79, total_cputime=79), None),
        (app(call_count=80), 2),
        (app(total_cputime=95), 17),
        (app(total_time=100), 22),
        (business(call_count=85), 7),
        (business(call_count=12, estimated_time_to_regain_access=40), 40),
        (business(call_count=500, estimated_time_to_regain_access=10**12), 1440),
        (app(call_count=10**12), 1440),
        (app(call_count="99"), None),
        (app(call_count=True), None),
        ({"x-app-usage": '{"call_count": NaN}'}, None),
        ({"x-app-usage": "[" * 100_000}, None),
        ({"x-app-usage": "[1]", "x-business-use-case-usage": '{"1": 7, "2": [3]}'}, None),
    ],
)
def test_from_eighty_percent_on_there_is_a_pause(headers, minutes):
    expected = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert not_before(headers, NOW) == expected


def test_the_proof_is_the_one_that_meta_reckons():
    wanted = "bee10ae3a2a28b9f956233931b75c7e9317490b886836c6ef4d39993fa95b8ae"
    assert appsecret_proof("app_secret_1", "EAAtoken123") == wanted
