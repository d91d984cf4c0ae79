"""The open and the closed social networks: TikTok, X, Reddit, Bluesky and Mastodon."""

from datetime import timedelta

from api.platforms.entry import Asked, Authorisation, Entry, Longest, by_link, never, real

_TIKTOK_HELP = "https://support.tiktok.com/en"
_X_HELP = "https://help.x.com/en"
# Addressed to “r/” and a subreddit, it goes to its moderators.
_MODERATORS = "https://www.reddit.com/message/compose"
_OTHERS = "youtube|tiktok|threads|medium|instagram|facebook"
_ANY_SERVER = rf"(?!(?:[\w-]+\.)*(?:{_OTHERS})\.)(?P<host>[\w.-]+\.[a-z]{{2,}})"

TIKTOK = Entry(
    kind="tiktok",
    name="TikTok",
    family="tiktok",
    way="account",
    authorisation=Authorisation(
        "https://www.tiktok.com/v2/auth/authorize/",
        ("user.info.basic", "user.info.username", "video.list", "comment.list",
         "comment.list.manage"),
    ),
    addresses=(r"https?://(?:www\.|m\.)?tiktok\.com/@(?P<username>[\w.]+)(?:[/?].*)?",),
    capabilities=(
        real("read", "Comments under the 20 newest videos of the account."),
        real("hear", "TikTok tells of a comment within minutes, when its webhook is set up."),
        real("reply", "Under the comment, up to 150 characters."),
        real("hide", "Hidden from everybody, and shown again when you like."),
        never("delete", "TikTok lets you delete your own comments only. Hide it."),
        by_link(
            "block", "Blocking takes a hand, in the app.",
            f"{_TIKTOK_HELP}/using-tiktok/followers-and-following/blocking-the-users",
        ),
        by_link(
            "report", "Reporting takes a hand, in the app.",
            f"{_TIKTOK_HELP}/safety-hc/report-a-problem/report-a-comment",
        ),
        by_link(
            "close_comments", "Comments are closed by hand, in the app.",
            f"{_TIKTOK_HELP}/using-tiktok/messaging-and-notifications/comments",
        ),
        by_link(
            "take_down", "The account can be made private by hand, in the app.",
            f"{_TIKTOK_HELP}/account-and-privacy/account-privacy-settings/"
            "making-your-account-public-or-private",
        ),
    ),
    note="What others post about the client elsewhere on TikTok cannot be read.",
)  # fmt: skip

X = Entry(
    kind="x",
    name="X",
    family="x",
    way="key",
    asked=(
        Asked("bearer", "Bearer token of your app", secret=True),
        Asked("query", "What to search for, like “crumb co” OR @crumbco"),
        Asked("daily_posts", "Posts to pay for a day, at most (200)", optional=True),
        Asked("api_key", "API key, for hiding replies", secret=True, optional=True),
        Asked("api_secret", "API key secret", secret=True, optional=True),
        Asked("access_token", "Access token of the account", secret=True, optional=True),
        Asked("access_secret", "Access token secret", secret=True, optional=True),
    ),
    # Posts that were deleted there must not be shown: nobody tells us, so the words go in a day.
    retention="day",
    every=timedelta(minutes=15),
    every_in_incident=timedelta(minutes=5),
    addresses=(
        r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<username>\w{1,15})(?:[/?].*)?",
    ),
    capabilities=(
        real("read", "Posts of the last 7 days. X bills each one."),
        real("hear", "Mentions at once, by the webhook of X’s Enterprise plan."),
        by_link(
            "reply", "Programs may reply only to who called the account: not built.",
            "https://x.com/notifications/mentions",
        ),
        real("hide", "Replies in your own conversations, with all four keys of the account."),
        never("delete", "X lets nobody delete what others wrote. Your own posts: by hand."),
        by_link(
            "block", "Blocking takes a hand.",
            f"{_X_HELP}/using-x/blocking-and-unblocking-accounts",
        ),
        by_link(
            "report", "Reporting takes a hand.",
            f"{_X_HELP}/safety-and-security/report-a-post",
        ),
        never("close_comments", "X closes replies before a post is sent, not after."),
        by_link(
            "take_down", "The account can be protected by hand. Old posts go too.",
            "https://x.com/settings/audience_and_tagging",
        ),
    ),
    note="X bills about half a cent per post and per count. The cap holds per source and day.",
)  # fmt: skip

REDDIT = Entry(
    kind="reddit",
    name="Reddit",
    family="reddit",
    way="nothing",
    every=timedelta(minutes=15),
    every_in_incident=timedelta(minutes=15),
    addresses=(
        r"https?://(?:www\.|old\.|new\.)?reddit\.com/r/(?P<subreddit>\w{2,21})(?:[/?].*)?",
        r"https?://(?:www\.|old\.|new\.)?reddit\.com/(?:search|user/).*",
    ),
    asked=(Asked("query", "Words to look for", optional=True),),
    capabilities=(
        real("read", "New posts of a subreddit or a search, over public feeds."),
        never("hear", "Reddit does not tell of new posts."),
        by_link(
            "reply",
            "Reddit has to approve an app first. Reply as yourself, on Reddit.",
            "https://www.reddit.com",
        ),
        by_link("hide", "Moderators alone hide posts. Write to them.", _MODERATORS),
        by_link("delete", "Moderators alone remove posts. Write to them.", _MODERATORS),
        by_link("block", "Blocking takes a hand.", "https://www.reddit.com/settings/privacy"),
        by_link("report", "Reporting takes a hand.", "https://www.reddit.com/report"),
        by_link("close_comments", "Moderators alone lock a thread. Write to them.", _MODERATORS),
        never("take_down", "There is no page of the client’s to take down."),
    ),
    note="Reddit slows servers down. Expect a quarter of an hour, and at times nothing.",
)

BLUESKY = Entry(
    kind="bluesky",
    name="Bluesky",
    family="bluesky",
    way="key",
    asked=(
        Asked("handle", "Name of the account, like crumb.bsky.social"),
        Asked("password", "App password", secret=True),
        Asked("query", "Words to look for", optional=True),
        Asked("host", "Server, if it is not bsky.social", optional=True),
    ),
    addresses=(r"https?://bsky\.app/profile/(?P<profile>[^/?#]+)(?:[/?#].*)?",),
    capabilities=(
        real("read", "Replies, mentions and quotes, and posts with your words."),
        real("hear", "Your words are heard within seconds, where the stream is switched on."),
        real("reply", "In the thread, up to 300 characters."),
        real("hide", "Replies under your own posts, 300 per post."),
        never("delete", "Bluesky lets nobody delete what others wrote. Hide the reply."),
        real("block", "They can neither reply nor mention the account any more."),
        real("report", "Goes to the moderators of Bluesky."),
        real("close_comments", "Nobody can reply to your newest posts. Quotes go on: not built."),
        by_link(
            "take_down", "The account can be switched off for a while, by hand.",
            "https://bsky.app/settings/account",
        ),
    ),
    publishes=True,
    longest=Longest(300),
)  # fmt: skip

# Its links look like those of others, so it is asked last.
MASTODON = Entry(
    kind="mastodon",
    name="Mastodon",
    family="mastodon",
    way="key",
    asked=(
        Asked("host", "Server, like mastodon.social"),
        Asked("token", "Access token", secret=True),
        Asked("tag", "Tag to watch, without #", optional=True),
    ),
    addresses=(rf"https://{_ANY_SERVER}/@(?P<profile>\w+)(?:@[\w.-]+)?(?:/\d*)?",),
    capabilities=(
        real("read", "Mentions and replies, and posts under a tag."),
        real("hear", "Mentions are heard within seconds."),
        real("reply", "In the thread."),
        never("hide", "Mastodon hides no single replies. Block the person."),
        never("delete", "Mastodon lets nobody delete what others wrote. Report it."),
        real("block", "They can neither reply nor mention the account any more."),
        real("report", "Goes to the moderators of both servers."),
        never("close_comments", "Mastodon cannot close the replies under a post."),
        never("take_down", "Mastodon has no way to hide an account for a while."),
    ),
    publishes=True,
    # A server may take more; every one takes this.
    longest=Longest(500, link=23),
)

ENTRIES = (TIKTOK, X, REDDIT, BLUESKY, MASTODON)
