"""Links of Google's family lead to the right kind, and every act that is promised has an actor."""

import pytest

from api.platforms import CATALOGUE, VERBS, recognise
from workers.platforms import ACTORS, CONNECTORS, GRANTERS

FAMILY = ("google", "places", "youtube", "play")
CHANNEL = "UC" + "a-_9" * 5 + "zz"
READING = ("read", "hear")


@pytest.mark.parametrize(
    ("url", "kind", "ids"),
    [
        ("https://www.google.com/maps/place/Crumb/@1,2,3z/data=!4m2", "google", {}),
        ("https://www.google.co.uk/maps/place/Crumb", "google", {}),
        ("https://maps.app.goo.gl/abc", "google", {}),
        (f"https://www.youtube.com/channel/{CHANNEL}", "youtube", {"channel": CHANNEL}),
        (f"https://m.youtube.com/channel/{CHANNEL}/videos?a=1", "youtube", {"channel": CHANNEL}),
        ("https://youtube.com/@crumb", "youtube", {}),
        ("https://www.youtube.com/watch?v=abc", "youtube", {}),
        ("https://youtu.be/abc?t=3", "youtube", {}),
        ("https://play.google.com/store/apps/details?id=a.b", "play", {"package": "a.b"}),
        ("https://play.google.com/store/apps/details?hl=de&id=a.b&x=1", "play", {"package": "a.b"}),
    ],
)
def test_a_link_leads_to_its_kind(url, kind, ids):
    found = recognise(url)
    assert found is not None
    assert (found[0].kind, found[1]) == (kind, ids)


@pytest.mark.parametrize(
    "url",
    [
        "https://youtube.com.evil.example/@crumb",
        "https://evil.example/?https://youtu.be/abc",
        "https://play.google.com/store/books/details?id=a.b",
    ],
)
def test_a_link_of_others_is_none_of_these(url):
    found = recognise(url)
    assert found is None or found[0].kind not in FAMILY


@pytest.mark.parametrize("kind", FAMILY)
def test_nothing_is_promised_that_nobody_does(kind):
    entry = CATALOGUE[kind]
    assert tuple(one.verb for one in entry.capabilities) == VERBS
    assert kind in CONNECTORS
    acts = [one for one in entry.capabilities if one.how == "real" and one.verb not in READING]
    assert bool(acts) == (kind in ACTORS)
    assert (entry.way == "account") == (entry.family in GRANTERS)


@pytest.mark.parametrize("kind", FAMILY)
def test_every_way_by_hand_has_an_address_and_every_reason_is_a_sentence(kind):
    for one in CATALOGUE[kind].capabilities:
        assert one.reason.endswith(".")
        assert one.link.startswith("https://") or (one.how != "link" and not one.link)
