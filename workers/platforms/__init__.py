"""The kinds of source: how each turns what came into items, and which of them are asked."""

from api.items.item import Item, Problem, Read, SourceTrouble
from workers.platforms import (
    app_store,
    bluesky,
    bluesky_acts,
    facebook,
    facebook_acts,
    feed,
    file_import,
    google,
    google_grant,
    instagram,
    instagram_acts,
    mail,
    mastodon,
    mastodon_acts,
    meta_grant,
    page,
    places,
    play,
    push,
    reddit,
    tiktok,
    tiktok_acts,
    tiktok_grant,
    tripadvisor,
    trustpilot,
    webhook,
    x,
    yelp,
    youtube,
    youtube_acts,
)
from workers.platforms.connector import Actor, Connector, Granter, Reader

__all__ = [
    "ACTORS", "CONNECTORS", "GRANTERS", "PLATFORMS",
    "Item", "Problem", "Read", "Reader", "SourceTrouble",
]  # fmt: skip

CONNECTORS: dict[str, Connector] = {
    "facebook": facebook,
    "instagram": instagram,
    "app_store": app_store,
    "bluesky": bluesky,
    "mastodon": mastodon,
    "reddit": reddit,
    "tiktok": tiktok,
    "x": x,
    "feed": feed,
    "google": google,
    "places": places,
    "youtube": youtube,
    "play": play,
    "mail": mail,
    "trustpilot": trustpilot,
    "yelp": yelp,
    "tripadvisor": tripadvisor,
    "page": page,
}

PLATFORMS: dict[str, Reader] = {
    "webhook": webhook,
    "push": push,
    "file": file_import,
    **CONNECTORS,
}

ACTORS: dict[str, Actor] = {
    "facebook": facebook_acts,
    "instagram": instagram_acts,
    "app_store": app_store,
    "bluesky": bluesky_acts,
    "mastodon": mastodon_acts,
    "tiktok": tiktok_acts,
    "x": x,
    "google": google,
    "youtube": youtube_acts,
    "play": play,
    "trustpilot": trustpilot,
}

# By the family of a platform: one sign-in at Google serves all of Google's places.
GRANTERS: dict[str, Granter] = {
    "meta": meta_grant,
    "google": google_grant,
    "tiktok": tiktok_grant,
}
