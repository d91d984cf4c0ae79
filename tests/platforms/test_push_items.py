"""The one check every review from outside has to pass."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from api.items.item import Item, Problem, SourceTrouble
from workers.platforms import push

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
GOOD = {
    "external_id": "r1",
    "stars": 1,
    "text": "Stale bread",
    "author": "Kim",
    "created_at": "2026-11-21T18:00:00Z",
}


def check(**changes):
    return push.check_item({**GOOD, **changes}, 3, NOW)


def test_a_good_review_becomes_a_clean_item():
    assert check(title="Bad", url="https://shop.example/1", author_id="k1") == Item(
        external_id="r1",
        stars=1.0,
        title="Bad",
        text="Stale bread",
        author="Kim",
        author_id="k1",
        url="https://shop.example/1",
        created_at=datetime(2026, 11, 21, 18, tzinfo=UTC),
        updated_at=None,
        kind="review",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"external_id": None}, "missing-external-id"),
        ({"external_id": ""}, "missing-external-id"),
        ({"external_id": " \u200b\x00 "}, "missing-external-id"),
        ({"external_id": 1.5}, "wrong-type"),
        ({"external_id": True}, "wrong-type"),
        ({"external_id": ["r1"]}, "wrong-type"),
        ({"external_id": "x" * 513}, "external-id-too-long"),
        ({"stars": 99}, "stars-out-of-range"),
        ({"stars": 0}, "stars-out-of-range"),
        ({"stars": 0.99}, "stars-out-of-range"),
        ({"stars": 5.01}, "stars-out-of-range"),
        ({"stars": -1}, "stars-out-of-range"),
        ({"stars": True}, "stars-out-of-range"),
        ({"stars": "five"}, "stars-out-of-range"),
        ({"stars": ""}, "stars-out-of-range"),
        ({"stars": []}, "stars-out-of-range"),
        ({"stars": float("nan")}, "stars-out-of-range"),
        ({"stars": float("inf")}, "stars-out-of-range"),
        ({"stars": 10**400}, "stars-out-of-range"),
        ({"stars": None, "rating": 11, "rating_scale": 10}, "stars-out-of-range"),
        ({"stars": None, "rating": 3, "rating_scale": 0}, "stars-out-of-range"),
        ({"stars": None, "rating": 3, "rating_scale": "ten"}, "stars-out-of-range"),
        ({"created_at": "2099-01-01T00:00:00Z"}, "created-at-in-future"),
        ({"created_at": "2026-11-21T20:05:01Z"}, "created-at-in-future"),
        ({"created_at": "2026-11-21T18:00:00"}, "created-at-invalid"),
        ({"created_at": "2026-11-21"}, "created-at-invalid"),
        ({"created_at": "yesterday"}, "created-at-invalid"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "created-at-invalid"),
        ({"created_at": "1970-01-01T00:00:00Z"}, "created-at-invalid"),
        ({"created_at": "2026-13-41T18:00:00Z"}, "created-at-invalid"),
        ({"created_at": 1795284000}, "created-at-invalid"),
        ({"created_at": ""}, "created-at-invalid"),
        ({"updated_at": "later"}, "updated-at-invalid"),
        ({"updated_at": "2099-01-01T00:00:00Z"}, "updated-at-in-future"),
        ({"text": "x" * 100_001}, "text-too-long"),
        ({"text": "é" * 50_001}, "text-too-long"),
        ({"title": "x" * 100_001}, "text-too-long"),
        ({"text": 7}, "wrong-type"),
        ({"title": ["a"]}, "wrong-type"),
        ({"author": 7}, "wrong-type"),
        ({"author": {"name": ["Kim"]}}, "wrong-type"),
        ({"author_id": 1.5}, "wrong-type"),
        ({"stars": None, "text": " \u202e "}, "nothing-to-read"),
    ],
)
def test_a_review_that_cannot_be_true_is_named_by_a_stable_code(changes, code):
    problem = check(**changes)
    assert isinstance(problem, Problem)
    assert (problem.index, problem.code) == (3, code)
    assert problem.detail.endswith(".")
    assert problem.external_id in ("r1", None)


@pytest.mark.parametrize("raw", [None, 7, "text", [], [GOOD]])
def test_only_objects_are_reviews(raw):
    problem = push.check_item(raw, 0, NOW)
    assert isinstance(problem, Problem)
    assert problem.code == "not-an-object"


@pytest.mark.parametrize(
    ("changes", "stars"),
    [
        ({"stars": 5}, 5.0),
        ({"stars": "4"}, 4.0),
        ({"stars": "4,5"}, 4.5),
        ({"stars": 1.0}, 1.0),
        ({"stars": None, "rating": 3}, 3.0),
        ({"stars": None, "rating": 9, "rating_scale": 10}, 4.5),
        ({"stars": None, "rating": 1, "rating_scale": 10}, 1.0),
        ({"stars": None, "rating": 0, "rating_scale": 100}, 1.0),
        ({"stars": None, "rating": "80", "rating_scale": "100"}, 4.0),
        ({"stars": None}, None),
        ({"stars": 2, "rating": 9, "rating_scale": 10}, 2.0),
    ],
)
def test_stars_come_from_stars_or_from_a_scaled_rating(changes, stars):
    assert check(**changes).stars == stars


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-21T18:00:00Z",
        "2026-11-21t18:00:00z",
        "2026-11-21T18:00Z",
        "2026-11-21 20:00:00+02:00",
        "2026-11-21T13:00:00.000-0500",
        "2026-11-21T18:00:00.123456789Z",
    ],
)
def test_a_moment_with_a_zone_is_kept_as_utc(written):
    at = check(created_at=written).created_at
    assert at.replace(microsecond=0) == datetime(2026, 11, 21, 18, tzinfo=UTC)
    assert at.utcoffset() == timedelta(0)


def test_a_clock_that_is_five_minutes_fast_is_forgiven():
    assert check(created_at="2026-11-21T20:05:00Z").created_at == NOW + timedelta(minutes=5)


def test_a_missing_date_is_left_to_the_moment_it_was_first_seen():
    assert check(created_at=None).created_at is None


def test_a_number_as_id_is_kept_as_text():
    assert check(external_id=9007199254740993).external_id == "9007199254740993"


def test_long_text_is_cut_and_hostile_text_is_cleaned():
    assert len(check(text="x" * 30_000).text) == 20_000
    assert check(text="a\x00b\u202ec\ud800").text == "abc"
    assert check(author="Kim\n\u2067Bot").author == "Kim Bot"
    assert check(text="<script>alert(1)</script>").text == "<script>alert(1)</script>"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "not a url", 7, {"a": 1}])
def test_a_bad_link_is_dropped_and_its_review_kept(url):
    assert check(url=url).url is None


def test_good_reviews_of_a_batch_survive_the_bad_ones():
    batch = [
        GOOD,
        {**GOOD, "stars": 99, "external_id": "r2"},
        {**GOOD, "text": "again"},
        "nonsense",
        {**GOOD, "external_id": "r3", "created_at": "2099-01-01T00:00:00Z"},
        {**GOOD, "external_id": "r4"},
    ]
    result = push.read(json.dumps(batch).encode(), "application/json", NOW)
    assert [(item.external_id, item.text) for item in result.items] == [
        ("r1", "Stale bread"),
        ("r4", "Stale bread"),
    ]
    assert [(p.index, p.external_id, p.code) for p in result.problems] == [
        (1, "r2", "stars-out-of-range"),
        (2, "r1", "duplicate-in-batch"),
        (3, None, "not-an-object"),
        (4, "r3", "created-at-in-future"),
    ]


def test_an_object_with_the_list_under_reviews_is_read_too():
    body = json.dumps({"reviews": [GOOD]}).encode()
    assert len(push.read(body, "", NOW).items) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"{}", "JSON list"),
        (b'"text"', "JSON list"),
        (b"[", "broken or cut off"),
        (b"[" * 200_000, "broken or cut off"),
        (b"[" + b"1" * 5_000 + b"]", "broken or cut off"),
        (json.dumps([GOOD] * 501).encode(), "at most 500"),
    ],
)
def test_a_body_that_is_no_list_of_reviews_is_explained(body, words):
    with pytest.raises(SourceTrouble, match=words) as trouble:
        push.read(body, "", NOW)
    assert trouble.value.health == "bad_content"
