"""The stage of a drill: one address on this machine with a practice feed, page and phone."""

import random
from datetime import datetime, timedelta
from typing import Self

from api.clock import now
from workers import practice_feed
from workers.practice_feed import PracticeFeed, PracticeReview
from workers.practice_page import PracticePage
from workers.practice_phone import Phone, PracticePushService

_WORDS = ("Cold food, rude words.", "Never again.", "The waiter insulted us.", "Awful evening.")


class Stage:
    """A feed that publishes, a page that stands, and a phone that shows and answers, while open."""

    phone: Phone

    def __init__(self, port: int, home: str) -> None:
        self.port, self._home = port, home
        self.first_seq = 0
        self.page = PracticePage()
        self._feed = PracticeFeed()
        self._service = PracticePushService(now)
        self._service.origin = f"http://127.0.0.1:{port}"

    async def __aenter__(self) -> Self:
        application = self._service.build()
        practice_feed.add_routes(application, self._feed)
        self.page.add_routes(application)
        await self._service.open(application, self.port)
        self.phone = await self._service.phone(self._home)
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._service.__aexit__(*failure)

    @property
    def feed_url(self) -> str:
        """Where the practice feed is read."""
        return f"{self._service.origin}/atom"

    @property
    def published(self) -> int:
        """How many reviews the feed holds."""
        return len(self._feed.reviews)

    def publish_history(self, *, weeks: int, until: datetime) -> None:
        """Two reviews a week, one in eight of them low, ending two days ago."""
        dice = random.Random(7)  # noqa: S311  the same quiet past in every drill
        for number in range(weeks * 2):
            at = until - timedelta(days=2 + 3.5 * number, hours=dice.uniform(-20, 20))
            stars = dice.choice((5, 5, 5, 4, 5, 4, 3, 2))
            self._feed.add(PracticeReview(f"past-{number}", "As always.", at, stars, "A guest"))

    def publish_low(self, number: int, at: datetime) -> None:
        """One more one-star review, written now."""
        text = _WORDS[number % len(_WORDS)]
        self._feed.add(PracticeReview(f"low-{number}", text, at, 1, f"Name {number}"))

    def buzzes(self, kind: str) -> int:
        """How often the phone buzzed for this kind of message."""
        return sum(shown.notification["data"]["kind"] == kind for shown in self.phone.shown)
