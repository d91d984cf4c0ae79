"""The kinds of source, and how each turns a raw delivery into items."""

from datetime import datetime
from typing import Protocol

from api.items.item import Item, Problem, Read, SourceTrouble
from workers.platforms import feed, file_import, push, webhook

__all__ = ["PLATFORMS", "Item", "Platform", "Problem", "Read", "SourceTrouble"]


class Platform(Protocol):
    """One way in. `read` is CPU only, may take a second, and raises SourceTrouble alone."""

    def read(self, body: bytes, content_type: str, now: datetime) -> Read: ...


PLATFORMS: dict[str, Platform] = {
    "feed": feed,
    "webhook": webhook,
    "push": push,
    "file": file_import,
}
