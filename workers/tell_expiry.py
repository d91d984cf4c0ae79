"""The end of a sign-in is told a week ahead, by day, to somebody who can renew it."""

from datetime import timedelta
from math import ceil
from uuid import UUID

from sqlmodel import col, select

from api import words
from api.clock import now
from api.database import Reader, Writer, transaction
from api.ids import encode
from api.lifecycle import account as lifecycle
from api.lifecycle import warning
from api.lifecycle.plan import ladder
from api.models import Account, Client, Source


async def due(session: Reader) -> list[UUID]:
    """The accounts whose sign-in ends soon and was not told of."""
    return await lifecycle.to_tell(session)


async def tell_expiry(account_id: UUID) -> None:
    """Tell the first person who can be reached; what nothing is read with any more is no news."""
    async with transaction() as session:
        account = await lifecycle.told(session, account_id)
        if account is None or not await _is_used(session, account):
            return
        lifecycle.expiring(session, account)
        if not await _tell_somebody(session, account):
            await lifecycle.tell_again(session, account.id)


async def _is_used(session: Reader, account: Account) -> bool:
    found = await session.exec(
        select(Source.id).where(Source.account_id == account.id, col(Source.removed_at).is_(None))
    )
    return found.first() is not None


async def _tell_somebody(session: Writer, account: Account) -> bool:
    client = await session.get_one(Client, account.client_id)
    days = ceil(((account.ends_at or now()) - now()) / timedelta(days=1))
    title, body = words.account_expiring(client.name, account.name, days)
    facts = {"title": title, "body": body, "path": f"/clients/{encode('cli', client.id)}"}
    for user in await ladder(session, practice=client.practice):
        key = f"expiry:{account.id}:{now().isoformat()}"
        if await warning.warn(session, user, "expiry", key=key, line=f"{title}.", facts=facts):
            return True
    return False
