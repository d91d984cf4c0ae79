"""Accounts at platforms: what a client let us use, sealed to the client, renewed and counted."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select, update

from api.clock import now
from api.crypto import seal, unseal
from api.database import Reader, Writer, emit
from api.ids import encode, new_id
from api.lifecycle.source import LOOKED_AFTER
from api.models import Account, Source
from api.settings import settings

# So that no reading meets the end of a token, and a long one may fail to be renewed for days.
RENEW_BEFORE = timedelta(minutes=6)
_RENEWING = timedelta(minutes=1)


def row(account: Account) -> str:
    """What the secrets are bound to: a sealed value opens for this client and this row alone."""
    return f"account:{account.client_id}:{account.id}"


def secrets_of(account: Account) -> dict[str, Any]:
    """The secrets as they were given. Never log, return or store them elsewhere."""
    found: dict[str, Any] = json.loads(unseal(account.sealed, row=row(account)))
    return found


async def add(
    session: Writer, client_id: UUID, platform: str, name: str, secrets: Mapping[str, Any],
    *, external_id: str = "", **times: Any,
) -> Account:  # fmt: skip
    """Keep what a client gave; `times` are scopes, expires_at and ends_at."""
    account = Account(
        id=new_id(), client_id=client_id, platform=platform, name=name,
        external_id=external_id, sealed=b"", **times,
    )  # fmt: skip
    account.sealed = _sealed(account, secrets)
    account.renew_at = _renew_at(account.expires_at)
    account.tell_at = _tell_at(account.ends_at)
    session.add(account)
    await session.flush()
    return account


async def enter(
    session: Writer, client_id: UUID, platform: str, name: str, secrets: Mapping[str, Any]
) -> Account:
    """Keep a key or a mailbox that a person entered."""
    account = await add(session, client_id, platform, name, secrets)
    facts = {"id": encode("acc", account.id), "object": "account", "platform": platform}
    emit(session, "account.connected", client_id=client_id, object=facts)
    return account


def put(account: Account, secrets: Mapping[str, Any]) -> None:
    """Other secrets for the same account."""
    account.sealed, account.version = _sealed(account, secrets), account.version + 1


async def renewed(
    session: Writer, account_id: UUID, secrets: Mapping[str, Any],
    *, expires_at: datetime | None, ends_at: datetime | None,
) -> None:  # fmt: skip
    """Newer secrets take the place of the old ones; what they do not name stays."""
    held = await session.exec(select(Account).where(Account.id == account_id).with_for_update())
    account = held.one()
    if account.removed_at is not None:
        return
    put(account, secrets_of(account) | dict(secrets))
    # The same end was told of before, or will be.
    if ends_at and ends_at != account.ends_at:
        account.ends_at, account.tell_at = ends_at, _tell_at(ends_at)
    account.expires_at, account.renew_at = expires_at, _renew_at(expires_at)
    account.detail = ""
    session.add(account)


async def not_renewed(session: Writer, account: Account, detail: str, at: datetime | None) -> None:
    """It could not be renewed; tried again at that moment, or never when a person has to act."""
    await session.exec(
        update(Account).where(col(Account.id) == account.id).values(detail=detail, renew_at=at)
    )


async def to_renew(session: Reader) -> list[UUID]:
    """The accounts whose token ends soon."""
    found = await session.exec(
        select(Account.id).where(
            col(Account.renew_at) <= now(),
            col(Account.removed_at).is_(None),
            col(Account.client_id).in_(LOOKED_AFTER),
        )
    )
    return list(found)


async def claim_renewal(session: Writer, account_id: UUID) -> Account | None:
    """Take the renewal for a minute; None when it is not due, or in other hands."""
    claimed = await session.exec(
        update(Account)
        .where(
            col(Account.id) == account_id,
            col(Account.renew_at) <= now(),
            col(Account.removed_at).is_(None),
        )
        .values(renew_at=now() + _RENEWING)
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Account, account_id, populate_existing=True)


async def renew_now(session: Writer, account: Account) -> None:
    """The platform no longer takes this token: due, unless it is under way or renewed by now."""
    await session.exec(
        update(Account)
        .where(
            col(Account.id) == account.id,
            col(Account.version) == account.version,
            or_(col(Account.renew_at).is_(None), col(Account.renew_at) > now() + _RENEWING),
        )
        .values(renew_at=now())
    )


async def spend(session: Writer, account_id: UUID, calls: int) -> None:
    """Count the requests of today (UTC)."""
    held = await session.exec(select(Account).where(Account.id == account_id).with_for_update())
    account = held.one()
    account.spent = {"day": _today(), "calls": spent_today(account) + calls}
    session.add(account)


def spent_today(account: Account) -> int:
    """How many requests were made since midnight UTC."""
    return int(account.spent.get("calls", 0)) if account.spent.get("day") == _today() else 0


def budget_back_at() -> datetime:
    """When a day's budget is whole again: midnight UTC."""
    return (now() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


async def remove(session: Writer, account: Account) -> None:
    """Forget the secrets at once; its sources cannot be read from now on and say so."""
    account.removed_at, account.renew_at, account.tell_at = now(), None, None
    account.sealed, account.version = b"", account.version + 1
    session.add(account)
    await session.exec(
        update(Source).where(col(Source.account_id) == account.id).values(poll_at=now())
    )
    facts = {"id": encode("acc", account.id), "object": "account"}
    emit(session, "account.removed", client_id=account.client_id, object=facts)


async def to_tell(session: Reader) -> list[UUID]:
    """The accounts whose sign-in ends soon, of clients that are looked after."""
    found = await session.exec(
        select(Account.id).where(
            col(Account.tell_at) <= now(),
            col(Account.removed_at).is_(None),
            col(Account.client_id).in_(LOOKED_AFTER),
        )
    )
    return list(found)


async def told(session: Writer, account_id: UUID) -> Account | None:
    """Claim the telling of its end, so that it is told once; None when nothing is due."""
    claimed = await session.exec(
        update(Account)
        .where(
            col(Account.id) == account_id,
            col(Account.tell_at) <= now(),
            col(Account.removed_at).is_(None),
        )
        .values(tell_at=None)
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Account, account_id, populate_existing=True)


def expiring(session: Writer, account: Account) -> None:
    """Its end is told; a sign-in that is renewed in time starts over."""
    ends = account.ends_at.isoformat() if account.ends_at else None
    facts = {"id": encode("acc", account.id), "object": "account", "ends_at": ends}
    emit(session, "account.expiring", client_id=account.client_id, object=facts)


async def tell_again(session: Writer, account_id: UUID) -> None:
    """The telling reached nobody: once more in five minutes."""
    await session.exec(
        update(Account)
        .where(col(Account.id) == account_id, col(Account.removed_at).is_(None))
        .values(tell_at=now() + settings.repeat_every)
    )


def _sealed(account: Account, secrets: Mapping[str, Any]) -> bytes:
    return seal(json.dumps(dict(secrets)).encode(), row=row(account))


def _renew_at(expires_at: datetime | None) -> datetime | None:
    """A tenth of its time before its end, six minutes at least."""
    return expires_at - max(RENEW_BEFORE, (expires_at - now()) / 10) if expires_at else None


def _tell_at(ends_at: datetime | None) -> datetime | None:
    return ends_at - settings.tell_expiry_before if ends_at else None


def _today() -> str:
    return now().date().isoformat()
