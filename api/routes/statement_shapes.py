"""What statements look like from outside: the words, what is wrong with them, and their hold."""

from datetime import datetime
from typing import Any
from uuid import UUID

from api import words_statements as words
from api.database import Reader
from api.ids import encode
from api.lifecycle import approval as approvals
from api.lifecycle import holding, publishing, statement_facts, statement_text
from api.lifecycle import statement as lifecycle
from api.models import Client, Source, Statement, StatementVersion
from api.platforms import CATALOGUE
from api.routes.action_shapes import ActionId, ApprovalOut, StatementId, approval_out
from api.routes.clients import ClientId
from api.routes.incident_shapes import IncidentId
from api.routes.shapes import Out
from api.routes.source_shapes import SourceId
from api.shown import code_of
from api.statements.checks import check
from api.statements.difference import Piece
from api.statements.fits import Fit, fit, signs
from api.statements.templates import TEMPLATES, Template, blanks


class PlaceOut(Out):
    """One place where it goes out: how sure that is, and how the words fit there.

    `by_hand`: copy the words, publish them there and paste the link. `most` is None where nobody
    knows how long words may be.
    """

    source_id: SourceId | None
    name: str
    platform: str
    certainty: str
    link: str
    length: int
    most: int | None
    unit: str
    over: int


class FindingOut(Out):
    """Something in the words: where, what it does, what to do instead, whether it is in the way."""

    code: str
    where: str
    said: str
    instead: str
    blocks: bool


class HeardOut(Out):
    """What some words tell of."""

    subject: str
    words: list[str]
    in_statement: bool


class ObjectionOut(Out):
    """Why holding may be wrong; to hold anyway, send `despite`."""

    sentence: str
    heard: list[HeardOut]


class CalmOut(Out):
    """How long it has been quiet; `blind` names sources that cannot be read meanwhile."""

    hours_so_far: int
    nights_so_far: int
    due_at: datetime | None
    is_due: bool
    sentence: str
    blind: list[str]


class HoldOut(Out):
    """For how long it is held; `due_since` is since when somebody is asked."""

    kind: str
    quiet_hours: int | None
    at: datetime | None
    due_since: datetime | None
    calm: CalmOut | None


class OutThere(Out):
    """One place where it can be read."""

    place: str
    url: str


class GoingOut(Out):
    """The newest try to publish it; a countdown ends at `due_at`."""

    id: ActionId
    state: str
    due_at: datetime | None


class StatementLine(Out):
    """A statement in a list."""

    id: StatementId
    object: str = "statement"
    client_id: ClientId
    incident_id: IncidentId | None
    template: str
    readers: str
    state: str
    state_word: str
    allowed: list[str]
    text: str
    number: int
    code: str
    source_ids: list[str]
    hold: HoldOut | None
    links: list[OutThere]
    published_at: datetime | None
    created_at: datetime
    by_name: str
    version: int


class StatementOut(StatementLine):
    """One statement with everything around it; `approval` is the newest question about it."""

    client_name: str
    places: list[PlaceOut]
    blanks: list[str]
    findings: list[FindingOut]
    objection: ObjectionOut | None
    approval: ApprovalOut | None
    going_out: GoingOut | None
    may_take_back: bool


class VersionOut(Out):
    """One version of the words."""

    number: int
    text: str
    source_ids: list[str]
    code: str
    by_name: str
    created_at: datetime


class PieceOut(Out):
    """Some words that were kept, added or taken away."""

    change: str
    text: str


class DifferenceOut(Out):
    """What changed: kept and gone make the older text, kept and added the newer one."""

    older: int
    newer: int
    pieces: list[PieceOut]


class TemplateOut(Out):
    """A text to begin with, filled with what is known of the incident that was named."""

    id: str
    object: str = "statement_template"
    name: str
    about: str
    readers: str
    text: str
    blanks: list[str]


async def line_out(session: Reader, statement: Statement) -> StatementLine:
    """A statement in a list."""
    return StatementLine.model_validate(await _line(session, statement))


async def _line(session: Reader, statement: Statement) -> dict[str, Any]:
    template = TEMPLATES.get(statement.template)
    return statement.model_dump() | {
        "readers": template.readers if template else "public",
        "state_word": words.STATE[statement.state],
        "allowed": lifecycle.doors(statement.state),
        "source_ids": [_name(one) for one in statement.source_ids],
        "hold": await _hold(session, statement) if statement.hold else None,
    }


def _name(source_id: str) -> str:
    return encode("src", UUID(source_id))


async def statement_out(session: Reader, statement: Statement) -> StatementOut:
    """Everything about one statement, with what is wrong with its words now."""
    client = await session.get_one(Client, statement.client_id)
    about = await statement_facts.about(session, statement)
    against = await statement_facts.weighed(session, statement)
    asked = await approvals.newest_of(session, statement.id)
    action = await publishing.newest_action(session, statement)
    return StatementOut.model_validate(
        await _line(session, statement)
        | {
            "client_name": client.name,
            "places": await _places(session, statement),
            "blanks": blanks(statement.text),
            "findings": check(statement.text, about),
            "objection": against,
            "approval": approval_out(asked) if asked else None,
            "going_out": action,
            "may_take_back": statement.state == "published"
            and await publishing.may_take_back(session, statement),
        }
    )


async def _places(session: Reader, statement: Statement) -> list[PlaceOut]:
    found = await statement_text.places(session, statement)
    if not found:
        fits = Fit(statement_text.BY_HAND, signs(statement.text), None, "signs")
        return [_place(fits, None, "by_hand")]
    return [
        _place(
            fit(statement.text, one.kind, one.name), one, await publishing.certainty(session, one)
        )
        for one in found
    ]


def _place(fits: Fit, source: Source | None, certainty: str) -> PlaceOut:
    return PlaceOut(
        source_id=source.id if source else None, name=fits.place,
        platform=CATALOGUE[source.kind].name if source else "", certainty=certainty,
        link=(source.url or "") if source else "",
        length=fits.length, most=fits.most, unit=fits.unit, over=fits.over,
    )  # fmt: skip


async def _hold(session: Reader, statement: Statement) -> HoldOut:
    by_calm = statement.hold == "quiet"
    return HoldOut(
        kind=statement.hold or "", quiet_hours=statement.quiet_hours,
        at=statement.ask_at if statement.hold == "time" else None, due_since=statement.due_since,
        calm=await _calm(session, statement) if by_calm else None,
    )  # fmt: skip


async def _calm(session: Reader, statement: Statement) -> CalmOut:
    calm = await holding.calm_of(session, statement)
    wanted = statement.quiet_hours or holding.USUAL_HOURS
    return CalmOut(
        hours_so_far=calm.hours_so_far, nights_so_far=calm.nights_so_far, due_at=calm.due_at,
        is_due=calm.is_due, sentence=words.clock(calm.hours_so_far, calm.nights_so_far, wanted),
        blind=await holding.blind(session, statement.client_id),
    )  # fmt: skip


def version_out(one: StatementVersion) -> VersionOut:
    """One version, with the code that the owner saw."""
    return VersionOut.model_validate(
        one.model_dump()
        | {"code": code_of(one.digest), "source_ids": [_name(each) for each in one.source_ids]}
    )


def piece_out(one: Piece) -> PieceOut:
    """Some words of a difference."""
    return PieceOut.model_validate(one)


def template_out(one: Template, text: str) -> TemplateOut:
    """A template, filled."""
    return TemplateOut(
        id=one.id, name=one.name, about=one.about, readers=one.readers, text=text,
        blanks=blanks(text),
    )  # fmt: skip
