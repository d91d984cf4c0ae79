"""Graph's lists and single things as they are told: only what was asked for, in pages."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.platforms.graph_fields import GraphRefusal, Wanted, parse
from tests.platforms.graph_state import Node
from tests.platforms.graph_written import AS_TOLD, OWNERS

if TYPE_CHECKING:
    from tests.platforms.graph_vendor import GraphVendor

_SAID = "id created_time message permalink_url from is_hidden"
FIELDS = {
    kind: frozenset(names.split())
    for kind, names in {
        "page": "id name link is_published overall_star_rating rating_count access_token tasks"
        " instagram_business_account",
        "post": f"{_SAID} updated_time story is_published parent_id",
        "story": f"{_SAID} updated_time story",
        "comment": f"{_SAID} can_hide can_remove parent like_count",
        "rating": "created_time has_rating has_review rating recommendation_type review_text"
        " reviewer open_graph_story",
        "account": "id username",
        "medium": "id caption timestamp username permalink comments_count is_comment_enabled",
        "ig_comment": "id text timestamp username from hidden like_count parent_id media",
        "tag": "id caption timestamp username permalink",
    }.items()
}
EDGES = {
    "page": {"feed": "post", "published_posts": "post", "ratings": "rating", "tagged": "post"},
    "post": {"comments": "comment"},
    "story": {"comments": "comment"},
    "comment": {"comments": "comment"},
    "account": {"media": "medium", "tags": "tag"},
    "medium": {"comments": "ig_comment"},
    "ig_comment": {"replies": "ig_comment"},
}
# With a person's token these are empty, and nobody says why.
SILENT = ("feed", "ratings", "tagged", "comments", "published_posts", "media", "tags", "replies")


def node(vendor: GraphVendor, name: str, query: Mapping[str, str], *, of_page: bool) -> Node:
    """One thing with the fields that were asked for."""
    found = vendor.state.find(name)
    wanted = parse(query.get("fields", "id"))
    return told(vendor, found["kind"], found, wanted, of_page=of_page)


def told(vendor: GraphVendor, kind: str, one: Node, wanted: list[Wanted], *, of_page: bool) -> Node:
    """The same of something that was found."""
    one = whole(vendor, kind, one)
    shown = {"id": one["id"]} if "id" in one else {}
    for field in wanted:
        if field.name.startswith("mentioned_") and kind == "account":
            shown[field.name] = _mentioned(vendor, field, of_page=of_page)
        elif field.name in EDGES.get(kind, {}):
            query = {**field.turns, "fields": ""}
            shown[field.name] = listed(
                vendor, one, field.name, query, field.inside, of_page=of_page
            )
        elif field.name not in FIELDS[kind]:
            words = f"(#100) Tried accessing nonexisting field ({field.name}) on node type ({kind})"
            raise GraphRefusal(400, 100, words)
        elif one.get(field.name) is not None:
            shown[field.name] = _inside(one[field.name], field.inside)
    return shown


def _inside(value: Any, inside: list[Wanted]) -> Any:
    if not (inside and isinstance(value, dict)):
        return value
    names = {one.name for one in inside} | {"id"}
    return {name: part for name, part in value.items() if name in names}


def _mentioned(vendor: GraphVendor, field: Wanted, *, of_page: bool) -> Node:
    """Only whoever was told of a mention can ask for it, and with a person's token."""
    if of_page:
        raise GraphRefusal(403, 10, "(#10) Application does not have permission for this action")
    [name] = field.turns.values()
    found = vendor.state.find(name)
    return told(vendor, found["kind"], found, field.inside, of_page=of_page)


def listed(
    vendor: GraphVendor, owner: Node, edge: str, query: Mapping[str, str],
    inside: list[Wanted] | None = None, *, of_page: bool,
) -> Node:  # fmt: skip
    """One page of a list, newest first where it is asked so; the end is where `next` is missing."""
    kind = EDGES.get(owner["kind"], {}).get(edge)
    if kind is None:
        raise GraphRefusal(400, 100, f"(#100) Tried accessing nonexisting field ({edge})")
    if edge in vendor.retired:
        words = f"(#12) {edge} is deprecated for versions v22.0 and higher"
        raise GraphRefusal(400, 12, words)
    everything = things(vendor, owner, edge, query) if of_page or edge not in SILENT else []
    wanted = inside or parse(query.get("fields") or "id")
    start = int(base64.b64decode(query.get("after", "")) or b"0")
    limit = int(query.get("limit", "25"))
    if not 0 <= limit <= 100:
        raise GraphRefusal(400, 100, "(#100) limit must be between 0 and 100")
    end = start + min(limit, vendor.page_size)
    some = [told(vendor, kind, one, wanted, of_page=of_page) for one in everything[start:end]]
    page: Node = {"data": some}
    if some:
        after = base64.b64encode(str(end).encode()).decode()
        page["paging"] = {"cursors": {"before": "QVFI", "after": after}}
        if end < len(everything):
            page["paging"]["next"] = f"https://graph.facebook.com/next?access_token=x&after={after}"
    if query.get("summary") == "true":
        page["summary"] = {"total_count": len(everything), "can_comment": True}
    return page


def things(vendor: GraphVendor, owner: Node, edge: str, query: Mapping[str, str]) -> list[Node]:
    """What is in a list: what stands in the state, then what was `written` for this stream."""
    stream = "ig_comments" if (owner["kind"], edge) == ("medium", "comments") else edge
    found = _standing(vendor, owner, edge)
    if edge == "comments" and query.get("live_filter") != "no_filter":
        found = [one for one in found if not one.get("low_quality")]
    if edge == "feed" and query.get("include_hidden") != "true":
        found = [one for one in found if not one["is_hidden"]]
    if vendor.stream == stream and owner["id"] == OWNERS[stream]:
        found = [AS_TOLD[stream](one, vendor.id_of(one)) for one in vendor.newest_first()] + found
    return found


def _standing(vendor: GraphVendor, owner: Node, edge: str) -> list[Node]:
    wanted, above = EDGES[owner["kind"]][edge], "of"
    if edge == "tagged":
        above = "tags"
    elif owner["kind"] in ("comment", "ig_comment"):
        above = "under"
    nodes = [one for one in vendor.state.nodes.values() if one["kind"] == wanted]
    found = [one for one in nodes if one.get(above) == owner["id"]]
    if edge == "published_posts":
        found = [one for one in found if one["from"]["id"] == owner["id"]]
    return sorted(found, key=_when, reverse=True)


def _when(one: Node) -> str:
    return str(one.get("created_time") or one.get("timestamp"))


def whole(vendor: GraphVendor, kind: str, one: Node) -> Node:
    """With what Graph reckons from other things."""
    if kind == "post":
        under = things(vendor, one | {"kind": "post"}, "comments", {"live_filter": "no_filter"})
        return one | {"updated_time": max([_when(one), *map(_when, under)])}
    if kind == "medium":
        under = things(vendor, one, "comments", {"live_filter": "no_filter"})
        return one | {"comments_count": len(under)}
    return one
