"""Of everything that a sign-in could see, only what was chosen is kept: the rest is others’."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer
from api.lifecycle import account as accounts
from api.lifecycle.watching import MARK
from api.models import Account, Connection, Source

# Long enough to come back for a second place, short for tokens of other businesses.
_CHOOSING = timedelta(hours=1)


async def forget_the_rest(session: Writer) -> None:
    """An hour after a sign-in the tokens of single places that nobody reads are dropped."""
    found = await session.exec(
        select(Connection).where(
            Connection.state == "connected", col(Connection.created_at) < now() - _CHOOSING
        )
    )
    for connection in [one for one in found if one.choices]:
        connection.choices = []
        session.add(connection)
        if connection.account_id:
            await _keep_chosen(session, connection.account_id)


async def _keep_chosen(session: Writer, account_id: UUID) -> None:
    account = await session.get_one(Account, account_id, with_for_update={"key_share": True})
    if account.removed_at is not None:
        return
    secrets, read = accounts.secrets_of(account), await _read(session, account_id)
    places = secrets.get("places", {})
    chosen = {name: own for name, own in places.items() if name in read}
    if chosen != places:
        accounts.put(account, secrets | {"places": chosen})
        session.add(account)


async def _read(session: Reader, account_id: UUID) -> set[str]:
    found = await session.exec(select(Source).where(Source.account_id == account_id))
    return {str(one.place.get(MARK)) for one in found if one.removed_at is None}
