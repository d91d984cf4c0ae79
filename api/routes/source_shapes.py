"""What a source looks like from outside, and what a new one may be."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StringConstraints, field_validator
from sqlmodel import func, select

from api.addresses import check_address
from api.crypto import sign, signature_fits
from api.database import Reader
from api.ids import Prefixed, decode, encode
from api.lifecycle import source as lifecycle
from api.lifecycle import watching
from api.models import Review, Source
from api.platforms import CATALOGUE
from api.routes.accounts import AccountId
from api.routes.asking import Asker
from api.routes.clients import ClientId
from api.routes.platforms import Capability, shown
from api.routes.shapes import In, Out
from api.settings import settings

SourceId = Annotated[UUID, Prefixed("src")]
# Kinds whose vendor tells of news without a signature: their address itself is the secret.
HEARD_AT_A_SECRET = ("trustpilot", "yelp")

_Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
_Text = Annotated[str, StringConstraints(max_length=1000, strip_whitespace=True)]
PlaceIn = dict[_Name, _Text | StrictBool | StrictInt | StrictFloat | None]


class SourceOut(Out):
    """One source and its health.

    `platform` is the name of its platform, `place` its ids there. `ready` is whether a take-down
    would work now, None where there is none or nobody has looked yet. `counters` are how many
    reviews the platform shows (`count`) and their `mean`. `webhook_url` is where it may be told of
    news, for who may change the source: it is secret where the vendor signs nothing.
    """

    id: SourceId
    object: str = "source"
    client_id: ClientId
    kind: str
    platform: str
    name: str
    url: str | None
    account_id: AccountId | None
    place: dict[str, Any]
    health: str
    health_detail: str
    blind: bool
    failing_since: datetime | None
    last_ok_at: datetime | None
    next_poll_at: datetime | None
    review_count: int
    counters: dict[str, float | None]
    capabilities: list[Capability]
    ready: bool | None
    ready_detail: str
    checked_at: datetime | None
    webhook_url: str | None
    version: int


class NewSource(SourceOut):
    """With what is shown once: the secret that a sender signs with."""

    secret: str | None = None


class SourceIn(In):
    """A new source of any kind of the catalogue.

    One that is read with an account names it, and which place of it: by the number of a choice
    that the sign-in found, or by the ids of the place. A feed and a page need their address.
    """

    kind: str = Field(max_length=40)
    name: str = Field(min_length=1, max_length=120)
    url: str | None = Field(None, max_length=2000)
    place: PlaceIn = Field(default_factory=dict, max_length=40)
    account_id: AccountId | None = None
    choice: int | None = Field(None, ge=0)

    @field_validator("kind")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in CATALOGUE:
            message = "there is no such kind of source"
            raise ValueError(message)
        return value

    @field_validator("url")
    @classmethod
    def _outward(cls, value: str | None) -> str | None:
        if value is not None:
            check_address(value, settings.allowed_addresses | {settings.practice_address})
        return value

    @field_validator("place")
    @classmethod
    def _outside(cls, value: dict[str, Any]) -> dict[str, Any]:
        given = {name: one for name, one in value.items() if one not in (None, "")}
        return watching.bare(given)


async def source_out(session: Reader, source: Source, asker: Asker) -> SourceOut:
    """One source with what is true of it now."""
    count = await session.exec(
        select(func.count()).select_from(Review).where(Review.source_id == source.id)
    )
    entry = lifecycle.entry(source)
    may_change = "sources:write" in asker.scopes
    return SourceOut.model_validate(
        source.model_dump(exclude={"secret_sealed", "cursor"})
        | {
            "platform": entry.name,
            "place": watching.bare(source.place),
            "blind": lifecycle.blind(source),
            "next_poll_at": source.poll_at,
            "review_count": count.one(),
            "capabilities": shown(entry.capabilities, source.probed),
            "webhook_url": _webhook_url(source) if may_change else None,
        }
    )


def _webhook_url(source: Source) -> str | None:
    name = encode("src", source.id)
    if source.kind == "webhook":
        return f"{settings.origin}/in/{name}"
    if source.kind in HEARD_AT_A_SECRET:
        return f"{settings.origin}/hooks/{source.kind}/{name}.{sign('hook', name)}"
    return None


def heard_at(token: str) -> UUID | None:
    """The source that a secret address belongs to; None for any other."""
    name, _, mac = token.partition(".")
    if not signature_fits(mac, "hook", name):
        return None
    return decode("src", name)
