"""Apple's App Store: reviews of an app, by the App Store Connect interface."""

from datetime import timedelta

from api.platforms.entry import Asked, Entry, by_link, never, real

_CONNECT = "https://appstoreconnect.apple.com/apps"
_REMOVED = "Apple alone removes reviews. Report it."

APP_STORE = Entry(
    kind="app_store",
    name="App Store",
    family="app_store",
    way="key",
    asked=(
        Asked("app", "Apple id of the app, a number"),
        Asked("issuer", "Issuer id of the key"),
        Asked("key_id", "Key id"),
        Asked("key", "Private key, the text of the .p8 file", secret=True),
    ),
    every=timedelta(minutes=15),
    every_in_incident=timedelta(minutes=5),
    addresses=(r"https?://apps\.apple\.com/(?:[a-z]{2}/)?app/(?:[^/]+/)?id(?P<app>\d+).*",),
    capabilities=(
        real("read", "Every review of all countries. Apple shows some after a day."),
        never("hear", "Apple does not tell of new reviews."),
        real("reply", "Apple looks at each reply. It may take a day."),
        by_link("hide", f"Apple lets nobody hide a review. {_REMOVED}", _CONNECT),
        by_link("delete", _REMOVED, _CONNECT),
        never("block", "Apple has no way to block a reviewer."),
        by_link("report", "Reporting takes a hand, in App Store Connect.", _CONNECT),
        never("close_comments", "Nothing stops new reviews in the App Store."),
        by_link("take_down", "The app can be taken off sale by hand. Its rank goes too.", _CONNECT),
    ),
)

ENTRIES = (APP_STORE,)
