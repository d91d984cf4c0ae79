"""What stands at Meta, all in the open: Pages, posts, comments, media, and every change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.platforms.graph_fields import missing

PAGE, ACCOUNT = "1029384756", "17841474524784050"
POST, MEDIUM = f"{PAGE}_9010978", "18172143295349192"
WALL = {"USERS_CAN_POST": True, "USERS_CAN_POST_PHOTOS": False, "USERS_CAN_MESSAGE": True}
BORN = "2026-11-01T08:00:00+0000"
Node = dict[str, Any]


def stamp(at: datetime) -> str:
    """As Graph writes a moment."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


@dataclass
class GraphState:
    """`nodes` by id: `kind` and `of` (what they belong to) are ours, all else is Graph's.

    `deeds` counts what took effect by (verb, target), `log` has it in order. `stubborn` Pages say
    yes and stay as they are; `protected` things can be read and not touched.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    blocked: dict[str, set[str]] = field(default_factory=dict)
    deeds: Counter[tuple[str, str]] = field(default_factory=Counter)
    log: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    stubborn: set[str] = field(default_factory=set)
    protected: set[str] = field(default_factory=set)

    def page(self, own: str = PAGE, *, account: str = ACCOUNT, **more: Any) -> Node:
        """A Page with one post, an Instagram account behind it, and a token `page-{id}`."""
        self.tokens[f"page-{own}"] = own
        self.add("account", account, of=own, username="crumbandco")
        self.medium(MEDIUM if own == PAGE else f"{MEDIUM}{own}", account)
        page = self.add("page", own, name="Crumb & Co", is_published=True, settings=dict(WALL),
                        link="https://www.facebook.com/crumbandco", account=account,
                        tasks=["MODERATE", "CREATE_CONTENT", "MANAGE"])  # fmt: skip
        self.post(f"{own}_9010978", own, "Fresh bread.")
        page.update(more)
        return page

    def medium(self, name: str, account: str = ACCOUNT, at: str = BORN, **more: Any) -> Node:
        """A picture on Instagram, open to comments."""
        return self.add("medium", name, of=account, timestamp=at, is_comment_enabled=True,
                        permalink="https://www.instagram.com/p/abc/", **more)  # fmt: skip

    def post(self, name: str, page: str, message: str, by: str = "", at: str = BORN) -> Node:
        """Somebody, or the Page itself, posts on the Page's wall."""
        who = {"id": by or page, "name": "Sam" if by else "Crumb & Co"}
        link = {"permalink_url": f"https://www.facebook.com/{name}", "from": who}
        return self.add("post", name, of=page, message=message, created_time=at, is_hidden=False,
                        **link)  # fmt: skip

    def comment(
        self, name: str, under: str, message: str, by: str = "7788", at: str = BORN
    ) -> Node:
        """Somebody comments on a post, or answers a comment."""
        above = self.nodes.get(under, {})
        answers = above.get("kind") == "comment"
        parent = {"parent": {"id": under}} if answers else {}
        return self.add("comment", name, of=above["of"] if answers else under, under=under,
                        message=message, created_time=at, is_hidden=False, can_hide=True,
                        permalink_url="https://www.facebook.com/c",
                        **{"from": {"id": by, "name": "Sam"}}, **parent)  # fmt: skip

    def said(self, name: str, under: str, text: str, by: str = "angry_1", at: str = BORN) -> Node:
        """Somebody comments on a medium of Instagram, or answers a comment there."""
        answers = self.nodes.get(under, {}).get("kind") == "ig_comment"
        who = {"from": {"id": f"ig-{by}", "username": by}}
        return self.add("ig_comment", name, of=under, text=text, timestamp=at, username=by,
                        hidden=False, under=under if answers else None, **who)  # fmt: skip

    def add(self, kind: str, own_id: str, **parts: Any) -> Node:
        self.nodes[own_id] = {"kind": kind, "id": own_id} | parts
        return self.nodes[own_id]

    def find(self, name: str) -> Node:
        if name not in self.nodes:
            raise missing(name)
        return self.nodes[name]

    def touch(self, name: str) -> Node:
        """To be changed: what is protected answers as if it were not there."""
        if name in self.protected:
            raise missing(name)
        return self.find(name)

    def of(self, kind: str, owner: str) -> Iterator[Node]:
        yield from (one for one in self.nodes.values()
                    if one["kind"] == kind and one.get("of") == owner)  # fmt: skip

    def did(self, verb: str, target: str, **how: Any) -> None:
        self.deeds[verb, target] += 1
        self.log.append((verb, target, how))
