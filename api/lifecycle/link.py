"""Private links to a client's page: 256 bits, kept as a hash, shown once, replaced at will."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.crypto import digest, new_token
from api.database import Reader, Writer
from api.errors import LinkReplaced
from api.models import Client, Link

# A replaced link opens a little longer, for the owner who is just about to tap it.
_GRACE = timedelta(minutes=10)


async def create(session: Writer, client_id: UUID, capability: str) -> tuple[Link, str]:
    """A link and its secret, which is never shown again."""
    token = new_token()
    link = Link(client_id=client_id, token_hash=digest(token), capability=capability)
    session.add(link)
    await session.flush()
    return link, token


async def rotate(session: Writer, link: Link, *, at_once: bool) -> tuple[Link, str]:
    """Another secret for the same purpose; the old one opens ten more minutes, or not at all."""
    await _end(session, link, now() if at_once else now() + _GRACE)
    return await create(session, link.client_id, link.capability)


async def revoke(session: Writer, link: Link) -> None:
    """This link opens nothing from now on."""
    await _end(session, link, now())


async def _end(session: Writer, link: Link, at: datetime) -> None:
    """An end never moves to a later moment: what was revoked stays closed."""
    at = min(at, link.revoked_at or at)
    await session.exec(update(Link).where(col(Link.id) == link.id).values(revoked_at=at))
    await session.refresh(link)


async def open_page(session: Reader, token: str) -> tuple[Link, Client]:
    """The client behind a secret. Dead, replaced and wrong links get the same words."""
    found = (
        await session.exec(
            select(Link, Client)
            .join(Client, col(Client.id) == col(Link.client_id))
            .where(Link.token_hash == digest(token), col(Client.archived_at).is_(None))
        )
    ).first()
    if found is None or _over(found[0]):
        raise LinkReplaced
    return found[0], found[1]


def _over(link: Link) -> bool:
    return any(end is not None and end <= now() for end in (link.revoked_at, link.expires_at))


async def opened(session: Writer, link_id: UUID) -> None:
    """Remember that it was looked at."""
    await session.exec(update(Link).where(col(Link.id) == link_id).values(last_opened_at=now()))
