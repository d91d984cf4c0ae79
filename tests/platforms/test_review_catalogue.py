"""What the catalogue says of mail and of sites of reviews, and the links that it recognises."""

import pytest

from api.platforms import CATALOGUE, VERBS, recognise
from workers.platforms import ACTORS, CONNECTORS

KINDS = ("mail", "page", "tripadvisor", "trustpilot", "yelp")


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_of_every_verb_how_it_is_done_or_why_not(kind):
    entry = CATALOGUE[kind]
    assert tuple(one.verb for one in entry.capabilities) == VERBS
    for one in entry.capabilities:
        assert one.reason.endswith(".")
        assert (one.how != "link") or one.link
        assert one.link == "" or one.link.startswith("https://")


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_calls_real_is_done_by_a_connector(kind):
    assert kind in CONNECTORS
    acts = {"reply", "hide", "delete", "block", "report", "close_comments", "take_down"}
    done = {one.verb for one in CATALOGUE[kind].capabilities if one.how == "real"} & acts
    assert (kind in ACTORS) is bool(done)


def test_every_secret_that_is_asked_for_is_named_as_one():
    for kind in KINDS:
        secrets = {one.name for one in CATALOGUE[kind].asked if one.secret}
        assert secrets <= {"key", "secret", "password"}
        assert bool(secrets) is (CATALOGUE[kind].way in ("key", "mailbox"))


@pytest.mark.parametrize(
    ("url", "kind", "ids"),
    [
        ("https://www.yelp.com/biz/crumb-and-co-leeds", "yelp", "crumb-and-co-leeds"),
        ("https://m.yelp.co.uk/biz/crumb-and-co-leeds?hrid=x#y", "yelp", "crumb-and-co-leeds"),
        ("https://www.yelp.at/biz/b%C3%A4ckerei-wien", "yelp", "b%C3%A4ckerei-wien"),
        ("https://yelp.to/abc", "yelp", None),
        (
            "https://www.tripadvisor.co.uk/Restaurant_Review-g1-d93450-Reviews-Crumb_Co.html",
            "tripadvisor", "93450",
        ),
        ("https://de.tripadvisor.com/Hotel_Review-g1-d93450", "tripadvisor", "93450"),
        ("https://www.trustpilot.com/review/crumbco.example", "trustpilot", "crumbco.example"),
        (
            "https://de.trustpilot.com/review/www.crumbco.example?stars=1",
            "trustpilot", "www.crumbco.example",
        ),
    ],
)  # fmt: skip
def test_a_pasted_link_is_known_with_its_ids(url, kind, ids):
    found = recognise(url)
    assert found is not None
    assert found[0].kind == kind
    assert list(found[1].values()) == ([ids] if ids else [])
    assert set(found[1]) <= {one.name for one in found[0].asked}


@pytest.mark.parametrize(
    "url",
    [
        "https://yelp.com.evil.test/biz/x",
        "https://evil.test/https://www.yelp.com/biz/x",
        "https://nottrustpilot.com/review/x",
        "https://www.tripadvisor.com.evil.test/Hotel_Review-g1-d2",
        "https://crumbco.example/reviews",
    ],
)
def test_a_link_of_somebody_else_is_none_of_these(url):
    found = recognise(url)
    assert found is None or found[0].kind not in KINDS
