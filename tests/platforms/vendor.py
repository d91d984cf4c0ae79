"""A vendor on 127.0.0.1 as a connector meets it: what people wrote there, and how it says no."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from aiohttp import web

from api.addresses import fetch, guarded_client
from tests.channels.provider import Provider
from tests.illnesses import Fault, Service
from workers.platforms.calls import Calls, Judge

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
FIRST = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Written:
    """One thing that somebody wrote; `more` overrides fields of the vendor's own shape."""

    name: str
    at: datetime
    stars: int = 1
    text: str = "Never again."
    author: str = "Kim T"
    edited_at: datetime | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def touched(self) -> datetime:
        return self.edited_at or self.at


class Vendor(Provider):
    """`async with`: what was `written`, newest first when listed; `hosts` are those it stands for.

    A connector is well served while nothing is wrong; the four faults are in the vendor's shape.
    `ids_are_text` says why no id comes as a number; where one may, `ids_as_numbers` makes it so.
    """

    hosts: tuple[str, ...] = ()
    page_size = 3
    ids_are_text = "This vendor writes its ids as text."
    ids_as_numbers = False

    def __init__(self) -> None:
        super().__init__(clock=lambda: NOW)
        self.written: list[Written] = []

    expired: Fault
    forbidden: Fault
    throttled: Fault
    broken: Fault

    def writes(self, name: str, **parts: Any) -> Written:
        """Somebody writes one more, a minute after the last."""
        at = parts.pop("at", FIRST + timedelta(minutes=len(self.written)))
        one = Written(name, at, **parts)
        self.written.append(one)
        return one

    def edits(self, name: str, **parts: Any) -> None:
        """Its author changes it, later than everything else."""
        [old] = [one for one in self.written if one.name == name]
        newest = max(one.touched for one in self.written)
        new = replace(old, edited_at=newest + timedelta(minutes=1), **parts)
        self.written[self.written.index(old)] = new

    def removes(self, name: str) -> None:
        """The vendor or its author takes it away."""
        self.written = [one for one in self.written if one.name != name]

    def id_of(self, one: Written) -> str | int:
        """The id as it is told: text, or a number of up to 64 bits."""
        return int(one.name) if self.ids_as_numbers else one.name

    def newest_first(self) -> list[Written]:
        return sorted(self.written, key=lambda one: one.touched, reverse=True)

    def page(self, start: int) -> tuple[list[Written], int | None]:
        """So many from `start` on, and where the next page begins."""
        listed = self.newest_first()
        after = start + self.page_size
        return listed[start:after], after if after < len(listed) else None


def told(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Fault:
    """Answer with this JSON: an error in the vendor's own shape."""

    async def fault(_: Service, __: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status, headers=headers)

    return fault


async def truncated(_: Service, __: web.Request) -> web.StreamResponse:
    """Half of an answer: a proxy gave up in the middle and said nothing of it."""
    return web.Response(text='{"data": [{"id": "1", "reviews": [', content_type="application/json")


@asynccontextmanager
async def calls_to(vendor: Vendor, judge: Judge, seconds: float = 8.0) -> AsyncIterator[Calls]:
    """The true way out, led to the stand-in; an answer that takes longer than `seconds` is late."""
    instead = dict.fromkeys(vendor.hosts, vendor.origin)
    async with guarded_client(instead=instead, timeout=seconds, total_seconds=seconds) as outside:
        yield Calls(outside, NOW, partial(fetch, outside, deadline=seconds), judge)
