"""Which place is watched, and by which account: begun, known again, given to a newer sign-in."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer
from api.lifecycle import source as lifecycle
from api.models import Account, Source
from api.platforms import CATALOGUE, Verb
from api.queue import after_commit

# Among the secrets of an account, those of one place are found by this mark of the place.
MARK = "secret"
_ACTS: tuple[Verb, ...] = (
    "reply", "hide", "delete", "block", "report", "close_comments", "take_down",
)  # fmt: skip


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
    session: Reader, client_id: UUID, kind: str, place: Mapping[str, Any]
) -> Source | None:
    """The source of this client that watches this place."""
    found = await session.exec(
        select(Source).where(
            Source.client_id == client_id, Source.kind == kind, col(Source.removed_at).is_(None)
        )
    )
    return next((source for source in found if same(source.place, place)), None)


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
    """The same place, read with a newer account from now on."""
    source.version += 1
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
