"""Which place is watched, and by which account: begun, known again, given to a newer sign-in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer
from api.lifecycle import account as accounts
from api.lifecycle import source as lifecycle
from api.models import Account, Source
from api.platforms import CATALOGUE, Verb
from api.queue import after_commit

# Among the secrets of an account, those of one place are found by this mark of the place.
MARK = "secret"
_ACTS: tuple[Verb, ...] = (
    "reply", "hide", "delete", "block", "report", "close_comments", "take_down",
)  # fmt: skip
# What is entered there is a server or a search. Whose it is, only a link or the keys tell.
_NAMELESS = ("mastodon", "x")
_OWNERS = ("profile", "username", "user_id")
_USED_UP = ("auth_expired", "permission")


def polled(kind: str) -> bool:
    """Whether it is asked for news; what is not is sent to us."""
    return CATALOGUE[kind].way != "own"


def marked(kind: str, number: int, place: Mapping[str, Any]) -> dict[str, Any]:
    """The place of a choice, with the mark of its own secrets."""
    return {**place, MARK: f"{kind}:{number}"}


def bare(place: Mapping[str, Any]) -> dict[str, Any]:
    """The ids of a place, without our own mark."""
    return {name: value for name, value in place.items() if name != MARK}


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two are the same place, whatever it is called now; no ids are nowhere."""
    ids = [
        {name: str(value) for name, value in bare(place).items() if name != "name"}
        for place in (one, other)
    ]
    return bool(ids[0]) and ids[0] == ids[1]


async def already(
    session: Reader, client_id: UUID, kind: str, place: Mapping[str, Any],
    *, url: str | None = None, account_id: UUID | None = None,
) -> Source | None:  # fmt: skip
    """The source of this client that watches this place: for this account, or at this address.

    Where ids name nobody, another account is another place, unless the older one is used up.
    """
    found = await session.exec(
        select(Source).where(
            Source.client_id == client_id, Source.kind == kind, col(Source.removed_at).is_(None)
        )
    )
    there = [source for source in found if same(source.place, place)]
    if CATALOGUE[kind].way == "nothing":
        there = [source for source in there if (source.url or None) == (url or None)]
    elif kind in _NAMELESS and not place.keys() & set(_OWNERS):
        there = await _of_account(session, there, account_id)
    return next(iter(there), None)


async def _of_account(
    session: Reader, there: Sequence[Source], account_id: UUID | None
) -> list[Source]:
    """Those with the same keys; else those whose keys are used up, which these may renew."""
    used_up, own = [], await _secrets(session, account_id)
    for source in there:
        secrets = await _secrets(session, source.account_id)
        if own and secrets == own:
            return [source]
        if not secrets or source.health in _USED_UP:
            used_up.append(source)
    return used_up


async def _secrets(session: Reader, account_id: UUID | None) -> dict[str, Any]:
    """The keys of an account; none of one that was taken away."""
    account = await session.get(Account, account_id) if account_id else None
    return accounts.secrets_of(account) if account and account.removed_at is None else {}


async def begin(
    session: Writer, source: Source, place: Mapping[str, Any], account_id: UUID | None
) -> None:
    """Watch it from now on, with this account; the first reading is due at once."""
    source.place, source.account_id = dict(place), account_id
    if polled(source.kind):
        source.poll_at = now()
        after_commit(session, "poll", source.id)
    if any(one.verb in _ACTS and one.how == "real" for one in lifecycle.entry(source).capabilities):
        source.check_at = now()
    session.add(source)
    await session.flush()


async def again(
    session: Writer, source: Source, place: Mapping[str, Any], account_id: UUID | None
) -> None:
    """The same place, read with a newer account from now on.

    Where its ids name nobody, the newer account may be somebody else's: it reads from the start.
    """
    source.version += 1
    if source.kind in _NAMELESS and source.account_id != account_id:
        source.cursor = {}
    await begin(session, source, place, account_id)


async def hand_over(
    session: Writer, account: Account, choices: Iterable[Mapping[str, Any]]
) -> None:
    """Somebody signed in again: what is watched already is read with the newer account."""
    for one in choices:
        source = await already(session, account.client_id, one["kind"], one["place"])
        if source is not None:
            place = marked(one["kind"], one["number"], one["place"])
            await again(session, source, place, account.id)
