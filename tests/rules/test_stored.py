"""A watch survives a restart to the last bit, in two kilobytes."""

from itertools import pairwise

import pytest

from tests.rules.series import NIGHT, burst, habit
from workers.rules.reviews import Seen
from workers.rules.stored import VERSION, pack, unpack
from workers.rules.watch import KEPT, Watch, Wish, fold

WISH = Wish()


def _watch(*reviews: Seen) -> Watch:
    return fold(reviews, WISH)[0]


STATES = {
    "nothing seen": Watch(),
    "one review": _watch(*burst(1, 1)),
    "a quiet past": _watch(*habit(2)),
    "within a burst": _watch(*habit(2), *burst(9, 60)),
    "a flood": _watch(*habit(70), *burst(900, 600)),
}


def _taught() -> Watch:
    watch = _watch(*habit(2), *burst(9, 60))
    watch.see(NIGHT + 60, 0.5)
    watch.explain(NIGHT + 120)
    watch.learn_verdict(NIGHT + 180, real=False)
    return watch


@pytest.mark.parametrize("watch", [*STATES.values(), _taught()], ids=[*STATES, "taught"])
def test_a_stored_watch_is_the_same_to_the_last_bit(watch):
    packed = pack(watch)
    again = unpack(packed)
    assert again
    assert again == watch
    assert pack(again) == packed


def test_a_restart_after_any_review_changes_no_finding():
    reviews = [*habit(2, weeks=10), *burst(12, 100)]
    straight, restarted = Watch(), Watch()
    for review in reviews:
        stored = unpack(pack(restarted))
        assert stored
        restarted = stored
        assert restarted.take([review], WISH) == straight.take([review], WISH)
    assert restarted.until(NIGHT + 1e7) == straight.until(NIGHT + 1e7)
    assert restarted == straight


@pytest.mark.parametrize("watch", STATES.values(), ids=STATES)
def test_a_stored_watch_takes_at_most_two_kilobytes(watch):
    assert len(pack(watch)) <= 2048


def test_the_largest_state_has_as_many_low_reviews_as_are_kept():
    flooded = STATES["a flood"]
    assert len(flooded.lows) == KEPT
    again = unpack(pack(flooded))
    assert again
    assert again.lows == flooded.lows


def test_another_version_has_to_be_rebuilt():
    packed = pack(STATES["a quiet past"])
    for version in (0, VERSION + 1, 255):
        assert unpack(bytes([version]) + packed[1:]) is None


def test_damaged_bytes_have_to_be_rebuilt():
    packed = pack(STATES["within a burst"])
    shortened = [packed[:length] for length in (0, 1, 2, 9, len(packed) - 8, len(packed) - 1)]
    for damaged in (*shortened, packed + b"\0", packed + bytes(8), bytes(len(packed))):
        assert unpack(damaged) is None


@pytest.mark.parametrize("where", [0, 1, 2, 5, 6, 100, -1])
def test_a_single_flipped_bit_has_to_be_rebuilt(where):
    damaged = bytearray(pack(STATES["within a burst"]))
    damaged[where] ^= 4
    assert unpack(bytes(damaged)) is None


@pytest.mark.parametrize("kept", [0, 1, KEPT, KEPT + 1, 255])
def test_a_wrong_number_of_kept_low_reviews_has_to_be_rebuilt(kept):
    packed = pack(STATES["a quiet past"])
    right = packed[1]
    found = unpack(bytes([VERSION, kept]) + packed[2:])
    assert (found is not None) == (kept == right)


def test_states_that_differ_are_stored_differently():
    stored = [pack(watch) for watch in STATES.values()]
    assert all(one != other for one, other in pairwise(stored))
