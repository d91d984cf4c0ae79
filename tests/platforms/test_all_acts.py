"""The catalogue promises what the actors do, every actor stands the contract, none is left out."""

from typing import get_args

import pytest

from api.platforms import CATALOGUE
from tests.platforms import test_meta_acts as meta
from tests.platforms import test_review_acts as review
from tests.platforms import test_social_acts as social
from tests.platforms.act_contract import ActContract
from workers.platforms import ACTORS
from workers.platforms.connector import ActVerb

# Each way and its way back; what has none says why.
BACK = {
    "reply": "unreply", "hide": "unhide", "block": "unblock",
    "close_comments": "open_comments", "take_down": "restore",
}  # fmt: skip
NO_WAY_BACK = {
    ("play", "reply"): "Google Play lets a reply be written over and not taken away.",
    ("youtube", "block"): "YouTube lets no program let a writer back in.",
}
READING = {"read", "hear"}


def test_the_contract_is_stood_by_every_actor():
    stand = [*vars(meta).values(), *vars(review).values(), *vars(social).values()]
    tests = [one for one in stand if isinstance(one, type) and issubclass(one, ActContract)]
    assert {one.kind for one in tests if one.__name__.startswith("Test")} == set(ACTORS)


@pytest.mark.parametrize("kind", CATALOGUE)
def test_the_catalogue_calls_real_what_an_actor_does_and_nothing_else(kind):
    promised = {one.verb for one in CATALOGUE[kind].capabilities if one.how == "real"} - READING
    offered = {one.verb for one in CATALOGUE[kind].capabilities} - READING
    does = ACTORS[kind].VERBS if kind in ACTORS else frozenset()
    assert offered <= set(get_args(ActVerb))
    assert does & offered == promised


@pytest.mark.parametrize("kind", ACTORS)
def test_what_is_done_can_be_undone_or_it_is_known_why_not(kind):
    does = ACTORS[kind].VERBS
    for verb, back in BACK.items():
        without_back = (kind, verb) in NO_WAY_BACK
        assert (back in does) == (verb in does and not without_back), (verb, back)
