"""Meta's places: Facebook Pages and Instagram professional accounts."""

from api.platforms.entry import Authorisation, Entry, Longest, by_link, real

REPORT = "https://www.facebook.com/help/reportlinks"
POSTS = "https://business.facebook.com/latest/posts/published_posts"
BLOCK_ON_INSTAGRAM = "https://help.instagram.com/426700567389543"
REPORT_ON_INSTAGRAM = "https://help.instagram.com/192435014247952"
SWITCH_OFF = "https://www.instagram.com/accounts/remove/request/temporary/"
# Whoever joins the address puts the version of the settings in its place.
_AUTHORISE = "https://www.facebook.com/{version}/dialog/oauth"
_PAGES = ("pages_show_list", "pages_read_engagement")
_FACEBOOK = r"https?://(?:(?:www|m|web|mbasic|business|[a-z]{2}-[a-z]{2})\.)?(?:facebook|fb)\.com"
_INSTAGRAM = r"https?://(?:www\.)?(?:instagram\.com|instagr\.am)"
_REST = r"(?:[/?#&].*)?"
# Addresses of Facebook and Instagram themselves, which are the name of nobody.
_NO_PAGE = r"(?!(?:profile\.php|people|pages|groups|events|watch|reel|share|login|help)\b)"
_NO_NAME = r"(?!(?:p|reel|reels|tv|stories|explore|accounts|share)\b)"

FACEBOOK = Entry(
    kind="facebook",
    name="Facebook Page",
    family="meta",
    way="account",
    authorisation=Authorisation(
        _AUTHORISE,
        (
            *_PAGES,
            "pages_read_user_content",
            "pages_manage_engagement",
            "pages_manage_metadata",
            "pages_manage_posts",
        ),
    ),
    addresses=(
        rf"{_FACEBOOK}/profile\.php\?(?:.*&)?id=(?P<page_id>\d+){_REST}",
        rf"{_FACEBOOK}/(?:p|people|pages)/(?:[^/?#]+[/-])?(?P<page_id>\d+){_REST}",
        rf"{_FACEBOOK}/(?P<page_id>\d+){_REST}",
        rf"{_FACEBOOK}/{_NO_PAGE}(?P<name>[a-z0-9.-]{{2,80}}){_REST}",
        r"https?://fb\.me/.+",
        rf"{_FACEBOOK}/.+",
    ),
    capabilities=(
        real(
            "read", "Comments, visitors’ posts, mentions; recommendations while Facebook lets us."
        ),
        real("hear", "Facebook tells of changes at once, when its webhook is set up."),
        real("reply", "To comments, visitors’ posts and recommendations."),
        real("hide", "Comments and posts; their author still sees them. No recommendations."),
        real("delete", "Comments and visitors’ posts, for good. No recommendations."),
        real("block", "Whoever commented cannot comment any more."),
        by_link("report", "Reporting takes a hand, on Facebook itself.", REPORT),
        by_link("close_comments", "A hand limits who comments, at each post by itself.", POSTS),
        real(
            "take_down",
            "Hides the Page and visitors’ posts. Done is what Facebook shows. Messages stay on.",
        ),
    ),
    note="Needs your own app at Meta. Whoever signs in needs full control of the Page.",
    publishes=True,
    longest=Longest(63_206),
)

INSTAGRAM = Entry(
    kind="instagram",
    name="Instagram",
    family="meta",
    way="account",
    authorisation=Authorisation(
        _AUTHORISE, (*_PAGES, "instagram_basic", "instagram_manage_comments")
    ),
    addresses=(
        rf"{_INSTAGRAM}/{_NO_NAME}(?P<username>[a-z0-9._]{{1,30}}){_REST}",
        rf"{_INSTAGRAM}/.+",
    ),
    capabilities=(
        real("read", "Comments under your posts, and posts that tag you. Mentions only if told."),
        real("hear", "Only with Meta’s Advanced Access. Without it comments are read in turn."),
        real("reply", "To comments."),
        real("hide", "Comments; shown again just as well."),
        real("delete", "Comments, for good."),
        by_link("block", "Blocking takes a hand, in the Instagram app.", BLOCK_ON_INSTAGRAM),
        by_link("report", "Reporting takes a hand, in the Instagram app.", REPORT_ON_INSTAGRAM),
        real("close_comments", "On the newest posts; opened again as they were."),
        by_link(
            "take_down",
            "A hand can switch the account off for a while. Close comments first.",
            SWITCH_OFF,
        ),
    ),
    note="Needs a professional account that is linked to a Facebook Page.",
)

ENTRIES = (FACEBOOK, INSTAGRAM)
