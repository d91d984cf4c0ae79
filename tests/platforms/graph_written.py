"""What people wrote at Meta in Graph's own shapes, for each list that a story can be about."""

from __future__ import annotations

from tests.platforms.graph_state import ACCOUNT, MEDIUM, PAGE, POST, Node, stamp
from tests.platforms.vendor import Written


def rating_of(one: Written, name: str | int) -> Node:
    """A recommendation: no id and no stars, but a story."""
    told: Node = {
        "created_time": stamp(one.at),
        "has_rating": False,
        "has_review": True,
        "recommendation_type": "negative" if one.stars < 3 else "positive",
        "review_text": one.text,
        "reviewer": {"id": "6677001122", "name": one.author},
        "open_graph_story": {"id": name},
    }
    return told | dict(one.more)


def comment_of(one: Written, name: str | int) -> Node:
    who = {"id": f"person-{one.author}", "name": one.author}
    told: Node = {"id": name, "created_time": stamp(one.at), "message": one.text, "from": who}
    told |= {"is_hidden": False, "permalink_url": "https://www.facebook.com/c"}
    return told | {"kind": "comment"} | dict(one.more)


def post_of(one: Written, name: str | int) -> Node:
    return comment_of(one, name) | {"kind": "post"}


def ig_comment_of(one: Written, name: str | int) -> Node:
    who = {"id": f"ig-{one.author}", "username": one.author}
    told: Node = {"id": name, "timestamp": stamp(one.at), "text": one.text, "from": who}
    return told | {"username": one.author, "hidden": False, "kind": "ig_comment"} | dict(one.more)


def tag_of(one: Written, name: str | int) -> Node:
    told: Node = {"id": name, "timestamp": stamp(one.at), "caption": one.text}
    return (
        told
        | {"username": one.author, "permalink": "https://www.instagram.com/p/x/"}
        | dict(one.more)
    )


AS_TOLD = {
    "ratings": rating_of,
    "comments": comment_of,
    "feed": post_of,
    "tagged": post_of,
    "ig_comments": ig_comment_of,
    "tags": tag_of,
}
# Where each of them is listed.
OWNERS = {
    "ratings": PAGE, "feed": PAGE, "tagged": PAGE, "comments": POST,
    "ig_comments": MEDIUM, "tags": ACCOUNT,
}  # fmt: skip
