"""The name of a server that a person entered, however it was pasted."""

import re

from api.items.item import SourceTrouble
from workers.platforms.connector import Place
from workers.platforms.given import entrusted

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")


def host(place: Place, default: str = "") -> str:
    """The bare name of the place's server, lower case.

    The account's comes first: its secrets must not go to a server that only a link has named.
    Raises SourceTrouble gone when it is no name of a server.
    """
    text = (entrusted(place, "host") or default).lower()
    name = text.removeprefix("https://").partition("/")[0].rpartition("@")[2]
    if not _HOST.fullmatch(name):
        detail = "This is no name of a server. Enter one like social.example."
        raise SourceTrouble("gone", detail, permanent=True)
    return name
