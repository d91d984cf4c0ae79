"""Tells the chat and paging services that the operator named, through the library Apprise.

Apprise knows over 200 kinds of addresses, among them any host and any file: only services with
hosts of their own are allowed here, and only the operator may write such an address.
"""

import asyncio
import re
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field

import aiohttp

from workers.channels.plain import one_line, plain
from workers.channels.sent import Sent
from workers.channels.trouble import ChannelTrouble

ALLOWED = frozenset(
    {
        "discord",
        "gchat",
        "opsgenie",
        "pagerduty",
        "pbul",
        "prowl",
        "slack",
        "splunk",
        "tgram",
        "threema",
        "victorops",
        "webex",
        "wxteams",
    }
)
LONGEST_TITLE, LONGEST_BODY = 250, 2000
_AT_ONCE = threading.BoundedSemaphore(8)
_CALLS_EVERYBODY = re.compile(r"@(?=everyone|here|channel|all\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """One note to one target; `url` as Apprise writes it, `timeout` in seconds."""

    url: str = field(repr=False)
    title: str
    body: str
    timeout: float = 10.0


async def send(note: Note, _outside: aiohttp.ClientSession) -> Sent:
    """Hand it to the service; Apprise does not say why one was not taken, so that may pass.

    Apprise blocks, so it has a thread of its own. When time is up the thread is left alone: it
    ends with its socket, and it holds up neither the loop nor the end of the process.
    """
    if note.url.partition("://")[0].lower() not in ALLOWED:
        raise ChannelTrouble("This kind of target is not allowed.", permanent=True)
    if not _AT_ONCE.acquire(blocking=False):
        raise ChannelTrouble("Too many targets do not answer.")
    outcome: Future[bool | None] = Future()
    threading.Thread(target=_run, args=(note, outcome), daemon=True).start()
    try:
        async with asyncio.timeout(note.timeout):
            taken = await asyncio.wrap_future(outcome)
    except TimeoutError as error:
        raise ChannelTrouble("The target did not answer (TimeoutError).") from error
    if taken is None:
        raise ChannelTrouble("The address of this target is not complete.", permanent=True)
    if not taken:
        raise ChannelTrouble("The target did not take the message.")
    return Sent()


def _run(note: Note, outcome: "Future[bool | None]") -> None:
    """Whatever goes wrong in there is an answer: nobody waits for a thread that broke."""
    outcome.set_running_or_notify_cancel()
    taken: bool | None = False
    try:
        taken = _tell(note)
    finally:
        _AT_ONCE.release()
        outcome.set_result(taken)


def _tell(note: Note) -> bool | None:
    """None: Apprise cannot read the address. No redirect is followed, no certificate overlooked."""
    # Loading Apprise takes half a second, which only its users should pay.
    import apprise  # noqa: PLC0415

    asset = apprise.AppriseAsset(
        app_id="Nightdesk",
        app_desc="Nightdesk",
        async_mode=False,
        image_url_mask="",
        image_url_logo="",
        service_timeout=0,
    )
    target = apprise.Apprise.instantiate(note.url, asset=asset)
    if target is None:
        return None
    target.redirects, target.verify_certificate = False, True
    target.socket_connect_timeout = target.socket_read_timeout = note.timeout
    everyone = apprise.Apprise(asset=asset)
    everyone.add(target)
    return bool(
        everyone.notify(
            title=_harmless(one_line(note.title, LONGEST_TITLE)),
            body=_harmless(plain(note.body, LONGEST_BODY)),
            notify_type=apprise.NotifyType.FAILURE,
            body_format=apprise.NotifyFormat.TEXT,
        )
    )


def _harmless(text: str) -> str:
    """Nothing that a stranger wrote may call everybody in a channel."""
    return _CALLS_EVERYBODY.sub("@\u200b", text)
