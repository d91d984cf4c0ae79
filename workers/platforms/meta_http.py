"""Requests to Meta's Graph API: the version from settings, the token in a header, and a proof.

The proof is HMAC-SHA256 of the token under the app's secret; Meta calls it `appsecret_proof`.
"""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls, Reply, Unsent, lost
from workers.platforms.connector import Place
from workers.platforms.meta_errors import not_before

HOST = "https://graph.facebook.com"
# Ids of Meta's are digits, in pairs with a line between; a name of ours is no danger either.
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")


def appsecret_proof(secret: str, token: str) -> str:
    """Lower-case hex; the variant without a time, which a wrong clock cannot break."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def is_id(name: object) -> bool:
    """Whether it may stand in a path or between the brackets of a field."""
    return isinstance(name, str) and _PLAIN_ID.fullmatch(name) is not None


@dataclass
class Graph:
    """One token's way to the Graph API; `not_before` is when its headers want us again.

    Raises SourceTrouble as `meta_errors.judge` reads it.
    """

    calls: Calls
    app: Mapping[str, str]
    token: str
    not_before: datetime | None = None

    async def get(self, path: str, **params: Any) -> dict[str, Any]:
        """Read one object."""
        asked = self._proven(params)
        return self._noted(await self.calls.get(self.url(path), params=asked, headers=self._signed))

    async def write(self, method: str, path: str, **fields: Any) -> dict[str, Any]:
        """Change something, once; whatever leaves it open whether it was done is outcome_unknown.

        Meta's own “try again” (codes 1 and 2) comes after the effect as well as before it.
        """
        told: dict[str, Any] = {"json": fields} if fields and method == "POST" else {}
        told["params"] = self._proven(fields if method == "DELETE" else {})
        try:
            reply = await self.calls.write(method, self.url(path), headers=self._signed, **told)
        except Unsent:
            raise
        except SourceTrouble as trouble:
            if trouble.health == "transient":
                raise lost(trouble.detail) from None
            raise
        answer = self._noted(reply)
        if answer.get("success") is False:
            raise lost("Meta took it and says that it was not done.")
        return answer

    async def pages(
        self, path: str, first: Mapping[str, Any] | None = None, **params: Any
    ) -> AsyncIterator[Mapping[str, Any]]:
        """The pages of a list; `first` is one that came inside another answer.

        The end is where `paging.next` is missing. That address holds a token and is not used.
        """
        page: Mapping[str, Any] = await self.get(path, **params) if first is None else first
        while True:
            yield page
            paging = page.get("paging") or {}
            after = (paging.get("cursors") or {}).get("after")
            if not paging.get("next") or not after:
                return
            page = await self.get(path, **params, after=after)

    def url(self, path: str) -> str:
        """Where that is, in the version that the operator has set."""
        version = self.app.get("version")
        if not version:
            words = "The app at Meta is not set up. Set its id, secret and version."
            raise SourceTrouble("permission", words, permanent=True)
        return f"{HOST}/{version}/{path}"

    @property
    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _proven(self, params: Mapping[str, Any]) -> dict[str, Any]:
        secret = self.app.get("secret")
        proof = {"appsecret_proof": appsecret_proof(secret, self.token)} if secret else {}
        return dict(params) | proof

    def _noted(self, reply: Reply) -> dict[str, Any]:
        at = not_before(reply.headers, self.calls.now)
        self.not_before = max(filter(None, (self.not_before, at)), default=None)
        return reply.object


def own_id(place: Place, name: str) -> str:
    """The id that this place has at Meta; permission where nobody has chosen one yet."""
    found = str(place.ids.get(name, ""))
    if not is_id(found):
        raise SourceTrouble("permission", "Sign in and choose the Page first.", permanent=True)
    return found


def graph_of(calls: Calls, place: Place) -> Graph:
    """The way to one Page's things; auth_expired where the Page's own token is missing.

    With a person's token Meta answers with empty lists and no error, so it is never used here.
    """
    token = place.secrets.get("access_token")
    if not token:
        words = "The token of the Page is missing. Connect it again."
        raise SourceTrouble("auth_expired", words, permanent=True)
    return Graph(calls, place.app, token)
