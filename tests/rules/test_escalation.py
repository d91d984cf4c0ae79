"""What is due on a ladder: the first alarm is step zero, and nobody is forgotten."""

from datetime import timedelta

import pytest

from workers.rules.escalation import (
    AcknowledgementOver,
    Exhausted,
    Ring,
    RingAllAgain,
    pause_before,
    what_is_due,
)

PLAN = {
    "steps": [
        {"people": ["mia"], "channels": ["webpush"], "wait_seconds": 120},
        {"people": ["ben"], "channels": ["webpush"], "wait_seconds": 60},
    ]
}
MIA = Ring(0, ("mia",), ("webpush",), timedelta(seconds=120))
BEN = Ring(1, ("ben",), ("webpush",), timedelta(seconds=60))


@pytest.mark.parametrize(
    ("state", "plan", "step", "due"),
    [
        ("ringing", PLAN, 0, MIA),
        ("ringing", PLAN, 1, BEN),
        ("ringing", PLAN, 2, Exhausted()),
        ("ringing", {}, 0, Exhausted()),
        ("ringing", {"steps": []}, 0, Exhausted()),
        ("exhausted", PLAN, 2, RingAllAgain()),
        ("acknowledged", PLAN, 1, AcknowledgementOver()),
        ("ended", PLAN, 0, None),
        ("cancelled", PLAN, 0, None),
    ],
)
def test_what_is_due(state, plan, step, due):
    assert what_is_due(state, plan, step) == due


def _ends(attempts: int, patience: timedelta, asked: timedelta | None = None) -> timedelta:
    """When the last try is made, if each fails at once."""
    waited = timedelta()
    for attempt in range(1, attempts + 1):
        pause = pause_before(attempt, waited=waited, patience=patience, asked=asked)
        if pause is None:
            break
        waited += pause
    return waited


def test_the_tries_of_one_delivery_stay_within_its_patience():
    assert _ends(20, timedelta(seconds=15)) == timedelta(seconds=7)
    assert timedelta(minutes=55) < _ends(100, timedelta(hours=1)) <= timedelta(hours=1)


def test_slow_failures_count_as_waiting():
    slow = timedelta(seconds=14)
    assert pause_before(2, waited=slow, patience=timedelta(seconds=15)) is None


def test_a_wait_that_the_service_asks_for_is_kept_or_somebody_else_is_asked():
    patience, asked = timedelta(seconds=15), timedelta(seconds=10)
    assert pause_before(1, waited=timedelta(), patience=patience, asked=asked) == asked
    assert pause_before(1, waited=timedelta(), patience=patience, asked=asked * 2) is None
