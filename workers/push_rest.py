"""Respects a push service that asked to be left alone: its host waits, the others do not.

Each process remembers this for itself and forgets it at its end: the price is one question more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlsplit

from api.clock import now
from workers.channels.trouble import ChannelTrouble
from workers.channels.webpush import Push

_until: dict[str, datetime] = {}


@contextmanager
def respecting(order: object) -> Iterator[None]:
    """Refuse while the host of this push rests; remember its wish when it says so now."""
    host = urlsplit(order.endpoint).netloc if isinstance(order, Push) else ""
    rests_until = _until.get(host)
    if rests_until and rests_until > now():
        raise ChannelTrouble("The push service asked for a pause.", retry_after=rests_until - now())
    try:
        yield
    except ChannelTrouble as trouble:
        if host and trouble.retry_after:
            _until[host] = now() + trouble.retry_after
        raise
    _until.pop(host, None)


def forget() -> None:
    """Every host may be asked again."""
    _until.clear()
