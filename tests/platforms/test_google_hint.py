"""What Google tells over Pub/Sub is read in every spelling, and nonsense names no place."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.items.google_hint import Delivery, GoogleHint, delivery_of, hint_of, pushed

PLACE = "accounts/1001/locations/2002"
REVIEW = f"{PLACE}/reviews/AbFvOq"


def packed(data, **envelope):
    coded = base64.b64encode(json.dumps(data).encode()).decode()
    return {"data": coded, "messageId": "1234567890", "attributes": {}} | envelope


def envelope(message):
    told = {"message": message, "subscription": "projects/p/subscriptions/gbp-push"}
    return json.dumps(told).encode()


@pytest.mark.parametrize("kind", ["type", "notificationType", "notification_type"])
@pytest.mark.parametrize("location", ["location", "locationName", "location_name"])
@pytest.mark.parametrize("review", ["review", "reviewName", "review_name"])
def test_every_spelling_is_read(kind, location, review):
    data = {kind: "NEW_REVIEW", location: PLACE, review: REVIEW}
    hint = hint_of(json.dumps(data).encode())
    assert hint == GoogleHint("2002", "NEW_REVIEW", REVIEW)
    assert hint.about == {"location": "2002", "kind": "NEW_REVIEW", "review": REVIEW}


@pytest.mark.parametrize("data", [{"review": REVIEW}, {"location": "locations/2002"}])
def test_the_place_is_found_in_any_name_of_it(data):
    hint = hint_of(json.dumps(data).encode())
    assert hint is not None
    assert hint.location == "2002"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff", b"null", b"[]", b"{", b"[" * 100_000,
        b"{}", b'{"location": 2002}', b'{"location": "accounts/1001"}',
        b'{"location": "locations/20 02"}', b'{"location": "locations/\\ud800"}',
    ],
)  # fmt: skip
def test_what_names_no_place_is_no_hint(data):
    assert hint_of(data) is None


def test_a_push_is_unwrapped():
    told = pushed(envelope(packed({"type": "NEW_REVIEW", "location": PLACE})))
    assert told == Delivery("1234567890", GoogleHint("2002", "NEW_REVIEW"))


def test_a_message_that_says_nothing_still_has_its_id():
    assert delivery_of(packed({"type": "GOOGLE_UPDATE"})) == Delivery("1234567890", None)
    assert delivery_of(packed({}) | {"data": "%%%"}) == Delivery("1234567890", None)
    assert delivery_of({"message_id": "7"}) == Delivery("7", None)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"message": 1}', b'{"message": {}}', envelope({"data": "e30="})]
)
def test_a_push_without_an_id_is_none(body):
    assert pushed(body) is None


@given(st.binary(max_size=300))
def test_no_bytes_make_it_stumble(body):
    assert pushed(body) is None or isinstance(pushed(body), Delivery)
    assert hint_of(body) is None or isinstance(hint_of(body), GoogleHint)
