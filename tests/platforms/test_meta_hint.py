"""Meta's webhooks: which place to look at, in both spellings, and nothing that is no id."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.items.meta_hint import MetaHint, hints_of

PAGE, ACCOUNT = "1029384756", "17841474524784050"


def body(told):
    return json.dumps(told).encode()


def page(*changes, **entry):
    return body({"object": "page", "entry": [{"id": PAGE, "changes": list(changes)} | entry]})


def test_each_change_of_a_page_says_where_to_look():
    comment = {
        "item": "comment", "verb": "add", "comment_id": "9010978_9034389",
        "post_id": f"{PAGE}_9010978", "message": "Boycott them!", "from": {"id": "7788"},
    }  # fmt: skip
    rating = {
        "item": "rating", "verb": "edited", "open_graph_story_id": 122130000000001,
        "review_text": "Never going back.", "comment_id": None,
    }  # fmt: skip
    told = page(
        {"field": "feed", "value": comment},
        {"field": "ratings", "value": rating},
        {"field": "mention", "value": {"item": "post", "verb": "add", "post_id": "555_777"}},
    )
    assert [(hint.object, hint.place, hint.about) for hint in hints_of(told)] == [
        ("page", PAGE, {
            "field": "feed", "item": "comment", "verb": "add",
            "post_id": f"{PAGE}_9010978", "comment_id": "9010978_9034389",
        }),
        ("page", PAGE, {
            "field": "ratings", "item": "rating", "verb": "edited", "story_id": "122130000000001",
        }),
        ("page", PAGE, {"field": "mention", "item": "post", "verb": "add", "post_id": "555_777"}),
    ]  # fmt: skip


def test_both_spellings_of_instagram_are_read():
    value = {"id": "17919697626119712", "text": "fraud!!!", "media": {"id": "18172143295349192"}}
    listed = {"id": ACCOUNT, "changes": [{"field": "comments", "value": value}]}
    direct = {"id": ACCOUNT, "field": "comments", "value": value}
    expected = MetaHint("instagram", ACCOUNT, "comments", {
        "field": "comments", "comment_id": "17919697626119712", "media_id": "18172143295349192",
    })  # fmt: skip
    for entry in (listed, direct):
        assert hints_of(body({"object": "instagram", "entry": [entry]})) == [expected]


def test_a_mention_on_instagram_names_the_medium_and_perhaps_the_comment():
    told = {"object": "instagram", "entry": [
        {"id": int(ACCOUNT), "changes": [
            {"field": "mentions", "value": {"media_id": "17", "comment_id": "18"}},
            {"field": "mentions", "value": {"media_id": 9007199254740993}},
        ]},
    ]}  # fmt: skip
    assert [hint.about for hint in hints_of(body(told))] == [
        {"field": "mentions", "media_id": "17", "comment_id": "18"},
        {"field": "mentions", "media_id": "9007199254740993"},
    ]


def test_what_was_written_is_not_taken_over():
    told = page({"field": "feed", "value": {"message": "SECRET", "from": {"name": "SECRET"}}})
    assert "SECRET" not in repr(hints_of(told))


def test_several_places_in_one_delivery_are_told_apart_and_repeats_fall_away():
    change = {"field": "feed", "value": {"post_id": "1_2"}}
    told = {"object": "page", "entry": [
        {"id": "1", "changes": [change, change]}, {"id": "2", "changes": [change]},
    ]}  # fmt: skip
    assert [hint.place for hint in hints_of(body(told))] == ["1", "2"]


@pytest.mark.parametrize(
    "wrong", ["1/../me", "1_2_3_4", "", "x", True, -1, 1.5, None, [], {}, 10**30, "1" * 50]
)
def test_what_is_no_id_is_left_out(wrong):
    [hint] = hints_of(page({"field": "feed", "value": {"post_id": wrong}}))
    assert hint.about == {"field": "feed"}
    assert hints_of(page({"field": "feed", "value": {}}, id=wrong)) == []


@pytest.mark.parametrize(
    "told", [b"", b"[", b"[]", b"null", b"[" * 100_000, body({"entry": {}}), body({"entry": [1]})]
)
def test_what_is_no_payload_tells_of_nothing(told):
    assert hints_of(told) == []


_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3)
    | some.dictionaries(
        some.sampled_from(["id", "entry", "changes", "field", "value", "media", "post_id"]),
        inner, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(_JSON)
def test_no_payload_breaks_it(told):
    for hint in hints_of(body({"object": "page", "entry": told})):
        assert all(isinstance(text, str) for text in hint.about.values())
