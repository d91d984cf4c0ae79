"""The catalogue knows where actors publish, and lengths are counted as each place counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.platforms import CATALOGUE
from api.statements.fits import fit
from api.statements.permalinks import permalink
from workers.platforms import ACTORS, google
from workers.platforms.bluesky_records import LONGEST_POST, too_long


def test_the_catalogue_publishes_where_an_actor_does_and_nowhere_else():
    publishes = {kind for kind, entry in CATALOGUE.items() if entry.publishes}
    assert publishes == {kind for kind, actor in ACTORS.items() if "publish" in actor.VERBS}
    assert publishes == {"facebook", "mastodon", "bluesky"}


def test_where_nightdesk_publishes_it_is_known_how_long_words_may_be():
    for entry in CATALOGUE.values():
        assert not entry.publishes or entry.longest


def test_the_lengths_are_those_of_the_platforms():
    most = {kind: one.longest.most for kind, one in CATALOGUE.items() if one.longest}
    assert most == {"facebook": 63_206, "mastodon": 500, "bluesky": LONGEST_POST,
                    "google": google.LONGEST_REPLY}  # fmt: skip


@given(st.text(alphabet=st.characters() | st.sampled_from("é👩\u200d🍳❤\ufe0f"), max_size=340))
def test_bluesky_is_counted_here_as_it_is_there(text):
    assert bool(fit(text, "bluesky", "Bluesky").over) == too_long(text)


@pytest.mark.parametrize(
    ("kind", "text", "length"),
    [
        ("mastodon", "Look: https://example.test/a/very/long/address?of=something&more=1", 6 + 23),
        ("bluesky", "Look: https://example.test/abc", 30),
        ("google", "Schön", 6), ("facebook", "Schön", 5), ("facebook", "Scho\u0308n", 5),
        ("trustpilot", "Plain", 5),
    ],
)  # fmt: skip
def test_signs_bytes_and_addresses_are_counted_as_each_place_counts(kind, text, length):
    assert fit(text, kind, "There").length == length


@pytest.mark.parametrize(("kind", "most"), [("mastodon", 500), ("bluesky", 300), ("google", 4096)])
def test_it_fits_to_the_last_sign_and_not_one_more(kind, most):
    assert fit("x" * most, kind, "There").over == 0
    assert fit("x" * (most + 1), kind, "There").over == 1


def test_where_nobody_knows_nothing_is_too_long():
    assert fit("x" * 20_000, "trustpilot", "There").over == 0


@pytest.mark.parametrize(
    ("kind", "made", "place", "url"),
    [
        ("facebook", "12_34", {}, "https://www.facebook.com/12_34"),
        ("bluesky", "at://did:plc:x/app.bsky.feed.post/3k", {}, "https://bsky.app/profile/did:plc:x/post/3k"),
        ("mastodon", "117", {"host": "wien.example"}, "https://wien.example/statuses/117"),
        ("google", "https://g.page/x", {}, "https://g.page/x"),
        ("mastodon", "117", {}, ""), ("facebook", "", {}, ""), ("", "javascript:alert(1)", {}, ""),
    ],
)  # fmt: skip
def test_what_is_out_can_be_found_by_a_link(kind, made, place, url):
    assert permalink(kind, made, place) == url
