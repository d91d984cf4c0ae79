"""Meta's Graph API as its documentation has it: Pages and Instagram, signing in, and refusals."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

from aiohttp import web

from tests.platforms import graph_deeds, graph_lists, graph_login
from tests.platforms.graph_fields import GraphRefusal, refusal
from tests.platforms.graph_state import ACCOUNT, PAGE, GraphState
from tests.platforms.vendor import Vendor, told

APP = {"id": "4242", "secret": "app_secret_1", "version": "v26.0"}
BUSY = {
    "X-Business-Use-Case-Usage": json.dumps(
        {PAGE: [{"type": "pages", "call_count": 104, "estimated_time_to_regain_access": 7}]}
    )
}


def error(code: int, message: str, **more: object) -> dict[str, Any]:
    return {"error": refusal(code, message, **more)}


class GraphVendor(Vendor):
    """One Graph with one Page and its Instagram account; `state` is all that stands there.

    What is `written` goes to the list `stream`. `retired` lists answer #12. `usage` is told with
    every answer, in percent. A person's token is `person`, the Page's `page-1029384756`.
    """

    hosts = ("graph.facebook.com",)
    expired = staticmethod(told(400, error(190, "Error validating access token: Session has "
                                                "expired", error_subcode=463)))  # fmt: skip
    forbidden = staticmethod(told(403, error(283, "(#283) Requires pages_read_user_content "
                                                  "permission to manage the object")))  # fmt: skip
    throttled = staticmethod(told(400, error(32, "(#32) Page request limit reached"), BUSY))
    broken = staticmethod(told(500, error(2, "Service temporarily unavailable",
                                          is_transient=True)))  # fmt: skip

    def __init__(self, stream: str = "ratings") -> None:
        super().__init__()
        self.stream = stream
        # Of stories alone have ids been seen as numbers.
        self.ids_are_text = "" if stream == "ratings" else super().ids_are_text
        self.state = GraphState()
        self.state.page(PAGE, account=ACCOUNT)
        self.state.tokens["person"] = ""
        self.retired: set[str] = set()
        self.usage = 9
        self.login = graph_login.Login()

    def build(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/{version}/{path:.*}", self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        usage = {"call_count": self.usage, "total_time": 4, "total_cputime": 3}
        headers = {"X-App-Usage": json.dumps(usage), "facebook-api-version": APP["version"]}
        try:
            body = await self._graph(request)
        except GraphRefusal as refused:
            return web.json_response(refused.body, status=refused.status, headers=headers)
        return web.json_response(body, headers=headers)

    async def _graph(self, request: web.Request) -> dict[str, Any]:
        path = request.match_info["path"]
        if not re.fullmatch(r"v\d+\.0", request.match_info["version"]):
            raise GraphRefusal(400, 2500, "Unknown path components")
        if path == "oauth/access_token":
            return graph_login.token(self, await _said(request))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        _prove(token, request.query.get("appsecret_proof", ""))
        if path == "debug_token":
            return graph_login.inspect(self, token, request.query["input_token"])
        if token not in self.state.tokens:
            raise GraphRefusal(400, 190, "Invalid OAuth access token.", error_subcode=463)
        if path == "me/accounts":
            return graph_login.accounts(self, token, request.query)
        if request.method != "GET":
            said = {**request.query} | await _said(request)
            return graph_deeds.write(self.state, request.method, path, said)
        return self._read(path, dict(request.query), of_page=self.state.tokens[token] != "")

    def _read(self, path: str, query: dict[str, str], *, of_page: bool) -> dict[str, Any]:
        name, _, edge = path.partition("/")
        if not edge:
            return graph_lists.node(self, name, query, of_page=of_page)
        owner = self.state.find(name)
        if edge == "settings":
            settings = owner["settings"].items()
            return {"data": [{"setting": word, "value": value} for word, value in settings]}
        if edge == "blocked":
            blocked = self.state.blocked.get(name, set()) & {query.get("user", "")}
            return {"data": [{"id": one, "name": "Sam"} for one in blocked]}
        return graph_lists.listed(self, owner, edge, query, of_page=of_page)


def _prove(token: str, proof: str) -> None:
    """“Require app secret” is switched on."""
    wanted = hmac.new(APP["secret"].encode(), token.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, proof):
        words = "Invalid appsecret_proof provided in the API argument"
        raise GraphRefusal(400, 100, words)


async def _said(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(json.loads(await request.read()))
    return dict(await request.post())
