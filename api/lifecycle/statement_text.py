"""The words of a statement and where they go: their versions, their digest, and what is missing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.database import Reader, Writer
from api.errors import Invalid
from api.ids import new_id
from api.lifecycle.approval import Subject
from api.models import Source, Statement, StatementVersion
from api.platforms import CATALOGUE
from api.shown import code_of, digest_of
from api.statements.fits import Fit, fit
from api.statements.templates import blanks

BY_HAND = "By hand"


async def subject(session: Reader, statement: Statement) -> Subject:
    """What the owner is asked about: these words at these places; once out, taking them back."""
    named = [
        {"name": one.name, "platform": CATALOGUE[one.kind].name}
        for one in await places(session, statement)
    ]
    shown: dict[str, Any] = {
        "text": statement.text, "places": named or [{"name": BY_HAND, "platform": ""}],
    }  # fmt: skip
    if statement.state in ("published", "retracted"):
        shown["take_back"] = True
    digest = digest_of(shown)
    return Subject(
        "statement", statement.id, statement.client_id, statement.incident_id, shown, digest,
        code_of(digest),
    )  # fmt: skip


async def places(session: Reader, statement: Statement) -> list[Source]:
    """The sources where it goes out, in their order; one that was removed is none."""
    wanted = [UUID(one) for one in statement.source_ids]
    found = await session.exec(
        select(Source).where(
            col(Source.id).in_(wanted), Source.client_id == statement.client_id,
            col(Source.removed_at).is_(None),
        )
    )  # fmt: skip
    return sorted(found, key=lambda source: wanted.index(source.id))


async def fits(session: Reader, statement: Statement) -> list[Fit]:
    """How its words fit at each place."""
    found = await places(session, statement)
    return [fit(statement.text, one.kind, one.name) for one in found]


async def must_be_whole(session: Reader, statement: Statement) -> None:
    """Invalid names the blanks that are left, and the places where it is too long."""
    if left := blanks(statement.text):
        named = ", ".join(f"“{one}”" for one in left)
        errors = [{"pointer": "/text", "detail": f"“{one}” is left."} for one in left]
        hint = "Fill in what stands in brackets."
        raise Invalid(f"{len(left)} left to fill in: {named}.", hint=hint, errors=errors)
    long = [one for one in await fits(session, statement) if one.over]
    errors = [
        {"pointer": "/text", "detail": f"{one.place} takes {one.most:,}, this has {one.length:,}."}
        for one in long
    ]
    if errors:
        hint = "Make it shorter, or leave the place out."
        raise Invalid(errors[0]["detail"], hint=hint, errors=errors)


async def keep(session: Writer, statement: Statement, by_name: str) -> None:
    """Note the words as they are now as one more version, with its digest."""
    await session.flush()
    shown = await subject(session, statement)
    statement.digest, statement.code = shown.digest, shown.code
    session.add(statement)
    version = StatementVersion(
        id=new_id(), statement_id=statement.id, number=statement.number, text=statement.text,
        source_ids=list(statement.source_ids), digest=shown.digest, by_name=by_name,
    )  # fmt: skip
    session.add(version)
    await session.flush()


async def versions(session: Reader, statement_id: UUID) -> Sequence[StatementVersion]:
    """All versions of the words, newest first."""
    found = await session.exec(
        select(StatementVersion)
        .where(StatementVersion.statement_id == statement_id)
        .order_by(col(StatementVersion.number).desc())
    )
    return list(found)
