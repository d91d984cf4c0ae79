"""What one reading of a mailbox costs, with nothing new and with fifty new e-mails."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from tests.bench.figures import Figure, Limit, Size, at, measured
from tests.platforms.imap_server import ImapServer
from tests.platforms.mailbox import a_mail, certificate, place_of, serving, way_to
from tests.platforms.vendor import NOW
from workers.platforms import mail
from workers.platforms.connector import Fetched, Place
from workers.platforms.mail_box import Line, Login, visit
from workers.platforms.mail_login import login_of

NEW = 50


async def figures(size: Size) -> AsyncIterator[Figure]:
    """Milliseconds of one reading, beside signing in and out."""
    idle: list[float] = []
    busy: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory(prefix="nd-") as folder:
        papers = certificate(Path(folder))
        async with ImapServer(serving(papers)) as server:
            place = place_of(server)
            for number in range(max(2, size.polls // 20)):
                for one in range(NEW):
                    server.put(a_mail(number * NEW + one))
                for found, least in ((busy, NEW), (idle, 0)):
                    with measured() as watch:
                        fetched, count = await _read(papers, place)
                    assert count >= least, f"the mailbox gave {count} of {least}"
                    found.append(watch.seconds)
                    place = replace(place, cursor=fetched.cursor)
                bare.append(await _bare(papers, place))
    limit = Limit("signing in to the mailbox and out again, p50", at(50, bare), "ms")
    yield Figure("mail, a reading with nothing new, p50", at(50, idle), "ms", limit)
    yield Figure(f"mail, a reading with {NEW} new, p50", at(50, busy), "ms", limit)


async def _read(papers: Path, place: Place) -> tuple[Fetched, int]:
    async with way_to(papers) as calls:
        fetched = await mail.fetch(calls, place)
    if fetched.body is None:
        return fetched, 0
    return fetched, len(mail.read(fetched.body, fetched.content_type, NOW).items)


async def _bare(papers: Path, place: Place) -> float:
    async with way_to(papers) as calls:
        login = await login_of(calls, place)
        with measured() as watch:
            await asyncio.to_thread(_in_and_out, login)
    return watch.seconds


def _in_and_out(login: Login) -> None:
    with visit(login, Line()):
        return
