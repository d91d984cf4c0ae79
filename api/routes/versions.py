"""Changes are made from a version that was seen: ETag, If-Match and If-None-Match in a line."""

import hashlib
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from api.database import Writer
from api.errors import NotThere, PreconditionRequired, Refusal, VersionConflict


class NotModified(Refusal):
    """The asker has the newest already."""

    status, code, title = 304, "not-modified", "Nothing new"


def tag(version: object) -> str:
    """A strong ETag."""
    return f'"{version}"'


def tagged(request: Request, response: Response, version: object) -> None:
    """Set the ETag; NotModified when the asker has it already."""
    response.headers["ETag"] = tag(version)
    if request.headers.get("if-none-match", "").removeprefix("W/") == tag(version):
        raise NotModified(ETag=tag(version))


def tagged_as_seen(request: Request, response: Response, version: int, out: BaseModel) -> None:
    """The same for what also shows things that change without a new version."""
    seen = hashlib.sha256(out.model_dump_json().encode()).hexdigest()[:12]
    tagged(request, response, f"{version}-{seen}")


def _if_match(if_match: Annotated[str | None, Header()] = None) -> str:
    if not if_match:
        raise PreconditionRequired
    return if_match.strip().removeprefix("W/").strip('"')


IfMatch = Annotated[str, Depends(_if_match)]


async def hold(session: Writer, row: Any) -> None:
    """Wait for whoever else is changing this row, and take it as they left it; NotThere if gone."""
    found = await session.get(
        type(row), row.id, populate_existing=True, with_for_update={"key_share": True}
    )
    if found is None:
        raise NotThere


def expect(version: object, if_match: str, newer: BaseModel | None = None) -> None:
    """VersionConflict, with the newer version for a merge, unless it is the expected one.

    What an ETag says after the version is not about what can be changed.
    """
    if if_match != "*" and if_match.split("-", maxsplit=1)[0] != str(version):
        raise VersionConflict(newer=newer.model_dump(mode="json") if newer else None)
