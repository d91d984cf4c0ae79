"""Respects a push service that asked to be left alone, and never leaves everybody asleep for it.

The phone that it spoke of rests for as long as it asked, the other phones of its host for a minute
at most: services limit single phones too, and an alarm has to ask again. Each process remembers
this for itself and forgets it at its end: the price is one question more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from api.clock import now
from workers.channels.trouble import ChannelTrouble
from workers.channels.webpush import Push

# One round of the ladder: each may ask once.
LONGEST_REST = timedelta(minutes=5)
_OF_THE_OTHERS = timedelta(minutes=1)
_until: dict[str, datetime] = {}


@contextmanager
def respecting(order: object) -> Iterator[None]:
    """Refuse while this phone or its host rests; remember the wish when it is said now."""
    places = _places(order)
    wait = max((_until.get(place, now()) for place in places), default=now()) - now()
    if wait > timedelta():
        raise ChannelTrouble("The push service asked for a pause.", retry_after=wait)
    try:
        yield
    except ChannelTrouble as trouble:
        for place, longest in places.items():
            if trouble.retry_after:
                _until[place] = now() + min(trouble.retry_after, longest)
        raise
    for place in places:
        _until.pop(place, None)


def _places(order: object) -> dict[str, timedelta]:
    """The phone and its host, each with its longest rest."""
    if not isinstance(order, Push):
        return {}
    return {order.endpoint: LONGEST_REST, urlsplit(order.endpoint).netloc: _OF_THE_OTHERS}


def forget() -> None:
    """Everybody may be asked again."""
    _until.clear()
