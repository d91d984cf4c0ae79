"""Renews the sign-ins of accounts before they end."""

from datetime import timedelta
from uuid import UUID

from api.apps import app
from api.clock import now
from api.database import Reader, transaction
from api.items.item import SourceTrouble
from api.lifecycle import account as lifecycle
from api.models import Account
from api.platforms import CATALOGUE
from workers.places import calls
from workers.platforms import GRANTERS
from workers.platforms.calls import agreed_shape, status_trouble
from workers.platforms.connector import Granted

_AGAIN = timedelta(minutes=1)


async def due(session: Reader) -> list[UUID]:
    """The accounts whose token ends soon."""
    return await lifecycle.to_renew(session)


async def renew(account_id: UUID) -> bool:
    """Renew one account: claim, ask, keep. Whether there is a newer token."""
    async with transaction() as session:
        account = await lifecycle.claim_renewal(session, account_id)
    if account is None:
        return False
    try:
        granted = await _ask(account)
    except SourceTrouble as trouble:
        await _note_trouble(account, trouble)
        return False
    async with transaction() as session:
        await lifecycle.renewed(
            session, account.id, granted.secrets,
            expires_at=granted.expires_at, ends_at=granted.ends_at,
        )  # fmt: skip
    return True


async def do(account_id: UUID) -> None:
    """The duty: the sources that use the account tell of it when it fails."""
    await renew(account_id)


async def _ask(account: Account) -> Granted:
    family = CATALOGUE[account.platform].family
    if family not in GRANTERS:
        raise SourceTrouble("auth_expired", "This key is not taken any more. Enter a new one.")
    async with calls(status_trouble) as out:
        secrets = lifecycle.secrets_of(account)
        with agreed_shape():
            return await GRANTERS[family].renew(out, app(family), secrets, now())


async def _note_trouble(account: Account, trouble: SourceTrouble) -> None:
    for_a_person = trouble.health in ("auth_expired", "permission")
    again = None if for_a_person else trouble.retry_at or now() + _AGAIN
    async with transaction() as session:
        await lifecycle.not_renewed(session, account, trouble.detail, again)
