"""Takes reviews into the ledger: new ones once, edits as edits, repeats not at all."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, or_, select, update

from api.clock import now
from api.database import Reader, Writer, emit
from api.ids import encode, new_id
from api.items import Item
from api.lifecycle.moves import Moves, try_to_move
from api.models import Client, Intake, Review, Source
from api.platforms import CATALOGUE, Retention
from api.queue import after_commit

MOVES: Moves = (
    ("waiting", "take_in", "taken_in"),
    ("waiting", "fail", "failed"),
)

LOW_STARS = 2
_AT_ONCE = 500
_REVIEWS = SQLModel.metadata.tables["review"]


class _Known(NamedTuple):
    """What tells whether an item is new, changed or the same."""

    id: UUID
    content_hash: str


async def keep(
    session: Writer, source: Source, external_id: str, body: bytes, content_type: str,
    *, history: bool = False,
) -> Intake | None:  # fmt: skip
    """Keep a raw delivery; None when this one came before."""
    known = await session.exec(
        select(Intake.id).where(Intake.source_id == source.id, Intake.external_id == external_id)
    )
    if known.first():
        return None
    intake = Intake(
        source_id=source.id, external_id=external_id, body=body,
        content_type=content_type, history=history, take_in_at=now(),
    )  # fmt: skip
    session.add(intake)
    await session.flush()
    after_commit(session, "take_in", intake.id)
    return intake


async def take(
    session: Writer, source: Source, items: Sequence[Item],
    *, history: bool = False, undated_are_history: bool = False,
) -> dict[str, str]:  # fmt: skip
    """Write the items and say per external id: created, updated or unchanged.

    What changed asks for a new judgement of the client, unless all of it is history.
    """
    await _hold_client(session, source.client_id)
    retention = CATALOGUE[source.kind].retention
    items = [kept_of(item, retention) for item in items]
    results: dict[str, str] = {}
    for start in range(0, len(items), _AT_ONCE):
        chunk = items[start : start + _AT_ONCE]
        known = await _known(session, source.id, [item.external_id for item in chunk])
        fresh = [item for item in chunk if item.external_id not in known]
        rows = [
            _row(source, item, history=history or (undated_are_history and not item.created_at))
            for item in fresh
        ]
        results |= await _insert(session, rows)
        for item in chunk:
            if item.external_id in known:
                results[item.external_id] = await _edit(
                    session, known[item.external_id], item, words=retention == "full"
                )
    if any(result != "unchanged" for result in results.values()):
        await _ask_for_judgement(session, source, results, history=history)
    return results


async def _hold_client(session: Writer, client_id: UUID) -> None:
    """Two deliveries of one client wait for each other, and a judgement claims between them."""
    await session.exec(
        select(Client.id).where(Client.id == client_id).with_for_update(key_share=True)
    )


def content_hash(item: Item) -> str:
    """Changes when anything that a person reads has changed."""
    said: tuple[Any, ...] = (item.stars, item.title, item.text, item.author, item.url)
    if item.reply or item.hidden:
        said += (sorted((item.reply or {}).items()), item.hidden)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def kept_of(item: Item, retention: Retention) -> Item:
    """What may be stored of it: where only ids may be, words and names never reach the ledger.

    What a counter proves (`count:…`) is said in words of our own.
    """
    if retention != "ids" or item.external_id.startswith("count:"):
        return item
    return replace(item, title="", text="", author="", author_id=None, reply=None)


def _is_low(stars: float | None) -> bool:
    return stars is not None and stars <= LOW_STARS


async def _known(session: Reader, source_id: UUID, ids: list[str]) -> dict[str, _Known]:
    found = await session.exec(
        select(Review.external_id, Review.id, Review.content_hash).where(
            Review.source_id == source_id, col(Review.external_id).in_(ids)
        )
    )
    return {external_id: _Known(row_id, said) for external_id, row_id, said in found}


def _row(source: Source, item: Item, *, history: bool) -> dict[str, Any]:
    at = min(item.created_at or now(), now())
    return {
        "id": new_id(),
        "client_id": source.client_id,
        "source_id": source.id,
        "external_id": item.external_id,
        "stars": item.stars,
        "title": item.title,
        "text": item.text,
        "author": item.author,
        "author_id": item.author_id,
        "url": item.url,
        "kind": item.kind,
        "parent_id": item.parent_id,
        "reply": dict(item.reply) if item.reply else None,
        "hidden": item.hidden,
        "missing_since": None,
        "gone_at": None,
        "created_at": at,
        "counts_at": at,
        "seen_at": now(),
        "told_at": now(),
        "updated_at": item.updated_at,
        "content_hash": content_hash(item),
        "history": history,
        "earlier": [],
        "version": 1,
    }


async def _insert(session: Writer, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Two deliveries with the same review may race: the second finds its row there already."""
    if not rows:
        return {}
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    unless_there = insert(_REVIEWS).on_conflict_do_nothing(
        index_elements=["source_id", "external_id"]
    )
    written = await session.exec(unless_there, params=rows)
    if written.rowcount == len(rows):
        return {row["external_id"]: "created" for row in rows}
    ours = {row["id"] for row in rows}
    there = await _known(session, rows[0]["source_id"], [row["external_id"] for row in rows])
    return {name: "created" if one.id in ours else "unchanged" for name, one in there.items()}


async def _edit(session: Writer, known: _Known, item: Item, *, words: bool) -> str:
    """Take an edit; what it replaced is kept with its words only where words may be kept."""
    if content_hash(item) == known.content_hash:
        return "unchanged"
    review = await session.get_one(Review, known.id, populate_existing=True)
    if _is_older(item, review):
        return "unchanged"
    before = {
        "stars": review.stars,
        "title": review.title if words else "",
        "text": review.text if words else "",
        "until": now().isoformat(),
        "counts_at": review.counts_at.isoformat(),
    }
    counts_at = _counts_from(review, item)
    told_at = now() if counts_at != review.counts_at else review.told_at
    await session.exec(
        update(Review)
        .where(col(Review.id) == review.id)
        .values(
            stars=item.stars, title=item.title, text=item.text, author=item.author, url=item.url,
            updated_at=item.updated_at or review.updated_at, content_hash=content_hash(item),
            reply=dict(item.reply) if item.reply else None, hidden=item.hidden,
            counts_at=counts_at, told_at=told_at, earlier=_earlier(review, item, before),
            version=Review.version + 1,
        )
    )  # fmt: skip
    return "updated"


def _earlier(review: Review, item: Item, before: dict[str, Any]) -> list[dict[str, Any]]:
    """A reply of the business changes what is shown, not what was said."""
    same = (item.stars, item.title, item.text) == (review.stars, review.title, review.text)
    return review.earlier if same else [*review.earlier, before]


def _is_older(item: Item, review: Review) -> bool:
    """Deliveries overtake each other: what was said before the version we have is no edit of it."""
    said = item.updated_at or item.created_at
    return bool(said and review.updated_at and said < review.updated_at)


def _counts_from(review: Review, item: Item) -> datetime:
    """A good review that was edited to a bad one hurts from the edit on, or from our seeing it."""
    if not _is_low(item.stars) or _is_low(review.stars):
        return review.counts_at
    known = review.updated_at or review.created_at
    said = item.updated_at if item.updated_at and item.updated_at > known else now()
    return min(said, now())


async def _ask_for_judgement(
    session: Writer, source: Source, results: dict[str, str], *, history: bool
) -> None:
    counts = [list(results.values()).count(word) for word in ("created", "updated")]
    about = {"id": encode("src", source.id), "object": "source"}
    emit(
        session, "review.received", client_id=source.client_id,
        object=about, created=counts[0], updated=counts[1],
    )  # fmt: skip
    if not history:
        await session.exec(
            update(Client)
            .where(
                col(Client.id) == source.client_id,
                or_(col(Client.detect_at).is_(None), col(Client.detect_at) > now()),
            )
            .values(detect_at=now())
        )
        after_commit(session, "detect", source.client_id)


async def taken_in(session: Writer, intake_id: UUID, *, result: dict[str, Any]) -> bool:
    """Claim a delivery for good, in the transaction that writes its reviews."""
    return await try_to_move(session, Intake, MOVES, intake_id, "take_in", body=None, result=result)


async def note_result(session: Writer, intake_id: UUID, result: dict[str, Any]) -> None:
    """What became of it, for whoever handed it in."""
    await session.exec(update(Intake).where(col(Intake.id) == intake_id).values(result=result))


async def failed(session: Writer, intake_id: UUID, result: dict[str, Any]) -> None:
    """It cannot be read. The body stays for whoever looks into it."""
    await try_to_move(session, Intake, MOVES, intake_id, "fail", result=result)


async def put_back(session: Writer, intake_id: UUID, at: datetime) -> None:
    """Try again at that moment."""
    await session.exec(
        update(Intake)
        .where(col(Intake.id) == intake_id)
        .values(take_in_at=at, attempts=Intake.attempts + 1)
    )
