"""Reviews: pushed in by programs, imported from files, listed."""

import hashlib
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from sqlmodel import col, select

from api.clock import now
from api.errors import CapabilityMissing, Invalid, NotThere, TooLarge
from api.ids import Prefixed, new_id
from api.items import Read, check_all
from api.lifecycle import intake as lifecycle
from api.lifecycle import source as sources
from api.models import Incident, Intake, Review, Source
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.clients import ClientId
from api.routes.lists import Page, Paging, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import Out
from api.routes.source_shapes import SourceId
from api.routes.sources import a_source
from api.routes.versions import tagged

router = APIRouter(prefix="/v1", tags=["reviews"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("reviews:read")]
MayWrite = Annotated[Asker, may("reviews:write")]
ReviewId = Annotated[UUID, Prefixed("rev")]
IntakeId = Annotated[UUID, Prefixed("itk")]

AT_ONCE = 500
FILE_BYTES = 10_000_000


class ReplyOut(Out):
    """What the business answered, and how far that has come at the platform."""

    text: str = ""
    at: datetime | None = None
    state: str = ""
    reason: str = ""


class ReviewOut(Out):
    """One review as it stands now."""

    id: ReviewId
    object: str = "review"
    client_id: ClientId
    source_id: SourceId
    external_id: str
    stars: float | None
    title: str
    text: str
    author: str
    url: str | None
    created_at: datetime
    seen_at: datetime
    updated_at: datetime | None
    history: bool
    edited: bool
    kind: str
    parent_id: str | None
    hidden: bool
    gone_at: datetime | None
    reply: ReplyOut | None


class ItemResult(Out):
    """What became of one item of a batch."""

    index: int | None
    external_id: str | None
    result: str
    code: str | None = None
    detail: str | None = None


class BatchOut(Out):
    """What became of a batch; good items are kept whatever the others were."""

    accepted: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    results: list[ItemResult]


class IntakeOut(Out):
    """A file that was handed in, and what became of it."""

    id: IntakeId
    object: str = "intake"
    state: str
    result: dict[str, Any]


@router.post("/sources/{source_id}/reviews")
async def import_reviews(
    source_id: SourceId, asker: MayWrite, session: Writing, _: Once,
    body: Annotated[Any, Body(description="A list of reviews, or {“reviews”: […]}; 500 at most.")],
) -> BatchOut:  # fmt: skip
    """Push reviews instead of having them polled: upsert by external_id, a result per item."""
    source = await a_source(session, asker, source_id)
    _must_be(source, "push")
    read = check_all(_listed(body), now())
    results = await lifecycle.take(session, source, read.items)
    await sources.seen(session, source)
    return batch_out(read, results)


def _must_be(source: Source, kind: str) -> None:
    if source.kind != kind:
        raise CapabilityMissing(
            f"This source is a {source.kind}; this call is for kind {kind}.",
            hint=f"Add a source of kind {kind} and send to that one.",
        )


def _listed(body: Any) -> list[Any]:
    listed = body.get("reviews") if isinstance(body, dict) else body
    if not isinstance(listed, list):
        raise Invalid("A list of reviews is needed.")
    if len(listed) > AT_ONCE:
        raise TooLarge(f"{len(listed)} reviews at once; {AT_ONCE} are the most.")
    return listed


def batch_out(read: Read, results: dict[str, str]) -> BatchOut:
    """One line per item, the refused ones with their reason."""
    taken = [
        ItemResult(index=None, external_id=one.external_id, result=results[one.external_id])
        for one in read.items
    ]
    refused = [
        ItemResult(
            index=one.index, external_id=one.external_id, result="rejected",
            code=one.code, detail=one.detail,
        )
        for one in read.problems
    ]  # fmt: skip
    counts = {
        word: list(results.values()).count(word) for word in ("created", "updated", "unchanged")
    }
    return BatchOut(
        accepted=len(taken), rejected=len(refused), results=[*taken, *refused], **counts
    )


@router.post("/sources/{source_id}/import", status_code=202)
async def import_file(
    source_id: SourceId, asker: MayWrite, session: Writing, request: Request, _: Once
) -> IntakeOut:
    """Hand in a CSV or Google Takeout file, as the raw body. It is history and never alarms."""
    source = await a_source(session, asker, source_id)
    body = await request.body()
    if not body:
        raise Invalid("The file is empty.")
    if len(body) > FILE_BYTES:
        raise TooLarge("The file is over 10 MB.", hint="Split it, or zip the Takeout folder.")
    name = hashlib.sha256(body).hexdigest()
    kind = request.headers.get("content-type", "")
    kept = await lifecycle.keep(
        session, source, f"file:{name}:{new_id()}", body, kind, history=True
    )
    return IntakeOut.model_validate(kept)


@router.get("/intakes/{intake_id}")
async def get_intake(intake_id: IntakeId, asker: MayRead, session: Reading) -> IntakeOut:
    """What became of a file."""
    intake = await session.get(Intake, intake_id)
    if intake is None:
        raise NotThere
    await a_source(session, asker, intake.source_id)
    return IntakeOut.model_validate(intake)


@router.get("/reviews")
async def list_reviews(
    asker: MayRead, session: Reading, paging: Annotated[Paging, Depends()],
    client_id: ClientId | None = None, source_id: SourceId | None = None,
    incident_id: Annotated[UUID, Prefixed("inc")] | None = None,
    stars: Annotated[int | None, Query(ge=1, le=5)] = None,
) -> Page[ReviewOut]:  # fmt: skip
    """Reviews of all clients and sources, newest first."""
    query = select(Review).where(asker.sees(Review.client_id))
    if client_id:
        query = query.where(Review.client_id == client_id)
    if source_id:
        query = query.where(Review.source_id == source_id)
    if stars is not None:
        query = query.where(Review.stars == stars)
    if incident_id:
        incident = await session.get(Incident, incident_id)
        if incident is None:
            raise NotThere
        asker.must_see(incident.client_id)
        query = query.where(
            Review.client_id == incident.client_id,
            col(Review.counts_at) >= incident.since,
            col(Review.history).is_(False),
        )
    found, cursor = await paging.of(session, query, Review)
    return page([_out(review) for review in found], cursor)


@router.get("/reviews/{review_id}")
async def get_review(
    review_id: ReviewId, asker: MayRead, session: Reading, request: Request, response: Response
) -> ReviewOut:
    """One review."""
    review = await session.get(Review, review_id)
    if review is None:
        raise NotThere
    asker.must_see(review.client_id)
    tagged(request, response, review.version)
    return _out(review)


def _out(review: Review) -> ReviewOut:
    return ReviewOut.model_validate(review.model_dump() | {"edited": bool(review.earlier)})
