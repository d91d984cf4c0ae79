"""Signing in at Meta: codes and tokens, what a token is good for, and which Pages it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.platforms.graph_fields import GraphRefusal

if TYPE_CHECKING:
    from tests.platforms.graph_vendor import GraphVendor

SECRET = "app_secret_1"
CALLBACK = "https://desk.example/connect/callback"
RIGHTS = (
    "pages_show_list", "pages_read_engagement", "pages_read_user_content",
    "pages_manage_engagement", "pages_manage_metadata", "pages_manage_posts",
    "instagram_basic", "instagram_manage_comments",
)  # fmt: skip
TWO_MONTHS = 5_183_944
ENDS = 1_803_000_000


@dataclass
class Login:
    """Codes that can be used once, the rights that were given, and Pages they are limited to."""

    codes: dict[str, str] = field(default_factory=lambda: {"code-1": "verifier-1"})
    rights: list[str] = field(default_factory=lambda: list(RIGHTS))
    only_on: dict[str, list[str]] = field(default_factory=dict)
    lasts: int = TWO_MONTHS
    made: int = 0


def token(vendor: GraphVendor, said: Mapping[str, Any]) -> dict[str, Any]:
    """A code for a short token, or a token for a long one."""
    login = vendor.login
    if (said.get("client_id"), said.get("client_secret")) != ("4242", SECRET):
        raise GraphRefusal(400, 1, "Error validating client secret.")
    if said.get("grant_type") == "fb_exchange_token":
        if vendor.state.tokens.get(said["fb_exchange_token"]) != "":
            raise GraphRefusal(400, 190, "Error validating access token", error_subcode=460)
        return _made(vendor, "long", login.lasts)
    if said.get("redirect_uri") != CALLBACK:
        raise GraphRefusal(400, 100, "Error validating verification code.", error_subcode=36008)
    if login.codes.pop(said.get("code", ""), None) != said.get("code_verifier"):
        words = "This authorization code has been used."
        raise GraphRefusal(400, 100, words, error_subcode=36009)
    return _made(vendor, "short", 3600)


def _made(vendor: GraphVendor, kind: str, seconds: int) -> dict[str, Any]:
    vendor.login.made += 1
    made = f"{kind}-{vendor.login.made}"
    vendor.state.tokens[made] = ""
    return {"access_token": made, "token_type": "bearer", "expires_in": seconds}


def inspect(vendor: GraphVendor, asking: str, asked: str) -> dict[str, Any]:
    """debug_token, for the app itself alone."""
    if asking != f"4242|{SECRET}":
        raise GraphRefusal(400, 100, "(#100) You must provide an app access token")
    page = vendor.state.tokens.get(asked)
    if page is None:
        dead = {"code": 190, "message": "The session is invalid", "subcode": 460}
        return {"data": {"is_valid": False, "error": dead, "scopes": []}}
    login = vendor.login
    granular: list[dict[str, Any]] = [{"scope": right} for right in login.rights]
    granular += [{"scope": right, "target_ids": ids} for right, ids in login.only_on.items()]
    told = {"app_id": "4242", "is_valid": True, "scopes": login.rights, "expires_at": 0}
    told |= {"granular_scopes": granular, "data_access_expires_at": ENDS}
    return {"data": told | ({"type": "PAGE", "profile_id": page} if page else {"type": "USER"})}


def accounts(vendor: GraphVendor, asking: str, query: Mapping[str, str]) -> dict[str, Any]:
    """The Pages of a person, each with a token of its own."""
    wants_instagram = "instagram_business_account" in query["fields"]
    if wants_instagram and "instagram_basic" not in vendor.login.rights:
        raise GraphRefusal(403, 10, "(#10) Requires instagram_basic permission")
    nodes = vendor.state.nodes
    pages = [one for one in nodes.values() if one["kind"] == "page"]
    data = []
    for one in pages if vendor.state.tokens[asking] == "" else []:
        shown = {name: one[name] for name in ("id", "name", "link", "tasks")}
        shown["access_token"] = f"page-{one['id']}"
        if wants_instagram:
            account = nodes[one["account"]]
            shown["instagram_business_account"] = {
                name: account[name] for name in ("id", "username")
            }
        data.append(shown)
    start = int(query.get("after", "0"))
    page: dict[str, Any] = {"data": data[start : start + vendor.page_size]}
    after = start + vendor.page_size
    page["paging"] = {"cursors": {"after": str(after)}}
    if after < len(data):
        page["paging"]["next"] = "https://graph.facebook.com/next?access_token=x"
    return page
