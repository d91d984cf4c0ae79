"""Which addresses may be visited at all, judged by their text and by the IP they lead to.

    AddressRefused   we do not go there (ValueError)
    AnswerTooLarge   more bytes than the cap, packed or unpacked (ValueError)
    AnswerTooSlow    the whole exchange took too long (TimeoutError)
    Unreachable      no name, no connection, no certificate, broken off (ConnectionError)

Each message is a sentence for people; `health` is the word for the source's health.
"""

import ipaddress
import socket
from collections.abc import Collection
from typing import ClassVar

import httpx

MAX_URL_LENGTH = 2048
FREE_PORTS = range(1024, 65_536)
PORTS = {"http": 80, "https": 443}

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Named here as well because is_global lets some of them pass before Python 3.11.10.
NEVER_PUBLIC = tuple(
    ipaddress.ip_network(block)
    for block in (
        *("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
PUSH_HOSTS = frozenset(
    {"fcm.googleapis.com", "android.googleapis.com", "updates.push.services.mozilla.com"}
)
PUSH_FAMILIES = (".push.apple.com", ".notify.windows.com")


class AddressRefused(ValueError):
    health: ClassVar[str] = "policy_blocked"


class AnswerTooLarge(ValueError):
    health: ClassVar[str] = "bad_content"


class AnswerTooSlow(TimeoutError):
    health: ClassVar[str] = "transient"


class Unreachable(ConnectionError):
    health: ClassVar[str] = "transient"


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the open internet; every tunnel form is refused."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (ip.scope_id or ip not in GLOBAL_UNICAST):
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in NEVER_PUBLIC)


def check_address(url: str, allowed: Collection[str] = ()) -> None:
    """Refuse early what the text alone gives away; the defence is in the client.

    Raises AddressRefused with a sentence for the person who typed it.
    """
    host, port = destination(parsed(url))
    if is_allowed(host, port, allowed):
        return
    bare = host.rstrip(".")
    literal = _literal(bare)
    if (literal and not is_public(literal)) or bare == "localhost" or bare.endswith(".localhost"):
        raise AddressRefused(leads_inside(host))


def push_host_allowed(endpoint: str, extra: Collection[str] = ()) -> bool:
    """Tell whether a push endpoint lies at a known push service, or at an `extra` "host:port".

    Only entries of `extra` may use http or another port than 443.
    """
    try:
        url = parsed(endpoint)
        host, port = destination(url)
    except AddressRefused:
        return False
    if is_allowed(host, port, extra):
        return True
    known = host in PUSH_HOSTS or (host.endswith(PUSH_FAMILIES) and not host.startswith("."))
    return known and url.scheme == "https" and port == PORTS["https"]


def parsed(url: str) -> httpx.URL:
    """Read an address once, with the parser that will connect to it."""
    if len(url) > MAX_URL_LENGTH or any(sign <= " " or sign in "\\\x7f" for sign in url):
        raise AddressRefused("This is not a complete web address.")
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("This is not a complete web address.") from error


def destination(url: httpx.URL) -> tuple[str, int]:
    """Host and port of an address that has nothing odd in its text."""
    if url.scheme not in PORTS:
        raise AddressRefused("The address must begin with https:// or http://.")
    host = url.raw_host.decode("ascii").lower()
    if not host:
        raise AddressRefused("The address names no website.")
    if url.userinfo:
        raise AddressRefused("The address must not contain a name or password.")
    port = PORTS[url.scheme] if url.port is None else url.port
    if port not in PORTS.values() and port not in FREE_PORTS:
        raise AddressRefused(f"Port {port} is not used by websites.")
    return host, port


def is_allowed(host: str, port: int, allowed: Collection[str]) -> bool:
    """Tell whether the operator allowed exactly this host and port, private or not."""
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}" in {entry.strip().lower() for entry in allowed}


def leads_inside(host: str) -> str:
    return f"{host} leads into a private network. List it in NIGHTDESK_ALLOWED_ADDRESSES."


def _literal(host: str) -> str | None:
    """Read an IP address in any spelling a resolver takes: 127.1, 0x7f000001, 2130706433, ::1."""
    if ":" in host:
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, ValueError):
        return None
