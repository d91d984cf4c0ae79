"""Reviews from before 1970, after the last calendar or from nowhere break nothing."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.series import NIGHT, burst, habit
from workers.rules.baseline import DAY
from workers.rules.reviews import Seen
from workers.rules.stored import pack, unpack
from workers.rules.watch import Watch, Wish

IMPOSSIBLE = [-math.inf, -1e300, -1e12, -1.0, -0.0, 0.0, 1e-300, 1e12, 1e300, math.inf, math.nan]
TIMES = st.one_of(st.sampled_from(IMPOSSIBLE), st.floats(), st.floats(NIGHT, NIGHT + 9 * DAY))
REVIEWS = st.builds(
    Seen, TIMES, TIMES, st.sampled_from([1.0, 0.5, 0.0]), st.integers(0, 2), st.booleans()
)
BATCHES = st.lists(st.lists(REVIEWS, min_size=1, max_size=6), min_size=1, max_size=12)


def _is_sound(watch: Watch) -> bool:
    usual = watch.usual
    numbers = (usual.per_day, usual.low_share, usual.expected_low(NIGHT), watch.total, usual.last)
    tilt, extra = watch.evidence.tilt, watch.evidence.extra
    return all(math.isfinite(one) and one >= 0 for one in (*numbers, *tilt, *extra))


@settings(max_examples=100, deadline=None)
@given(BATCHES, st.lists(st.floats(-1e12, 1e12), max_size=3))
def test_no_time_whatever_leads_to_a_crash_or_to_a_number_that_is_none(batches, sights):
    watch = Watch()
    for batch in batches:
        watch.take(batch, Wish(50.0, 10.0))
    for at in sights:
        watch.see(at, 0.5)
    watch.take(burst(6, 50), Wish())
    assert _is_sound(watch)
    assert unpack(pack(watch)) == watch


@pytest.mark.parametrize("at", [-1e12, -1.0, 0.0])
def test_a_review_without_a_true_date_neither_wakes_nor_hides_an_attack(at):
    watch = Watch()
    for one in habit(2):
        watch.take([one], Wish())
    assert watch.take([Seen(at, NIGHT - DAY, 1.0)] * 20, Wish()) == []
    found = [one.kind for low in burst(6, 50) for one in watch.take([low], Wish())]
    assert found.count("wake") == 1
