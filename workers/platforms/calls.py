"""The way out to a vendor: one request, its answer as JSON, and every failure as one trouble.

Nothing here names an address with its query or a body in an error: tokens and people's words
would end in a log. Which hosts may be met is for the client to say that is handed in.
"""

import json
import math
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ssl import SSLContext
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from api.items.item import Health, SourceTrouble

LARGEST = 5 * 1024 * 1024
LONGEST_WAIT = timedelta(days=1)
SHORTEST_WAIT = timedelta(seconds=1)


class Answer(Protocol):
    """One page of the open web, wherever redirects led; only a permanent one sets `moved_to`."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def final_url(self) -> str: ...
    @property
    def moved_to(self) -> str | None: ...


class Get(Protocol):
    async def __call__(self, url: str, *, headers: Mapping[str, str]) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a vendor; `told` is its JSON, None where the body is something else.

    Header names are lower case.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    told: Any
    host: str

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def object(self) -> dict[str, Any]:
        """The JSON object that was told; empty when it was none."""
        return self.told if isinstance(self.told, dict) else {}


class Unsent(SourceTrouble):
    """The request never left: doing it again does nothing twice."""


def lost(detail: str) -> SourceTrouble:
    """Something was sent and nobody knows what became of it."""
    return SourceTrouble("outcome_unknown", f"{detail} It may have been done.")


@contextmanager
def agreed_shape() -> Iterator[None]:
    """An answer that is JSON and yet nothing that we know: said, and its source is blind.

    What was in it is in no message: it may be anybody's words.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        words = "The answer has another shape than agreed."
        raise SourceTrouble("bad_content", words) from None


def not_json(reply: Reply) -> SourceTrouble:
    """A login page, an error page or half an answer: no word about the reviews."""
    page = reply.body.lstrip()[:1] == b"<"
    what = "a web page" if page else "something that is broken or cut off"
    return SourceTrouble("transient", f"{reply.host} answered with {what}.")


def status_trouble(reply: Reply, now: datetime) -> SourceTrouble | None:
    """What the status alone tells, for vendors that mean it."""
    if reply.good:
        return None
    if reply.status in _WORDS:
        health, words, permanent = _WORDS[reply.status]
        at = retry_at(reply.headers.get("retry-after"), now)
        return SourceTrouble(health, f"{reply.host} {words}", retry_at=at, permanent=permanent)
    if reply.status >= 500:
        at = retry_at(reply.headers.get("retry-after"), now)
        words = f"{reply.host} has trouble of its own ({reply.status})."
        return SourceTrouble("transient", words, retry_at=at)
    return SourceTrouble("transient", f"{reply.host} answered {reply.status}.")


_WORDS: Mapping[int, tuple[Health, str, bool]] = {
    401: ("auth_expired", "does not know this sign-in any more. Connect it again.", True),
    403: ("permission", "does not allow this with the rights that we have.", True),
    404: ("gone", "does not have this any more.", True),
    410: ("gone", "has removed this for good.", True),
    429: ("rate_limited", "asks us to come less often.", False),
}


def retry_at(value: str | None, now: datetime) -> datetime | None:
    """Read Retry-After, seconds or a date (RFC 9110); between a second and a day from now."""
    text = (value or "").strip()
    if not text:
        return None
    try:
        wanted = now + timedelta(seconds=int(text)) if text.isdigit() else _http_date(text)
    except OverflowError:
        wanted = now + LONGEST_WAIT
    except (ValueError, TypeError, IndexError):
        return None
    return within_a_day(wanted, now)


def within_a_day(wanted: datetime, now: datetime) -> datetime:
    """A pause that a vendor asks for is kept, for a day at most: more would be a mistake."""
    return min(max(wanted, now + SHORTEST_WAIT), now + LONGEST_WAIT)


def _http_date(text: str) -> datetime:
    at = parsedate_to_datetime(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


Judge = Callable[[Reply, datetime], SourceTrouble | None]
Resolve = Callable[[str, int], Awaitable[str]]


async def nowhere(host: str, _: int) -> str:
    """The way to hosts that speak no HTTP, where nobody has opened one."""
    raise SourceTrouble("policy_blocked", f"{host} may not be reached from here.", permanent=True)


@dataclass
class Calls:
    """Requests on behalf of one source. `spent` counts them, for budgets.

    `judge` is the vendor's own reading of an answer: the trouble that it tells of, or None.
    `page` reads an address of the open web and follows its redirects, each of them guarded.
    `resolve` gives the one checked IP of a host and port for what speaks no HTTP; `trusted` are
    the authorities that its certificate has to come from, None the system's.
    """

    client: httpx.AsyncClient
    now: datetime
    page: Get
    judge: Judge = status_trouble
    spent: int = 0
    resolve: Resolve = nowhere
    trusted: SSLContext | None = None

    async def get(self, url: str, *, largest: int = LARGEST, **parts: Any) -> Reply:
        """Read something; raises SourceTrouble for whatever is no good answer of the vendor."""
        return self._judged(await self._ask("GET", url, largest, parts))

    async def ask(self, method: str, url: str, *, largest: int = LARGEST, **parts: Any) -> Reply:
        """The same with another method, where asking changes nothing (a token, a pull)."""
        return self._judged(await self._ask(method, url, largest, parts))

    async def write(self, method: str, url: str, **parts: Any) -> Reply:
        """Change something, once. A lost answer raises outcome_unknown: read back, never repeat."""
        try:
            reply = await self._ask(method, url, LARGEST, parts)
        except Unsent:
            raise
        except SourceTrouble as trouble:
            if trouble.health == "policy_blocked":
                raise
            raise lost(trouble.detail) from None
        if reply.status >= 500 or (reply.good and reply.body.strip() and reply.told is None):
            raise lost(f"{reply.host} took it and answered {reply.status}.")
        return self._judged(reply)

    async def where(self, host: str, port: int) -> str:
        """The IP to connect to, checked; raises SourceTrouble where it may not be, or is none."""
        try:
            return await self.resolve(host, port)
        except (ValueError, OSError) as error:
            raise outside(error) from None

    async def _ask(self, method: str, url: str, largest: int, parts: dict[str, Any]) -> Reply:
        host = urlsplit(url).hostname or "the address"
        self.spent += 1
        try:
            async with self.client.stream(method, url, follow_redirects=False, **parts) as answer:
                body = bytearray()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > largest:
                        raise SourceTrouble("bad_content", f"{host} answered without end.")
        except httpx.InvalidURL:
            words = "The id of this place is none that a platform gives."
            raise SourceTrouble("gone", words, permanent=True) from None
        except httpx.ConnectError:
            raise Unsent("transient", f"{host} could not be reached.") from None
        except httpx.TimeoutException:
            raise SourceTrouble("transient", f"{host} did not answer in time.") from None
        except httpx.HTTPError:
            raise SourceTrouble("transient", f"{host} broke off.") from None
        except (ValueError, OSError) as error:
            raise outside(error) from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status_code, headers, bytes(body), _json(bytes(body)), host)

    def _judged(self, reply: Reply) -> Reply:
        trouble = self.judge(reply, self.now)
        if trouble is not None:
            raise trouble
        if reply.good and reply.body.strip() and reply.told is None:
            raise not_json(reply)
        return reply


def outside(error: ValueError | OSError) -> SourceTrouble:
    """The guarded way out names the health itself; anything else passes with time."""
    health: Health = getattr(error, "health", "transient")
    return SourceTrouble(health, str(error), permanent=health == "policy_blocked")


def _json(body: bytes) -> Any:
    """What the body says; None for what is no JSON, and NaN and infinity are none (RFC 8259)."""
    try:
        if not body.strip():
            return None
        return json.loads(body, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError):
        return None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
