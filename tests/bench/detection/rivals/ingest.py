"""The one intake that every rival shares, and one rival's scores of one stream."""

from collections.abc import Sequence

from tests.bench.detection.rivals.detector import HOUR, NOTHING, Detector
from tests.bench.detection.streams import Review, Stream, is_low

POLL = 45.0
STALE = 36 * HOUR
BEHIND = 2 * HOUR


def clean(reviews: Sequence[Review]) -> list[tuple[int, float, bool]]:
    """What a detector is told, in order: (index in `reviews`, when it was written, is it low).

    Dropped are repeats of a key, what is seen more than 36 hours after it was written, and what
    was written more than two hours before the newest. Time never goes backwards: what is a
    little late counts as written with the newest.
    """
    kept = []
    keys: set[int] = set()
    newest = -float("inf")
    for index in _by_poll(reviews):
        review = reviews[index]
        if review.key in keys:
            continue
        keys.add(review.key)
        if review.seen - review.at <= STALE and review.at >= newest - BEHIND:
            newest = max(newest, review.at)
            kept.append((index, newest, is_low(review)))
    return kept


def score(detector: Detector, stream: Stream) -> list[float]:
    """The detector's score of every review, aligned with `stream.reviews`.

    NOTHING where the review was dropped or where the detector says nothing.
    """
    scores = [NOTHING] * len(stream.reviews)
    for index, at, low in clean(stream.reviews):
        scores[index] = detector.update(at, low)
    return scores


def _by_poll(reviews: Sequence[Review]) -> list[int]:
    """Indexes in the order in which polls every 45 seconds hand over: each by written time."""

    def handed_over(index: int) -> tuple[float, float]:
        return reviews[index].seen // POLL, reviews[index].at

    return sorted(range(len(reviews)), key=handed_over)
