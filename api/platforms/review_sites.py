"""Sites of reviews: Trustpilot, Yelp, Tripadvisor, and the rating that a public page tells."""

from collections.abc import Mapping
from datetime import timedelta

from api.platforms.entry import Asked, Capability, Entry, Verb, by_link, never, real

_TRUSTPILOT = "https://businessapp.b2b.trustpilot.com/"
_TRUSTPILOT_HELP = "https://help.trustpilot.com/"
_YELP = "https://biz.yelp.com/"
_TRIPADVISOR = "https://www.tripadvisor.com/Owners"
_SUBDOMAIN = r"https?://(?:www\.|m\.|[a-z]{2}\.)?"
_SITE_ACTS: tuple[Verb, ...] = (
    "reply", "hide", "delete", "block", "report", "close_comments", "take_down",
)  # fmt: skip
_BY_HAND = "The page is yours or a shop’s. Act there."
_ON_THE_SITE: Mapping[Verb, str] = {
    "block": "A page has no people to block. Do it where the review was written.",
    "report": "A page takes no reports. Report the review where it was written.",
}

TRUSTPILOT = Entry(
    kind="trustpilot",
    name="Trustpilot",
    family="trustpilot",
    way="key",
    asked=(
        Asked("key", "API key", secret=True),
        Asked("secret", "Secret of the key, for replies", secret=True, optional=True),
        Asked("domain", "Website that is reviewed, like crumbco.example", optional=True),
        Asked("business_unit_id", "Id of the business unit, if you know it", optional=True),
        Asked("author_id", "Id of the business user who replies", optional=True),
    ),
    addresses=(
        _SUBDOMAIN + r"trustpilot\.com/(?:review|evaluate)/(?P<domain>[^/?#]+).*",
        r"https?://businessapp\.b2b\.trustpilot\.com.*",
    ),
    capabilities=(
        real("read", "Every review, with edits and removals."),
        real("hear", "Trustpilot tells of a review at once, when its webhook is set up."),
        real("reply", "With the secret of the key and a business user. One reply a review."),
        never("hide", "Trustpilot lets nobody hide a review. Report it.", _TRUSTPILOT),
        never("delete", "Trustpilot alone removes reviews. Report it.", _TRUSTPILOT),
        never("block", "Trustpilot has no way to block a reviewer."),
        by_link("report", "Reporting takes a hand, in the business app.", _TRUSTPILOT),
        never("close_comments", "Nothing stops new reviews on Trustpilot."),
        by_link(
            "take_down", "A profile stays. Ask Trustpilot to pause it, by hand.", _TRUSTPILOT_HELP
        ),
    ),
    note="The interface is a paid part of Trustpilot’s plans. Without it use the e-mails.",
)

YELP = Entry(
    kind="yelp",
    name="Yelp counter",
    family="yelp",
    way="key",
    asked=(
        Asked("key", "API key of Yelp Places", secret=True),
        Asked("business_id", "Name in the link, like crumb-and-co-leeds"),
    ),
    retention="day",
    every=timedelta(minutes=30),
    every_in_incident=timedelta(minutes=15),
    daily_calls=300,
    addresses=(
        _SUBDOMAIN + r"yelp\.[a-z.]{2,6}/biz/(?P<business_id>[^/?#]+).*",
        r"https?://biz\.yelp\.[a-z.]{2,6}(?:/.*)?",
        r"https?://yelp\.to/.*",
    ),
    capabilities=(
        real("read", "How many reviews, their average, and the beginning of three at most."),
        real("hear", "Needs a contract with Yelp. The address for its webhook is there."),
        by_link("reply", "Reply in Yelp for Business.", _YELP),
        never("hide", "Yelp lets nobody hide a review. Report it.", _YELP),
        never("delete", "Yelp alone removes reviews. Report it.", _YELP),
        never("block", "Yelp has no way to block a reviewer."),
        by_link("report", "Reporting takes a hand, in Yelp for Business.", _YELP),
        never("close_comments", "Yelp freezes a page in the news by itself. Ask them.", _YELP),
        never("take_down", "A page on Yelp stays, even of a closed place.", _YELP),
    ),
    note="300 requests a day for all places of one key. Words are kept for a day: Yelp’s rule.",
)

TRIPADVISOR = Entry(
    kind="tripadvisor",
    name="Tripadvisor counter",
    family="tripadvisor",
    way="key",
    asked=(
        Asked("key", "API key of the Content API", secret=True),
        Asked("location_id", "Number after -d in the link"),
        Asked("language", "Language of the reviews, like de; en if empty", optional=True),
    ),
    retention="ids",
    every=timedelta(minutes=30),
    every_in_incident=timedelta(minutes=15),
    daily_calls=150,
    addresses=(
        _SUBDOMAIN + r"tripadvisor\.[a-z.]{2,6}/[^?#]*-d(?P<location_id>\d+)(?:[-./?#].*)?",
    ),
    capabilities=(
        real("read", "How many reviews and their average. Of low ones that they came."),
        never("hear", "Tripadvisor does not tell programs. Use its e-mails as well."),
        by_link("reply", "Reply in the Management Centre.", _TRIPADVISOR),
        never("hide", "Tripadvisor lets nobody hide a review. Report it.", _TRIPADVISOR),
        never("delete", "Tripadvisor alone removes reviews. Report it.", _TRIPADVISOR),
        never("block", "Tripadvisor has no way to block a reviewer."),
        by_link("report", "Reporting takes a hand, in the Management Centre.", _TRIPADVISOR),
        never("close_comments", "Nothing stops new reviews on Tripadvisor."),
        never("take_down", "A page on Tripadvisor stays, even of a closed place.", _TRIPADVISOR),
    ),
    note="Its terms let no words be kept. Use a key for this alone: it travels in addresses.",
)


def _page() -> tuple[Capability, ...]:
    return (
        real("read", "The rating that the page tells machines, and the reviews in it."),
        never("hear", "A page does not call us."),
        *(never(verb, _ON_THE_SITE.get(verb, _BY_HAND)) for verb in _SITE_ACTS),
    )


PAGE = Entry(
    kind="page",
    name="Rating on a public page",
    family="page",
    way="nothing",
    every=timedelta(minutes=15),
    every_in_incident=timedelta(minutes=5),
    capabilities=_page(),
    note="For your own site, and for shops that allow it. Not for Yelp, Google and the like.",
)

ENTRIES = (TRUSTPILOT, YELP, TRIPADVISOR, PAGE)
