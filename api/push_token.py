"""The token that Google's Pub/Sub sends with each push: an OpenID Connect token, signed RS256.

It holds when one of Google's published keys signed it (RFC 7515, 7517), for our audience, by our
account, and not long ago (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions).
"""

import asyncio
import json
import re
from datetime import datetime, timedelta
from functools import cache

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from api.addresses import fetch, guarded_client
from api.clock import now
from api.settings import settings
from api.signatures import BadSignature

CERTS = "https://www.googleapis.com/oauth2/v3/certs"
ISSUERS = ["https://accounts.google.com", "accounts.google.com"]
_LEEWAY_SECONDS = 60
_LONGEST_TOKEN = 8192
# An unknown key is asked for, but not more often than this: anybody can name one.
_ASK_AGAIN = timedelta(minutes=1)
_AT_LEAST, _AT_MOST = timedelta(minutes=5), timedelta(days=1)
_PATIENCE_SECONDS = 5.0


class UnknownKey(BadSignature):
    """Signed with a key that we have not seen: Google changes them every few days."""


async def verify(token: str, *, audience: str, account: str) -> None:
    """Whether Google sent this, for us; BadSignature when not, or when nobody can tell."""
    if not (audience and account):
        raise BadSignature("not-set-up", "No push of Google is set up here.")
    try:
        check(token, await ring().keys(), now(), audience=audience, account=account)
    except UnknownKey:
        check(token, await ring().newer(), now(), audience=audience, account=account)


def check(token: str, keys: KeySet, at: datetime, *, audience: str, account: str) -> None:
    """The same with the keys in hand."""
    claims = JWTClaimsRegistry(
        now=int(at.timestamp()), leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "values": ISSUERS}, aud={"essential": True, "value": audience},
        email={"essential": True, "value": account},
        email_verified={"essential": True, "value": True},
        exp={"essential": True}, iat={"essential": True},
    )  # fmt: skip
    if len(token) > _LONGEST_TOKEN:
        raise BadSignature("no-match", "This token is too long.")
    try:
        claims.validate(jwt.decode(token, keys, algorithms=["RS256"]).claims)
    except InvalidKeyIdError as error:
        raise UnknownKey("no-match", "This token was signed with an unknown key.") from error
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise BadSignature("no-match", "This token does not hold.") from error


class Ring:
    """Google's keys, kept for as long as it says; old ones serve on while it cannot be reached."""

    def __init__(self) -> None:
        self._keys: KeySet | None = None
        self._asked_at = self._good_until = datetime.min.replace(tzinfo=now().tzinfo)
        self._asking = asyncio.Lock()

    async def keys(self) -> KeySet:
        """The keys that we have, asked for anew when their time is over."""
        if self._keys is None or self._good_until <= now():
            return await self.newer()
        return self._keys

    async def newer(self) -> KeySet:
        """What Google publishes now, asked for once a minute at most."""
        async with self._asking:
            if self._asked_at + _ASK_AGAIN <= now():
                self._asked_at = now()
                await self._ask()
        if self._keys is None:
            raise BadSignature("no-keys", "Google’s keys cannot be read now.")
        return self._keys

    async def _ask(self) -> None:
        try:
            async with guarded_client(
                allowed=settings.allowed_addresses, instead=settings.vendor_addresses
            ) as outside:
                answer = await fetch(outside, CERTS, deadline=_PATIENCE_SECONDS)
            if answer.status == 200:
                self._keys = KeySet.import_key_set(json.loads(answer.body))
                self._good_until = now() + _lasts(answer.headers.get("cache-control", ""))
        except (OSError, ValueError, KeyError, TypeError, JoseError):
            # Whoever asked is told by `newer`, or served with the keys from before.
            return


@cache
def ring() -> Ring:
    """The keys of this process."""
    return Ring()


def _lasts(cache_control: str) -> timedelta:
    found = re.search(r"max-age=(\d{1,9})", cache_control)
    return min(max(timedelta(seconds=int(found[1]) if found else 0), _AT_LEAST), _AT_MOST)
