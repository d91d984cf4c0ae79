"""Notification mails of platforms, read from a mailbox: the way in where no interface is open."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from api.items.item import Read
from workers.platforms.calls import Calls, status_trouble
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.given import entrusted, given
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages
from workers.platforms.mail_box import Fetched as Piece
from workers.platforms.mail_box import Line, Login, Mailbox, visit
from workers.platforms.mail_login import login_of
from workers.platforms.mail_read import arrived, letter_of, plain_item
from workers.platforms.mail_trust import server_of

__all__ = ["check", "fetch", "judge", "read"]

# So far back the first reading goes, and one after the mailbox was numbered anew.
HISTORY = timedelta(days=30)
# One reading looks at so many heads and takes so many octets; the next goes on from there.
HEADS, HEADS_AT_ONCE = 500, 20
BODIES_AT_ONCE = 10
MOST_OCTETS = 5_000_000
# Seconds. A reading that is given up keeps nothing: on a slow line it has to end by itself.
LONGEST = 8.0
# The words come first in a mail; what lies behind so many octets is pictures and small print.
HEAD, BODY = "BODY.PEEK[HEADER]<0.32768>", "BODY.PEEK[]<0.98304>"
REMEMBERED = 500
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KNOWN_SERVERS = {"imap.gmail.com": "mx.google.com"}
NO_HEARING = {"hear": "This mail server tells of no new e-mail. It is asked every few minutes."}
_ID = re.compile(rb"^message-id:\s*(<[^\r\n]{1,900}>)", re.IGNORECASE | re.MULTILINE)
judge = status_trouble


@dataclass
class _Haul:
    """What one visit brought: the cursor to go on from, and mails that were not met before."""

    validity: int
    uid: int
    seen: list[str]
    mails: list[dict[str, Any]] = field(default_factory=list)
    octets: int = 0
    can_idle: bool = True
    server: str = ""


async def fetch(calls: Calls, place: Place) -> Fetched:
    """The mails since the last reading, raw and for this place alone."""
    login, line = await login_of(calls, place), Line()
    try:
        haul = await asyncio.to_thread(_visited, login, line, place)
    finally:
        line.cut()
    cursor = {"uidvalidity": haul.validity, "uid": haul.uid, "seen": haul.seen[-REMEMBERED:]}
    probed = _probed(place, haul)
    told = probed if probed != place.probed else None
    if not haul.mails:
        return Fetched(None, "", cursor, probed=told)
    page = {"own_server": _own_server(place), "mails": haul.mails}
    return Fetched(as_body([page]), CONTENT_TYPE, cursor, probed=told)


def read(body: bytes, _: str, now: datetime) -> Read:
    """One item for every kept mail. CPU only."""
    return read_pages(body, now, _items)


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the folder opens, and whether the newest mail could be proven at all."""
    login, line = await login_of(calls, place), Line()
    try:
        server = await asyncio.to_thread(_newest_server, login, line)
    finally:
        line.cut()
    return Checked(ready_detail="" if _own_server(place) else _advice(server))


def _items(page: Any) -> Iterator[dict[str, Any]]:
    for kept in page["mails"]:
        yield plain_item(kept, page["own_server"])


def _visited(login: Login, line: Line, place: Place) -> _Haul:
    cursor, until = place.cursor, monotonic() + LONGEST
    with visit(login, line) as box:
        same = cursor.get("uidvalidity") == box.validity
        last = int(cursor.get("uid", 0)) if same else 0
        haul = _Haul(box.validity, last, list(cursor.get("seen", [])), can_idle=box.can_idle)
        for heads in _in_chunks(_waiting(box, last, place.now), HEADS_AT_ONCE):
            _take(box, heads, haul, place)
            if haul.octets > MOST_OCTETS or monotonic() > until:
                break
        return haul


def _waiting(box: Mailbox, last: int, now: datetime) -> list[int]:
    """The numbers to look at: all since the last one, or the newest of the last weeks."""
    if last:
        # `n:*` always names the newest mail as well, however old it is.
        return [uid for uid in box.uids(f"UID {last + 1}:*") if uid > last][:HEADS]
    return box.uids(f"SINCE {_day(now - HISTORY)}")[-HEADS:]


def _take(box: Mailbox, uids: Sequence[int], haul: _Haul, place: Place) -> None:
    heads = {one.uid: one for one in box.fetch(uids, HEAD)}
    known = set(haul.seen)
    new = [uid for uid, one in heads.items() if _is_for(place, one) and _key(one) not in known]
    for some in _in_chunks(new, BODIES_AT_ONCE):
        bodies = {one.uid: one for one in box.fetch(some, BODY)}
        for uid in some:
            whole = bodies.get(uid, heads[uid])
            haul.mails.append(_kept(whole, _key(heads[uid]), place.now))
            haul.octets += len(whole.octets)
            haul.seen.append(_key(heads[uid]))
            haul.server = _server(heads[uid])
    haul.uid = max(haul.uid, *uids)


def _is_for(place: Place, head: Piece) -> bool:
    """Sent to this client's own address, `reviews+name@…`; everything is where there is none."""
    plus = given(place, "plus").lower()
    return not plus or f"+{plus}@".encode() in head.octets.lower()


def _key(head: Piece) -> str:
    """One mail is one mail in whichever order and under whichever number it comes."""
    found = _ID.search(head.octets)
    return hashlib.sha256(found[1] if found else head.octets).hexdigest()[:32]


def _kept(one: Piece, key: str, now: datetime) -> dict[str, Any]:
    at = arrived(one.arrived, now)
    raw = base64.b64encode(one.octets).decode()
    return {"key": key, "at": at.isoformat() if at else None, "raw": raw}


def _newest_server(login: Login, line: Line) -> str:
    with visit(login, line) as box:
        newest = box.uids(f"UID {max(box.next_uid - 1, 1)}:*")[-1:]
        heads = list(box.fetch(newest, HEAD)) if newest else []
        return _server(heads[0]) if heads else ""


def _server(one: Piece) -> str:
    """Who wrote on top of a mail whether its signature is good."""
    return server_of(next(iter(letter_of(one.octets).proofs), ""))


def _probed(place: Place, haul: _Haul) -> dict[str, str]:
    """What is missing here: to be told of mail, and the name without which nothing is proven."""
    known = place.probed.get("proof")
    proof = known if known and not haul.server else _advice(haul.server)
    return (NO_HEARING if not haul.can_idle else {}) | (
        {} if _own_server(place) else {"proof": proof}
    )


def _advice(server: str) -> str:
    named = f" The newest e-mail names {server}: enter that if it is yours." if server else ""
    return f"Enter your mail server’s name, or no e-mail counts as proven.{named}"


def _own_server(place: Place) -> str:
    own = entrusted(place, "own_mx")
    return own or KNOWN_SERVERS.get(entrusted(place, "host").lower(), "")


def _day(at: datetime) -> str:
    """A date as RFC 3501 writes it, in English whatever the machine speaks."""
    return f"{at.day}-{MONTHS[at.month - 1]}-{at.year}"


def _in_chunks(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), size):
        yield uids[start : start + size]
