"""Many clients of one source in the same minute: a fault there, until shown otherwise."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import col, select

from api.database import Reader
from api.models import Baseline, Client, Source
from api.settings import settings
from workers.rules.together import fault_of_source

# What happens in one minute at a host is met within one round of reading, with its jitter.
_ROUND = 1.2


async def host_of(session: Reader, source_ids: Sequence[UUID]) -> str:
    """The host that most of these reviews were read from; empty where they were sent to us.

    Who sends is not known to be one program for many clients, who is read from at one host is.
    """
    found = await session.exec(
        select(Source.id, Source.url).where(col(Source.id).in_(set(source_ids)))
    )
    hosts = {source_id: _host(url) for source_id, url in found}
    most = Counter(hosts[source_id] for source_id in source_ids).most_common(1)
    return most[0][0] if most else ""


def _host(url: str | None) -> str:
    return urlsplit(url or "").hostname or ""


async def doubt(session: Reader, client: Client, row: Baseline) -> dict[str, Any] | None:
    """How many clients woke by the same host within one round of reading, if that is a lot."""
    if client.practice or row.woke_at is None or not row.woke_by:
        return None
    nearby = settings.poll_every * _ROUND
    woken = await session.exec(
        select(Baseline.client_id).where(
            col(Baseline.woke_at) > row.woke_at - nearby,
            col(Baseline.woke_at) < row.woke_at + nearby,
            Baseline.woke_by == row.woke_by,
        )
    )
    count = len({client.id, *woken})
    if not fault_of_source(count, await _watched(session, row.woke_by)):
        return None
    return {"count": count, "source": row.woke_by}


async def _watched(session: Reader, host: str) -> int:
    found = await session.exec(
        select(Source.client_id, Source.url)
        .join(Client, col(Client.id) == Source.client_id)
        .where(
            col(Source.removed_at).is_(None),
            col(Client.archived_at).is_(None),
            col(Client.practice).is_(False),
        )
    )
    return len({client_id for client_id, url in found if _host(url) == host})
