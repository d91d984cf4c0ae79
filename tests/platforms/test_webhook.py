"""Signed webhooks: only what was signed gets in, and one bad review harms no other."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.items.item import SourceTrouble
from api.signatures import BadSignature, new_secret, sign, verify
from workers.platforms import webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
SENT = datetime.fromtimestamp(1614265330, UTC)
PUBLISHED = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
REVIEW = {
    "source": "shop",
    "location": "main street",
    "external_id": "r-1",
    "kind": "review",
    "rating": 2,
    "rating_scale": 10,
    "title": "Stale",
    "text": "Old bread",
    "lang": "en",
    "author": {"name": "Kim", "id": 9007199254740993, "url": "https://shop.example/kim"},
    "url": "https://shop.example/r-1",
    "created_at": "2026-11-21T18:00:00Z",
    "updated_at": None,
    "parent_id": None,
    "raw": {"anything": 1},
}


def event(data, kind="review.created"):
    document = {"type": kind, "timestamp": "2026-11-21T18:00:00Z", "data": data}
    return json.dumps(document).encode()


def test_the_published_vector_is_accepted_and_reproduced():
    assert verify([SECRET], PUBLISHED, BODY, SENT) == PUBLISHED["webhook-id"]
    assert sign(SECRET, message_id=PUBLISHED["webhook-id"], sent_at=SENT, body=BODY) == PUBLISHED


def test_header_names_may_be_written_in_any_case():
    shouting = {name.upper(): value for name, value in PUBLISHED.items()}
    assert verify([SECRET], shouting, BODY, SENT) == PUBLISHED["webhook-id"]


def test_a_replaced_secret_is_accepted_beside_the_new_one_and_then_no_more():
    old, new = new_secret(), new_secret()
    headers = sign(old, message_id="m1", sent_at=NOW, body=BODY)
    assert verify([new, old], headers, BODY, NOW) == "m1"
    with pytest.raises(BadSignature):
        verify([new], headers, BODY, NOW)


def test_any_one_of_several_signatures_is_enough():
    right = PUBLISHED["webhook-signature"]
    several = {**PUBLISHED, "webhook-signature": f"v1a,abc v1,wrong {right} v2,x"}
    assert verify([SECRET], several, BODY, SENT) == PUBLISHED["webhook-id"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"webhook-id": ""}, "headers-missing"),
        ({"webhook-signature": ""}, "headers-missing"),
        ({"webhook-id": "msg.1"}, "bad-id"),
        ({"webhook-id": "m" * 300}, "bad-id"),
        ({"webhook-id": "msg_other"}, "no-match"),
        ({"webhook-timestamp": "1614265331"}, "no-match"),
        ({"webhook-timestamp": "1614265330.0"}, "bad-timestamp"),
        ({"webhook-timestamp": "-5"}, "bad-timestamp"),
        ({"webhook-timestamp": "²"}, "bad-timestamp"),
        ({"webhook-timestamp": "9" * 40}, "bad-timestamp"),
        ({"webhook-timestamp": "1614260000"}, "too-old"),
        ({"webhook-timestamp": "1614270000"}, "too-new"),
        ({"webhook-signature": PUBLISHED["webhook-signature"][3:]}, "no-match"),
        ({"webhook-signature": PUBLISHED["webhook-signature"].replace("v1,", "v1a,")}, "no-match"),
        ({"webhook-signature": "v1,"}, "no-match"),
        ({"webhook-signature": "v1,é\udcff"}, "no-match"),
        ({"webhook-signature": ","}, "no-match"),
    ],
)
def test_a_forged_delivery_is_refused_with_its_reason(headers, code):
    with pytest.raises(BadSignature) as refused:
        verify([SECRET], {**PUBLISHED, **headers}, BODY, SENT)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("seconds", "fits"), [(300, True), (-300, True), (301, False), (-301, False)]
)
def test_a_delivery_is_good_for_five_minutes(seconds, fits):
    try:
        verify([SECRET], PUBLISHED, BODY, SENT + timedelta(seconds=seconds))
        accepted = True
    except BadSignature:
        accepted = False
    assert accepted is fits


def test_one_changed_byte_is_noticed():
    for place in range(len(BODY)):
        changed = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
        with pytest.raises(BadSignature):
            verify([SECRET], PUBLISHED, changed, SENT)


def test_the_moving_dot_between_id_and_timestamp_gains_nothing():
    headers = sign(SECRET, message_id="m1", sent_at=SENT, body=b"7." + BODY)
    moved = {**headers, "webhook-timestamp": headers["webhook-timestamp"] + ".7"}
    with pytest.raises(BadSignature):
        verify([SECRET], moved, BODY, SENT)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "whsec_AAAA"])
def test_a_missing_or_short_secret_signs_nothing(secret):
    with pytest.raises(BadSignature) as refused:
        sign(secret, message_id="m1", sent_at=SENT, body=BODY)
    assert refused.value.code == "bad-secret"
    with pytest.raises(BadSignature):
        verify([secret], PUBLISHED, BODY, SENT)


def test_without_any_secret_nothing_is_accepted():
    with pytest.raises(BadSignature):
        verify([], PUBLISHED, BODY, SENT)


def test_a_new_secret_has_32_random_bytes():
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32


@given(st.binary(max_size=200), st.text(alphabet="abc_019", min_size=1, max_size=40))
def test_what_was_signed_is_always_accepted(body, message_id):
    headers = sign(SECRET, message_id=message_id, sent_at=NOW, body=body)
    assert verify([SECRET], headers, body, NOW) == message_id


@given(st.dictionaries(st.sampled_from(list(PUBLISHED)), st.text(max_size=60)))
def test_any_headers_end_in_an_answer_or_a_bad_signature(headers):
    with pytest.raises(BadSignature):
        verify([SECRET], headers, BODY, SENT)


def test_a_review_of_the_contract_becomes_an_item():
    (item,) = webhook.read(event(REVIEW), "application/json", NOW).items
    assert (item.external_id, item.stars, item.kind) == ("r-1", 1.0, "review")
    assert (item.title, item.text, item.url) == ("Stale", "Old bread", "https://shop.example/r-1")
    assert (item.author, item.author_id) == ("Kim", "9007199254740993")
    assert (item.created_at, item.updated_at) == (datetime(2026, 11, 21, 18, tzinfo=UTC), None)


def test_good_reviews_of_a_list_survive_the_bad_ones():
    data = [REVIEW, {**REVIEW, "external_id": None}, 7, {**REVIEW, "external_id": "r-2"}]
    result = webhook.read(event(data), "", NOW)
    assert [item.external_id for item in result.items] == ["r-1", "r-2"]
    assert [(p.index, p.code) for p in result.problems] == [
        (1, "missing-external-id"),
        (2, "not-an-object"),
    ]


@pytest.mark.parametrize(
    ("said", "kind"),
    [("comment", "comment"), ("post", "post"), ("mention", "mention"), ("like", "mention")],
)
def test_what_is_no_review_keeps_its_kind_and_an_unknown_one_is_a_mention(said, kind):
    (item,) = webhook.read(event({**REVIEW, "kind": said}), "", NOW).items
    assert item.kind == kind


@pytest.mark.parametrize("kind", ["order.created", "review.deleted", "ping", 7, None])
def test_an_event_that_is_not_read_is_reported_and_no_trouble(kind):
    result = webhook.read(event(REVIEW, kind), "", NOW)
    assert (list(result.items), [p.code for p in result.problems]) == ([], ["type-not-taken"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"{", "broken or cut off"),
        (event(REVIEW)[:-20], "broken or cut off"),
        (b"[]", "under"),
        (b'{"data": "text"}', "under"),
        (b'{"type": "review.created"}', "under"),
        (event([REVIEW] * 501), "at most 500"),
    ],
)
def test_a_body_outside_the_contract_is_explained(body, words):
    with pytest.raises(SourceTrouble, match=words) as trouble:
        webhook.read(body, "", NOW)
    assert trouble.value.health == "bad_content"
