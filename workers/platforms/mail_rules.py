"""Notification mails as data: who sends them, how they read, and what can be taken from them.

Their templates change without notice and are documented nowhere. A mail that no rule fits any more
is still shown; docs/connect/mail.md says where each rule was seen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_QUOTED = r"[“\"](?P<text>[^”\"]{1,4000})[”\"]"
_STARS_LINE = r"(?m)^\W*(?:rated|rating:?)?\s*(?P<stars>[1-5])(?:\.0)?[ -]stars?\W*$"
_BUBBLES = r"(?m)^\W*(?:rated)?\s*(?P<stars>[1-5])(?:\.0)? (?:of|out of) 5(?: bubbles| stars)?\W*$"
_GOOGLE_TEXT = (
    r"Read review\s*(?:<[^>\s]{1,2000}>)?\s*\n+(?P<author>[^\n]{1,200})\n+"
    r"(?P<text>[\s\S]{1,4000}?)\n+Reply to review"
)
_DRAWN = r"(?m)^\s*(?P<drawn>[★⭐]{1,5})[☆\s]*$"


@dataclass(frozen=True, slots=True)
class Rule:
    """One form of mail: its whole subject, and what is looked for in its words, in this order.

    Named groups are author, stars (1 to 5), drawn (stars as signs), text. `stars` is what the form
    alone says: a mail of “does not recommend” has no number in it.
    """

    subject: str
    body: tuple[str, ...] = ()
    stars: int | None = None
    kind: str = "review"

    def found_in(self, subject: str, words: str) -> dict[str, str] | None:
        """What the mail tells, by name; None when it is of another form."""
        match = re.fullmatch(self.subject, subject, re.IGNORECASE)
        if match is None:
            return None
        found = _named(match.groupdict())
        for pattern in self.body:
            inside = re.search(pattern, words, re.IGNORECASE)
            found |= {} if inside is None else _named(inside.groupdict())
        return found


@dataclass(frozen=True, slots=True)
class Sender:
    """One platform: the domains that sign its mail, its addresses, and where its links may lead."""

    name: str
    domains: tuple[str, ...]
    address: str
    links: tuple[str, ...]
    rules: tuple[Rule, ...]

    def writes_as(self, address: str) -> bool:
        return re.fullmatch(self.address, address, re.IGNORECASE) is not None


GOOGLE = Sender(
    name="Google",
    domains=("google.com",),
    # google.com also signs what strangers send by its forms and calendars.
    address=r"(business-?profile|google-?my-?business)[a-z-]{0,20}@google\.com",
    links=("business.google.com", "search.google.com", "www.google.com", "maps.google.com"),
    rules=(
        Rule(
            r"(?P<author>.+) left a review for .+",
            (
                r"(?:got|have|received) a new (?P<stars>[1-5])-star review",
                _GOOGLE_TEXT,
            ),
        ),
        Rule(r".+, you got \d+ new reviews", kind="mention"),
    ),
)

FACEBOOK = Sender(
    name="Facebook",
    domains=("facebookmail.com",),
    address=r"[a-z+._-]{1,60}@(?:[a-z]+\.)?facebookmail\.com",
    links=("www.facebook.com", "m.facebook.com", "facebook.com", "business.facebook.com"),
    rules=(
        Rule(r"(?P<author>.+?) (?:doesn[’']t|does not) recommend .+", (_QUOTED,), stars=1),
        Rule(r"(?P<author>.+?) recommends .+", (_QUOTED,), stars=5),
        Rule(r"(?P<author>.+?) (?:left|wrote) a review (?:for|of|on) .+", (_QUOTED, _STARS_LINE)),
        Rule(r"(?P<author>.+?) commented on .+", (_QUOTED,), kind="comment"),
        Rule(r"(?P<author>.+?) (?:mentioned|tagged) .+", (_QUOTED,), kind="mention"),
        Rule(r"(?P<author>.+?) posted on .+", (_QUOTED,), kind="post"),
    ),
)

YELP = Sender(
    name="Yelp",
    domains=("yelp.com",),
    address=r"[a-z0-9+._-]{1,60}@(?:[a-z]+\.)?yelp\.com",
    links=("www.yelp.com", "biz.yelp.com", "yelp.com"),
    rules=(
        Rule(
            r"(?P<author>.+?) (?:just )?(?:reviewed|wrote a review (?:for|of)) .+",
            (_STARS_LINE, _DRAWN, _QUOTED),
        ),
        Rule(
            r"(?:you have a |you’ve got a |.{1,200}: )?new review (?:for|of|on) .+",
            (_STARS_LINE, _DRAWN, _QUOTED),
        ),
    ),
)

TRIPADVISOR = Sender(
    name="Tripadvisor",
    domains=("tripadvisor.com",),
    address=r"[a-z0-9+._-]{1,60}@(?:[a-z]+\.)?tripadvisor\.com",
    links=("www.tripadvisor.com", "www.tripadvisor.co.uk", "www.tripadvisor.de"),
    rules=(
        Rule(r"(?:.{1,200} )?(?P<stars>[1-5])[ -](?:bubble|star) review .+", (_BUBBLES, _QUOTED)),
        Rule(
            r"(?:you have |you’ve got |there is )?a? ?new review (?:for|of|on) .+",
            (_BUBBLES, _DRAWN, _QUOTED),
        ),
        Rule(r"(?P<author>.+?) (?:has )?reviewed .+", (_BUBBLES, _DRAWN, _QUOTED)),
    ),
)

TRUSTPILOT = Sender(
    name="Trustpilot",
    domains=("trustpilot.com", "trustpilotmail.com"),
    address=r"[a-z0-9+._-]{1,60}@(?:[a-z]+\.)?trustpilot(?:mail)?\.com",
    links=("www.trustpilot.com", "businessapp.b2b.trustpilot.com", "business.trustpilot.com"),
    rules=(
        Rule(
            r"(?P<author>.+?) (?:just )?left (?:you |.{1,100} )?an? (?P<stars>[1-5])-star review.*",
            (_QUOTED,),
        ),
        Rule(
            r"(?:you’ve (?:got|received) a |a )?new (?P<stars>[1-5])-star review.*",
            (r"(?m)^\W*(?:from|by):? (?P<author>[^\n]{1,100})$", _QUOTED),
        ),
    ),
)

SENDERS = (GOOGLE, FACEBOOK, YELP, TRIPADVISOR, TRUSTPILOT)


def sender_of(address: str) -> Sender | None:
    """The platform that writes by this address; proven it is by the signature alone."""
    return next((one for one in SENDERS if one.writes_as(address)), None)


def _named(groups: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text.strip() for name, text in groups.items() if text}
