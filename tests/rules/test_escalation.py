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


def test_the_tries_of_one_delivery_stay_within_fifteen_seconds():
    pauses = [pause_before(attempt) for attempt in range(1, 5)]
    assert pauses[-1] is None
    assert sum((p for p in pauses if p), timedelta()) <= timedelta(seconds=15)
