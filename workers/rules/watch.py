"""Watches one client: reviews go in as they are met, findings come out; its state is small."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from math import ceil, exp
from typing import Final, NamedTuple

from workers.rules.baseline import DAY, HOUR, WEEK, Baseline
from workers.rules.findings import (
    IN_WORDS,
    Finding,
    Numbers,
    burst_in_words,
)
from workers.rules.growth import doubling
from workers.rules.quiet import SAME_MATTER, Episode, Verdict
from workers.rules.reviews import Seen
from workers.rules.spike import (
    Climbs,
    Evidence,
    bar_for,
    ceiling,
    chance_per_year,
)
from workers.rules.window import FEWEST, Low, burst, counts_enough

STALE: Final = 36 * HOUR
"""A review met later than this after it was written is history: it teaches, and is no evidence."""

EARLIEST: Final = 1.0
LATEST: Final = 2.5e11
"""The year 9892: no zone knows much later days."""

BEHIND: Final = 2 * HOUR
"""So much later than its successors a review may come in and still count as written with them."""

SUSPICIOUS: Final = 8.0
"""From this evidence on, low reviews are learned by ration."""

KEPT: Final = 24
NOTICE_AGAIN: Final = DAY
CAUTION_FADES: Final = 180 * DAY
MOST_CAUTION: Final = 2.1
ONE_LESSON: Final = 0.7
"""Each dismissal halves the wished false wake-ups, down to an eighth; it fades in half a year."""


class Wish(NamedTuple):
    """How many false notices and false wake-ups per client and year are acceptable."""

    notice: float = 1.0
    wake: float = 0.1


@dataclass(slots=True)
class Watch:
    """The state of one client, from its first review on: a fold, the same in every run."""

    usual: Baseline = field(default_factory=Baseline)
    evidence: Evidence = field(default_factory=Evidence)
    climbs: Climbs = field(default_factory=Climbs)
    episode: Episode = field(default_factory=Episode)
    lows: list[Low] = field(default_factory=list)
    noticed: float = 0.0
    explained: float = 0.0
    blind_from: float = 0.0
    caution: float = 0.0
    caution_at: float = 0.0
    total: float = 0.0
    offset: float = 0.0
    offset_day: float = -1.0

    def take(
        self, batch: Sequence[Seen], wish: Wish, zone: tzinfo = UTC, *, hurry: float = 1.0
    ) -> list[Finding]:
        """Take in what was met within one minute, in any order; say what became known by it.

        Call it once for each minute in which something came. `hurry` makes the time between reviews
        pass faster where the end of a burst is measured: a drill cannot last for hours.
        """
        found: list[Finding] = []
        met = 0.0
        for review in _ordered(batch):
            if review.history or review.seen_at - review.at > STALE:
                self._learn_late(review, zone)
                continue
            met = max(met, review.seen_at)
            if self.episode.opened:
                found += self.until(review.at, hurry=hurry)
            finding = self._weigh(review, met, wish, zone)
            if finding:
                found.append(finding)
        return found

    def _learn_late(self, review: Seen, zone: tzinfo) -> None:
        self.usual.learn_late(review.at, review.weight, self._local(review.at, zone))

    def until(self, now: float, *, hurry: float = 1.0) -> list[Finding]:
        """What became known up to `now` because nothing came; while a source is blind, nothing."""
        found: list[Finding] = []
        if self.usual.sight < 1:
            return found
        while verdict := self.episode.verdict(now, hurry=hurry):
            found.append(self._told(verdict))
            if verdict.kind == "over":
                self._forget()
        return found

    def standing(self) -> Finding | None:
        """The wake-up that is not over, as it stands; None while nothing is, or people looked."""
        if not self.episode.opened or self.explained:
            return None
        return self._told(Verdict("wake", self.episode.opened))

    def see(self, at: float, sight: float) -> None:
        """From `at` on, this share of the sources can be read; blind time is not quiet time."""
        if sight < 1 <= self.usual.sight:
            self.blind_from = at
        if self.usual.sight < 1 <= sight:
            self.episode.unseen += max(0.0, at - max(self.blind_from, self.episode.newest))
        self.usual.see(at, sight)

    def explain(self, at: float) -> None:
        """A person looked at what there is: it is no news from `at` on; only a new wave wakes."""
        self._forget()
        self.explained = at

    def _forget(self) -> None:
        self.evidence.reset()
        self.lows.clear()

    def learn_verdict(self, at: float, *, real: bool) -> float:
        """A person said whether it was an attack; the factor on the wished false wake-ups since."""
        self.caution = self._cautious(at) + (-ONE_LESSON if real else ONE_LESSON)
        self.caution = min(MOST_CAUTION, max(0.0, self.caution))
        if real:
            self.climbs.forget_waiting()
        self.caution_at = at
        return exp(-self.caution)

    def _cautious(self, at: float) -> float:
        return self.caution * exp(-max(0.0, at - self.caution_at) / CAUTION_FADES)

    def _weigh(self, review: Seen, met: float, wish: Wish, zone: tzinfo) -> Finding | None:
        usual, weight = self.usual, review.weight
        newest = usual.last
        usual.pass_time(max(newest, review.at))
        local = self._local(usual.last, zone)
        self.total += 1
        if not weight:
            self.evidence.weigh_mixture(weight, usual, 0.0)
            usual.count(weight)
            usual.learn(weight, local, rationed=False)
            return None
        most = ceiling(self.climbs)
        expected = usual.expected_low(local)
        low = Low(review.at, weight, expected, self.total, float(review.source))
        self._number(low, most, late=review.at < newest - BEHIND)
        self.evidence.weigh_mixture(weight, usual, most)
        usual.count(weight)
        return self._judge(review, low, local, met, wish)

    def _number(self, low: Low, most: float, *, late: bool) -> None:
        insort(self.lows, low)
        if late:
            self.evidence.number_anew(self.lows, most)
        else:
            self.evidence.weigh_number(low.weight, self.usual.last, low.expected, most)
        if len(self.lows) > KEPT:
            del self.lows[0]

    def _judge(
        self, review: Seen, low: Low, local: float, met: float, wish: Wish
    ) -> Finding | None:
        usual = self.usual
        again = self._is_same_matter(usual.last)
        evidence = self.evidence.so_far(usual.low_share, usual.per_day, believing=again)
        if self.episode.opened:
            self.episode.add(low.at, low.weight)
        finding = self._finding(review, met, evidence, wish)
        self.climbs.note(usual.last, evidence)
        burst = bool(self.episode.opened) or evidence > SUSPICIOUS
        usual.learn(low.weight, local, rationed=burst)
        return finding

    def _finding(self, review: Seen, met: float, evidence: float, wish: Wish) -> Finding | None:
        if self.episode.opened and not self.explained:
            return None
        if evidence < bar_for(max(wish)):
            return None
        usual = self.usual
        judged = self.climbs.judged(evidence, usual.low_share) - self._cautious(usual.last)
        if judged >= bar_for(wish.wake, usual.per_day):
            return self._wake(review, met, judged)
        return self._notice(review, met, judged) if self._is_notice(judged, wish) else None

    def _is_same_matter(self, at: float) -> bool:
        before = max(self.episode.closed, self.explained)
        return bool(before) and at - before < SAME_MATTER

    def _is_notice(self, judged: float, wish: Wish) -> bool:
        again = self.usual.last - self.noticed > NOTICE_AGAIN
        return again and judged >= bar_for(wish.notice, self.usual.per_day)

    def _wake(self, review: Seen, met: float, judged: float) -> Finding | None:
        lows = burst(self.lows, self.usual.low_per_second, FEWEST)
        if not counts_enough(lows):
            return None
        numbers = self._numbers(lows, judged)._replace(again=self._is_same_matter(met))
        self.explained = 0.0
        self.episode.open(met, lows[0].at, [low.at for low in lows], self.usual.low_per_second)
        return Finding("wake", met, review.key, burst_in_words(numbers), numbers)

    def _notice(self, review: Seen, met: float, judged: float) -> Finding | None:
        lows = burst(self.lows, self.usual.low_per_second, 2)
        if len(lows) < 2:
            return None
        self.noticed = self.usual.last
        numbers = self._numbers(lows, judged)
        return Finding("notice", met, review.key, burst_in_words(numbers), numbers)

    def _numbers(self, lows: Sequence[Low], judged: float) -> Numbers:
        first, last, usual = lows[0], max(low.at for low in lows), self.usual
        span = last - first.at
        ages = sum(low.at - first.at for low in lows) / len(lows)
        total = int(self.total - min(low.total for low in lows)) + 1
        return Numbers(
            low=len(lows),
            total=total,
            since=first.at,
            until=last,
            usual_per_week=usual.per_week_without(total - 1),
            usual_low=usual.low_per_second * span,
            usual_share=usual.low_share,
            chance_per_year=chance_per_year(judged),
            sources=len({low.source for low in lows}),
            doubling=doubling(len(lows), ages, span),
        )

    def _told(self, verdict: Verdict) -> Finding:
        episode, usual = self.episode, self.usual
        span = max(episode.newest - episode.since, 0.0)
        numbers = Numbers(
            low=episode.low, total=ceil(episode.low), since=episode.since, until=episode.newest,
            usual_per_week=usual.per_second * WEEK, usual_low=usual.low_per_second * span,
            usual_share=usual.low_share, doubling=episode.doubling(),
        )  # fmt: skip
        return Finding(verdict.kind, verdict.at, -1, IN_WORDS[verdict.kind](numbers), numbers)

    def _local(self, at: float, zone: tzinfo) -> float:
        """Wall seconds in the client's zone; its offset is looked up once a day, at noon UTC."""
        day = at // DAY
        if day != self.offset_day:
            offset = datetime.fromtimestamp((day + 0.5) * DAY, zone).utcoffset()
            self.offset = offset.total_seconds() if offset else 0.0
            self.offset_day = day
        return at + self.offset


def _ordered(batch: Sequence[Seen]) -> Sequence[Seen]:
    if len(batch) == 1 and EARLIEST <= batch[0].at <= batch[0].seen_at <= LATEST:
        return batch
    return sorted(map(_plausible, batch), key=_in_order)


def _plausible(review: Seen) -> Seen:
    """Written before it was met, and both within the calendar."""
    if EARLIEST <= review.at <= review.seen_at <= LATEST:
        return review
    met = min(LATEST, max(EARLIEST, review.seen_at))
    return replace(review, at=min(met, max(EARLIEST, review.at)), seen_at=met)


def _in_order(review: Seen) -> tuple[float, float, int, int]:
    return review.at, review.weight, review.source, review.key


def fold(reviews: Iterable[Seen], wish: Wish, zone: tzinfo = UTC) -> tuple[Watch, list[Finding]]:
    """A new watch over all these reviews, minute by minute as they were met; and what it said."""
    watch, found = Watch(), []
    minutes: defaultdict[float, list[Seen]] = defaultdict(list)
    for review in reviews:
        minutes[review.seen_at // 60].append(review)
    for minute in sorted(minutes):
        if watch.episode.opened:
            found += watch.until(minute * 60)
        found += watch.take(minutes[minute], wish, zone)
    return watch, found
