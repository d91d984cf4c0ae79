"""The commercial rule: the last hour against a multiple of the week's hourly mean."""

from tests.bench.detection.rivals.detector import DAY, HOUR, NOTHING, Recent


class Rule:
    """How many times the hourly mean of the last seven days the last hour holds.

    As sold in media monitoring: Agility PR, "How to set up a coverage surge alert" (help
    centre, 2024), compares the hour with the hourly average of the previous seven days.
    In its favour: the hour itself is kept out of the mean, fewer than three never wake, and
    in the first week the mean is taken over the days there are.
    """

    def __init__(
        self, *, low_only: bool, at_least: int = 3, floor: float = 0.05, week: float = 7 * DAY
    ) -> None:
        self.low_only = low_only
        self.at_least = at_least
        self.floor = floor
        self._hour = Recent(HOUR)
        self._week = Recent(week)
        self._first: float | None = None

    def update(self, at: float, low: bool) -> float:
        if self._first is None:
            self._first = at
        if self.low_only and not low:
            return NOTHING
        now, week = self._hour.add(at), self._week.add(at)
        if now < self.at_least:
            return NOTHING
        hours = min(self._week.seconds, max(at - self._first, DAY)) / HOUR
        return now / max((week - now) / hours, self.floor)
