"""Facebook: the contract for three of its lists, what Facebook alone does, and the check."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from api.items.item import SourceTrouble
from tests.platforms.contract import Contract
from tests.platforms.graph_state import PAGE, POST
from tests.platforms.graph_vendor import APP, GraphVendor
from tests.platforms.vendor import NOW, calls_to
from workers.platforms import facebook
from workers.platforms.connector import Place

PLACE = Place(
    ids={"page_id": PAGE, "name": "Crumb & Co"},
    now=NOW,
    secrets={"access_token": f"page-{PAGE}", "user_token": "person"},
    app=APP,
)


class OfFacebook(Contract):
    connector = facebook
    place = PLACE
    stream = "ratings"

    @pytest.fixture
    async def vendor(self):
        async with GraphVendor(self.stream) as running:
            yield running


class TestRecommendations(OfFacebook):
    unknown = ("recommendation_type", "NEUTRAL")
    without = ("reviewer", "has_rating", "has_review")


class TestComments(OfFacebook):
    stream = "comments"
    shows_stars = False
    no_edits = "An edit changes no count: it shows in a whole reading, which has its own test."
    without = ("from", "permalink_url", "is_hidden")


class TestVisitorPosts(OfFacebook):
    stream = "feed"
    shows_stars = False
    without = ("from", "permalink_url")


class TestTags(OfFacebook):
    stream = "tagged"
    shows_stars = False
    without = ("from", "permalink_url")


@pytest.fixture
async def vendor():
    async with GraphVendor() as running:
        yield running


async def asks(vendor, place=PLACE):
    async with calls_to(vendor, facebook.judge) as calls:
        return await facebook.fetch(calls, place)


def read(fetched):
    return facebook.read(fetched.body, fetched.content_type, NOW)


def items(fetched):
    return {item.external_id: item for item in read(fetched).items}


def later(fetched, **more):
    """As the row would give it back: the cursor went through JSON."""
    return replace(PLACE, cursor=json.loads(json.dumps(fetched.cursor)), **more)


async def test_the_two_words_of_a_recommendation_are_stars_and_old_stars_are_kept(vendor):
    vendor.writes("1", more={"recommendation_type": "POSITIVE"})
    vendor.writes("2", more={"recommendation_type": "negative"})
    vendor.writes("3", more={"recommendation_type": "NEUTRAL"})
    old = {"recommendation_type": None, "open_graph_story": None, "rating": 4, "has_rating": True}
    vendor.writes("4", text="", more=old)
    found = items(await asks(vendor))
    assert [found[name].stars for name in "123"] == [5, 1, None]
    [(name, without_story)] = [one for one in found.items() if one[0] not in "123"]
    assert (without_story.stars, len(name)) == (4, 64)


async def test_a_recommendation_without_a_story_keeps_its_name(vendor):
    vendor.writes("1", more={"open_graph_story": None})
    first = await asks(vendor)
    again = await asks(vendor)
    assert list(items(first)) == list(items(again))


async def test_retired_recommendations_are_a_capability_that_is_not_there_and_no_trouble(vendor):
    vendor.retired = {"ratings"}
    page = vendor.state.nodes[PAGE]
    page.update(rating_count=212, overall_star_rating=4.6)
    first = await asks(vendor)
    assert "ratings" in first.probed
    assert read(first).counters == {"count": 212, "mean": 4.6}
    page.update(rating_count=213, overall_star_rating=4.5)
    second = await asks(vendor, later(first, probed=first.probed))
    assert second.probed is None
    [mention] = read(second).items
    assert mention.kind == "mention"
    assert mention.text == "1 new review; the rating went from 4.6 to 4.5."
    third = await asks(vendor, later(second, probed=first.probed))
    assert third.body is None


async def test_what_is_retired_is_asked_for_again_in_a_week_and_comes_back(vendor):
    vendor.retired = {"ratings"}
    first = await asks(vendor)
    vendor.retired = set()
    vendor.writes("1")
    soon = await asks(vendor, later(first, probed=first.probed))
    assert soon.body is None
    week = NOW + timedelta(days=7)
    then = await asks(vendor, later(first, probed={**first.probed, "block": "x"}, now=week))
    assert then.probed == {"block": "x"}
    assert "1" in items(then)


async def test_a_list_that_is_retired_hides_no_removal(vendor):
    vendor.retired = {"tagged"}
    whole = await asks(vendor, replace(PLACE, mode="reconcile"))
    assert whole.body is None or read(whole).covers is None


async def test_a_comment_stands_under_its_post_with_the_pages_answer(vendor):
    vendor.state.comment("9010978_1", POST, "Boycott them!")
    vendor.state.comment("9010978_2", "9010978_1", "We are sorry.", by=PAGE)
    vendor.state.comment("9010978_3", "9010978_1", "So am I.")
    vendor.state.nodes["9010978_3"]["is_hidden"] = True
    found = items(await asks(vendor))
    assert set(found) == {"9010978_1", "9010978_3"}
    first = found["9010978_1"]
    assert (first.kind, first.parent_id, first.author) == ("comment", POST, "Sam")
    assert first.reply["text"] == "We are sorry."
    assert (found["9010978_3"].hidden, found["9010978_3"].parent_id) == (True, POST)


async def test_comments_that_facebook_takes_for_low_quality_are_read(vendor):
    vendor.state.comment("9010978_1", POST, "Scam.")["low_quality"] = True
    assert "9010978_1" in items(await asks(vendor))


async def test_comments_are_asked_for_only_where_their_number_moved(vendor):
    for number in range(3):
        vendor.state.post(f"{PAGE}_{number}", PAGE, "Bread.")
        vendor.state.comment(f"{number}_1", f"{PAGE}_{number}", "Bad.")
    first = await asks(vendor)
    assert set(items(first)) == {"0_1", "1_1", "2_1"}
    vendor.state.comment("1_2", f"{PAGE}_1", "Worse.")
    before = len(vendor.log)
    second = await asks(vendor, later(first))
    asked = [one.match_info["path"] for one in vendor.log[before:]]
    assert [path for path in asked if path.endswith("/comments")] == [f"{PAGE}_1/comments"]
    assert "1_2" in items(second)


async def test_a_visitors_post_is_a_post_and_a_tag_elsewhere_a_mention(vendor):
    vendor.state.post(f"{PAGE}_55", PAGE, "Cold coffee.", by="7788")
    vendor.state.post("555_777", "555", "Look at this place.", by="555")["tags"] = PAGE
    found = items(await asks(vendor))
    assert {name: one.kind for name, one in found.items()} == {
        f"{PAGE}_55": "post",
        "555_777": "mention",
    }


async def test_what_the_page_writes_itself_is_no_review(vendor):
    vendor.state.comment("9010978_1", POST, "Open until six.", by=PAGE)
    fetched = await asks(vendor)
    assert fetched.body is None or not read(fetched).items


async def test_a_hidden_post_is_shown_as_hidden_and_not_as_gone(vendor):
    vendor.state.post(f"{PAGE}_55", PAGE, "Cold.", by="7788")["is_hidden"] = True
    assert items(await asks(vendor))[f"{PAGE}_55"].hidden


async def test_a_whole_reading_shows_edits_and_says_what_it_covers(vendor):
    vendor.state.comment("9010978_1", POST, "Bad.")
    vendor.state.comment("9010978_2", POST, "Bad too.")
    first = await asks(vendor)
    vendor.state.nodes["9010978_1"]["message"] = "Good, they called me."
    del vendor.state.nodes["9010978_2"]
    vendor.state.comment("9010978_3", POST, "Another.")
    second = await asks(vendor, later(first, mode="reconcile"))
    found = read(second)
    assert {one.external_id: one.text for one in found.items} == {
        "9010978_1": "Good, they called me.",
        "9010978_3": "Another.",
    }
    assert found.covers is not None
    third = await asks(vendor, later(second, mode="reconcile"))
    assert read(third).covers is not None


async def test_a_calm_reading_claims_to_cover_nothing(vendor):
    vendor.state.comment("9010978_1", POST, "Bad.")
    first = await asks(vendor)
    vendor.writes("1")
    assert read(await asks(vendor, later(first))).covers is None


def floods(vendor):
    """Thirty posts with one comment under each."""
    vendor.page_size = 50
    for number in range(30):
        vendor.state.post(f"{PAGE}_{number}", PAGE, "Bread.", at=f"2026-11-02T08:{number:02}:00Z")
        vendor.state.comment(f"{number}_1", f"{PAGE}_{number}", "Bad.")
    return {f"{number}_1" for number in range(30)}


async def test_a_reading_that_ran_out_of_time_claims_to_cover_nothing(vendor):
    floods(vendor)
    assert read(await asks(vendor, replace(PLACE, mode="reconcile"))).covers is None


async def test_a_flood_under_many_posts_is_read_over_several_visits(vendor):
    names = floods(vendor)
    place, met = PLACE, set()
    for _ in range(3):
        before = len(vendor.log)
        fetched = await asks(vendor, place)
        assert len(vendor.log) - before <= 21
        met |= set(items(fetched)) if fetched.body else set()
        place = later(fetched)
    assert met == names


async def test_a_hint_leads_to_an_old_post_and_to_a_mention_elsewhere(vendor):
    vendor.state.post(f"{PAGE}_1", "somewhere", "Long ago.")
    vendor.state.comment("1_1", f"{PAGE}_1", "Never forgotten.")
    vendor.state.post("555_777", "555", "Crumb & Co cheats.", by="555")
    hints = [
        {"field": "feed", "item": "comment", "post_id": f"{PAGE}_1", "comment_id": "1_1"},
        {"field": "mention", "post_id": "555_777"},
        {"field": "mention", "post_id": "404_404"},
        {"field": "mention", "post_id": "../me?fields=x"},
        {"field": "feed", "post_id": "404_405"},
    ]
    found = items(await asks(vendor, replace(PLACE, hints=hints)))
    assert {name: one.kind for name, one in found.items()} == {
        "1_1": "comment",
        "555_777": "mention",
    }
    asked = {one.match_info["path"].partition("/")[0] for one in vendor.log}
    assert asked == {PAGE, f"{PAGE}_1", "555_777", "404_404", "404_405"}


async def test_from_eighty_percent_on_it_comes_back_later(vendor):
    vendor.usage = 79
    assert (await asks(vendor)).not_before is None
    vendor.usage = 90
    assert (await asks(vendor)).not_before == NOW + timedelta(minutes=12)


async def test_every_call_carries_its_proof_and_no_token_in_its_address(vendor):
    vendor.state.comment("9010978_1", POST, "Bad.")
    await asks(vendor)
    for one in vendor.log:
        assert one.headers["Authorization"] == f"Bearer page-{PAGE}"
        assert "access_token" not in one.query
        assert one.match_info["version"] == APP["version"]


@pytest.mark.parametrize(
    ("parts", "health"),
    [
        ({"secrets": {"user_token": "person"}}, "auth_expired"),
        ({"app": {}}, "permission"),
        ({"ids": {}}, "permission"),
        ({"ids": {"page_id": "me/../x"}}, "permission"),
    ],
)
async def test_a_place_that_is_half_set_up_asks_nothing(vendor, parts, health):
    with pytest.raises(SourceTrouble) as told:
        await asks(vendor, replace(PLACE, **parts))
    assert told.value.health == health
    assert not vendor.log
