"""Google's places: Business Profile, the public counter of Maps, YouTube and Google Play."""

from datetime import timedelta

from api.platforms.entry import Asked, Authorisation, Entry, Longest, by_link, never, real

REVIEWS_TOOL = "https://support.google.com/business/workflow/9945796"
PROFILE = "https://business.google.com/reviews"
STUDIO = "https://studio.youtube.com"
REPORT_COMMENT = "https://support.google.com/youtube/answer/2802027"
PLAY_CONSOLE = "https://play.google.com/console"
REPORT_APP_REVIEW = "https://support.google.com/googleplay/android-developer/answer/7318385"
_AUTHORISE = "https://accounts.google.com/o/oauth2/v2/auth"
_OFFLINE = {"access_type": "offline", "prompt": "consent"}
_MAPS = r"https?://(?:www\.|maps\.)?google\.[a-z.]{2,6}/maps/place/[^/?#]+/?.*"
_SHORT_MAPS = r"https?://(?:maps\.app\.goo\.gl|goo\.gl/maps|g\.page|g\.co/kgs)/.*"

BUSINESS_PROFILE = Entry(
    kind="google",
    name="Google Business Profile",
    family="google",
    way="account",
    authorisation=Authorisation(
        _AUTHORISE, ("https://www.googleapis.com/auth/business.manage",), _OFFLINE
    ),
    addresses=(_MAPS, _SHORT_MAPS, r"https?://business\.google\.com/.*"),
    capabilities=(
        real("read", "Every review, with edits and removals."),
        real("hear", "Google tells of a new review at once, when Pub/Sub is set up."),
        real("reply", "Google looks at each reply before it is shown."),
        never("hide", "Google lets nobody hide a review. Report it.", REVIEWS_TOOL),
        never("delete", "Google alone removes reviews. Report it.", REVIEWS_TOOL),
        never("block", "Google has no way to block a reviewer."),
        by_link("report", "Reporting takes a hand, in Google’s own tool.", REVIEWS_TOOL),
        never("close_comments", "Nothing stops new reviews on Google."),
        real(
            "take_down",
            "The place can be marked “temporarily closed”. Reviews go on, and it costs rank.",
        ),
    ),
    note="Google must approve your project first. Until then use the e-mail or the counter.",
    longest=Longest(4096, "bytes"),
)

PLACES = Entry(
    kind="places",
    name="Google Maps counter",
    family="places",
    way="key",
    asked=(Asked("place_id", "Place id"), Asked("key", "API key of Google Places", secret=True)),
    retention="ids",
    every=timedelta(minutes=15),
    every_in_incident=timedelta(minutes=5),
    capabilities=(
        real("read", "How many reviews and their average, not their words."),
        never("hear", "Google does not tell of changes here."),
        by_link("reply", "Reply in the Business Profile.", PROFILE),
        never("hide", "Google lets nobody hide a review. Report it.", REVIEWS_TOOL),
        never("delete", "Google alone removes reviews. Report it.", REVIEWS_TOOL),
        never("block", "Google has no way to block a reviewer."),
        by_link("report", "Reporting takes a hand, in Google’s own tool.", REVIEWS_TOOL),
        never("close_comments", "Nothing stops new reviews on Google."),
        never("take_down", "The counter changes nothing. Connect the Business Profile."),
    ),
    note=(
        "Google bills each reading. In a small place three low reviews show in the average at "
        "once. In a big one only a fall of the average does."
    ),
)

YOUTUBE = Entry(
    kind="youtube",
    name="YouTube",
    family="google",
    way="account",
    authorisation=Authorisation(
        _AUTHORISE, ("https://www.googleapis.com/auth/youtube.force-ssl",), _OFFLINE
    ),
    addresses=(
        r"https?://(?:www\.|m\.)?youtube\.com/channel/(?P<channel>UC[\w-]{22})(?:[/?#].*)?",
        r"https?://(?:www\.|m\.)?youtube\.com/(?:@|c/|user/|watch\?|shorts/|live/).*",
        r"https?://youtu\.be/.*",
        r"https?://studio\.youtube\.com/.*",
    ),
    capabilities=(
        real("read", "The comments under all videos of the channel, with edits."),
        never("hear", "YouTube tells of new videos only. Comments are asked for."),
        real("reply", "Under the comment, as the channel."),
        real("hide", "The comment is held for review. Nobody else sees it."),
        real("delete", "For good."),
        real("block", "The comment goes, and what its writer adds is refused."),
        by_link("report", "Reporting takes a hand, at the comment itself.", REPORT_COMMENT),
        never(
            "close_comments",
            "YouTube lets no program switch comments off. Do it in YouTube Studio.",
            STUDIO,
        ),
        real("take_down", "One video becomes private, and comes back as it was."),
    ),
    note="YouTube gives your project a budget for the day. All clients share it.",
)

PLAY = Entry(
    kind="play",
    name="Google Play",
    family="play",
    way="key",
    asked=(
        Asked("package", "Package name, such as com.example.app"),
        Asked("service_account", "Key of the service account, the whole JSON file", secret=True),
    ),
    every_in_incident=timedelta(minutes=2),
    addresses=(
        r"https?://play\.google\.com/store/apps/details\?(?:.*&)?id=(?P<package>[\w.]+)(?:[&#].*)?",
    ),
    capabilities=(
        real("read", "Reviews with words, of about the last week."),
        never("hear", "Google Play does not tell of new reviews. They are asked for."),
        real("reply", "Up to 350 characters. A new reply takes the place of the old one."),
        never("hide", "Google Play lets nobody hide a review. Report it.", REPORT_APP_REVIEW),
        never("delete", "Google alone removes reviews. Report it.", REPORT_APP_REVIEW),
        never("block", "Google Play has no way to block a reviewer."),
        by_link("report", "Reporting takes a hand, in the Play Console.", PLAY_CONSOLE),
        never("close_comments", "Nothing stops new reviews on Google Play."),
        by_link("take_down", "Unpublish the app by hand, in the Play Console.", PLAY_CONSOLE),
    ),
    note="Google Play shows about one week. What came before the start is not read.",
)

ENTRIES = (BUSINESS_PROFILE, PLACES, YOUTUBE, PLAY)
