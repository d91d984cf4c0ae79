"""Fetching from the open internet: resolve, check every answer, connect to what was checked."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from ssl import SSLContext

import httpx

from api.addresses.capped import capped, too_large, too_slow
from api.addresses.instead import Instead, hosts_of
from api.addresses.rules import (
    AddressRefused,
    AnswerTooLarge,
    AnswerTooSlow,
    Unreachable,
    destination,
    is_allowed,
    is_public,
    leads_inside,
    parsed,
)

MAX_BYTES = 5_000_000
TOTAL_SECONDS = 20.0
MAX_REDIRECTS = 5
TRIED_ADDRESSES = 4
PERMANENT_REDIRECTS = frozenset({301, 308})
REDIRECTS = PERMANENT_REDIRECTS | {302, 303, 307}
CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})

Resolver = Callable[[str, int], Awaitable[Collection[str]]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer. Header names are lower case; only permanent redirects set `moved_to`."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    final_url: str
    moved_to: str | None = None


async def resolve(host: str, port: int) -> Collection[str]:
    """Ask the system's resolver, in a thread, for every address of a name."""
    loop = asyncio.get_running_loop()
    answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def guarded_client(
    *,
    allowed: Collection[str] = (),
    timeout: float = 10.0,
    max_bytes: int = MAX_BYTES,
    total_seconds: float = TOTAL_SECONDS,
    resolver: Resolver = resolve,
    verify: SSLContext | bool = True,
    instead: Mapping[str, str] | None = None,
) -> httpx.AsyncClient:
    """Build a client that reaches public addresses and the `allowed` "host:port" entries only.

    `timeout` is seconds of silence; `total_seconds` caps one exchange and `max_bytes` one
    answer, packed and unpacked. `instead` leads a host to another origin, which is allowed by
    that. Redirects are not followed: `fetch` does that. Besides httpx
    errors it raises AddressRefused, AnswerTooLarge, AnswerTooSlow and Unreachable.
    """
    origins = instead or {}
    may = frozenset(allowed) | hosts_of(origins)
    guard = _Guard(may, resolver, (max_bytes, total_seconds), verify=verify)
    way = Instead(guard, origins) if origins else guard
    return httpx.AsyncClient(transport=way, timeout=timeout, trust_env=False)


async def fetch(
    client: httpx.AsyncClient,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
    deadline: float = TOTAL_SECONDS,
) -> Fetched:
    """GET an address and follow at most five redirects, each checked like the first.

    `deadline` is in seconds and covers all hops. Raises AddressRefused, AnswerTooLarge,
    AnswerTooSlow or Unreachable, each with a sentence for people.
    """
    try:
        async with asyncio.timeout(deadline):
            return await _follow(client, url, dict(headers or {}), max_bytes)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise AnswerTooSlow(too_slow()) from error
    except httpx.HTTPError as error:
        raise Unreachable("The address could not be reached.") from error


async def _follow(
    client: httpx.AsyncClient, url: str, headers: dict[str, str], max_bytes: int
) -> Fetched:
    moved_to: str | None = None
    only_permanent = True
    for _ in range(MAX_REDIRECTS + 1):
        answer = await _get(client, url, headers, max_bytes)
        target = _target(answer)
        if target is None:
            return replace(answer, moved_to=moved_to)
        only_permanent = only_permanent and answer.status in PERMANENT_REDIRECTS
        moved_to = target if only_permanent else moved_to
        headers = _for_next_hop(headers, url, target)
        url = target
    raise AddressRefused(f"The address sends us on more than {MAX_REDIRECTS} times.")


async def _get(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], max_bytes: int
) -> Fetched:
    address = parsed(url)
    destination(address)
    body = bytearray()
    async with client.stream("GET", address, headers=headers, follow_redirects=False) as answer:
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > max_bytes:
                raise AnswerTooLarge(too_large(max_bytes))
        plain = {name.lower(): value for name, value in answer.headers.items()}
        return Fetched(answer.status_code, plain, bytes(body), str(answer.url))


def _target(answer: Fetched) -> str | None:
    location = answer.headers.get("location")
    if answer.status not in REDIRECTS or not location:
        return None
    try:
        return str(httpx.URL(answer.final_url).join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("The address sends us to something that is no address.") from error


def _for_next_hop(headers: dict[str, str], url: str, target: str) -> dict[str, str]:
    if destination(parsed(url)) == destination(parsed(target)):
        return headers
    return {name: value for name, value in headers.items() if name.lower() not in CREDENTIALS}


class _Guard(httpx.AsyncBaseTransport):
    """Connects to the IP it has just checked, so a name that changes its mind gains nothing.

    Connections are not kept: one that was verified for a name must not serve another name
    at the same IP.
    """

    def __init__(
        self,
        allowed: Collection[str],
        resolver: Resolver,
        caps: tuple[int, float],
        *,
        verify: SSLContext | bool,
    ) -> None:
        self._allowed, self._resolver = allowed, resolver
        self._max_bytes, self._total_seconds = caps
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(verify=verify, trust_env=False, limits=limits)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        deadline = asyncio.get_running_loop().time() + self._total_seconds
        try:
            async with asyncio.timeout_at(deadline):
                answer = await self._send(request)
        except TimeoutError as error:
            raise AnswerTooSlow(too_slow()) from error
        return capped(answer, self._max_bytes, deadline)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        host, port = destination(request.url)
        failure: httpx.TransportError | None = None
        for address in (await self._addresses(host, port))[:TRIED_ADDRESSES]:
            try:
                return await self._inner.handle_async_request(_aimed(request, host, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise Unreachable(f"{host} could not be reached.") from failure

    async def _addresses(self, host: str, port: int) -> list[str]:
        return await checked(host, port, self._allowed, self._resolver)


async def checked(
    host: str, port: int, allowed: Collection[str], resolver: Resolver = resolve
) -> list[str]:
    """Every address of a host, once all of them are public or it is allowed by name.

    Connect to one of these and to nothing else: the name may change its mind meanwhile.
    """
    try:
        addresses = list(await resolver(host, port))
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"No website is known as {host}.") from error
    if not is_allowed(host, port, allowed) and not all(map(is_public, addresses)):
        raise AddressRefused(leads_inside(host))
    return addresses


def _aimed(request: httpx.Request, host: str, address: str) -> httpx.Request:
    """The same request to a fixed IP; the Host header and the TLS name stay the person's."""
    headers = request.headers.copy()
    headers["accept-encoding"] = "gzip"
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": host.rstrip(".")},
    )
