"""What a person entered for a mailbox, checked before anybody connects to it."""

import re

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls
from workers.platforms.connector import Place
from workers.platforms.given import entrusted, given, needed
from workers.platforms.mail_box import Login

PORT = 993
FREE_PORTS = range(1024, 65_536)
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


async def login_of(calls: Calls, place: Place) -> Login:
    """Name, password and checked address; SourceTrouble when something is missing or refused."""
    host = needed(entrusted(place, "host"), "The name of the mail server").lower()
    user = needed(entrusted(place, "user"), "The name to sign in with")
    password = needed(str(place.secrets.get("password") or ""), "The password")
    folder = given(place, "folder") or "INBOX"
    if not _HOST.fullmatch(host) or any(map(_CONTROL.search, (user, password, folder))):
        words = "Host, name, password or folder hold signs that are not allowed there."
        raise SourceTrouble("permission", words, permanent=True)
    port = _port(entrusted(place, "port"))
    address = await calls.where(host, port)
    return Login(host, address, port, user, password, folder, calls.trusted)


def _port(typed: str) -> int:
    port = int(typed) if re.fullmatch(r"[0-9]{1,5}", typed) else PORT if not typed else 0
    if port == PORT or port in FREE_PORTS:
        return port
    words = f"E-mail is read by TLS, on port {PORT}. This port is not for it."
    raise SourceTrouble("policy_blocked", words, permanent=True)
