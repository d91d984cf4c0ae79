"""Whatever a vendor says of an act becomes an Outcome, in one way wherever it is done."""

from datetime import timedelta
from typing import get_args

import pytest

from api.items.item import Health, SourceTrouble
from tests.platforms.vendor import NOW, Vendor, calls_to
from workers.platforms.acting import acted, observed
from workers.platforms.calls import status_trouble
from workers.platforms.connector import Action, Outcome, Place, nothing_before

PLACE = Place(ids={}, now=NOW)
WORDS = "The vendor says no."
LATER = ("rate_limited", "transient")
STOOD = {"status": "OPEN"}


class Vendors:
    """An actor of one answer: an Outcome, or what is raised."""

    VERBS = frozenset(("hide", "take_down"))
    before = staticmethod(nothing_before)

    def __init__(self, answer):
        self.answer = answer

    async def act(self, calls, place, action):
        if isinstance(self.answer, Outcome):
            return self.answer
        raise self.answer

    observe = act


async def told(how, answer, verb="take_down", **params):
    async with Vendor() as vendor, calls_to(vendor, status_trouble) as calls:
        return await how(Vendors(answer), calls, PLACE, Action(verb, "1", params))


@pytest.mark.parametrize("health", get_args(Health))
async def test_every_trouble_has_one_outcome_with_its_words(health):
    outcome = await told(acted, SourceTrouble(health, WORDS))
    wanted = "pending" if health in LATER else "rejected"
    assert outcome.state == ("unknown" if health == "outcome_unknown" else wanted)
    assert outcome.detail == WORDS


async def test_both_forms_of_a_lost_answer_are_one():
    raised = await told(acted, SourceTrouble("outcome_unknown", WORDS))
    assert raised == await told(acted, Outcome("unknown", WORDS))


@pytest.mark.parametrize("how", [acted, observed])
@pytest.mark.parametrize("verb", ["delete", "hide", "unreply", "unblock"])
async def test_undoing_what_is_gone_is_done(how, verb):
    outcome = await told(how, SourceTrouble("gone", WORDS), verb)
    assert (outcome.state, outcome.detail) == ("done", WORDS)


@pytest.mark.parametrize("verb", ["reply", "unhide", "take_down", "restore", "block", "report"])
async def test_what_is_gone_was_not_taken_down_nor_answered(verb):
    assert (await told(acted, SourceTrouble("gone", WORDS), verb)).state == "rejected"
    assert (await told(observed, SourceTrouble("gone", WORDS), verb)).state != "done"


@pytest.mark.parametrize(
    ("wait", "after"),
    [
        (None, timedelta(minutes=1)),
        (timedelta(seconds=2), timedelta(minutes=1)),
        (timedelta(minutes=9), timedelta(minutes=9)),
    ],
)
async def test_a_pause_that_a_vendor_asks_for_is_kept(wait, after):
    retry_at = NOW + wait if wait else None
    outcome = await told(acted, SourceTrouble("rate_limited", WORDS, retry_at=retry_at))
    assert (outcome.state, outcome.check_after) == ("pending", after)


@pytest.mark.parametrize("answer", [SourceTrouble("outcome_unknown", WORDS), Outcome("done")])
async def test_what_stood_before_is_never_lost(answer):
    assert (await told(acted, answer, before=STOOD)).before == STOOD
    assert (await told(acted, answer)).before == {}


async def test_what_the_actor_says_of_before_is_kept():
    other = Outcome("done", before={"status": "CLOSED_PERMANENTLY"})
    assert (await told(acted, other, before=STOOD)).before == other.before


@pytest.mark.parametrize("strange", [KeyError("items"), TypeError("None"), AttributeError("get")])
async def test_an_answer_that_nobody_can_read_says_nothing_of_what_was_done(strange):
    for how in (acted, observed):
        outcome = await told(how, strange)
        assert outcome.state == "unknown"
        assert outcome.detail.endswith(".")


@pytest.mark.parametrize("health", sorted({*get_args(Health)} - {"gone"}))
async def test_what_cannot_be_seen_is_unknown_with_its_words(health):
    outcome = await told(observed, SourceTrouble(health, WORDS))
    assert (outcome.state, outcome.detail) == ("unknown", WORDS)
