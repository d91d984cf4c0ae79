"""What may be sent about a statement: new words, other words, and for how long it is held."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from api.clock import now
from api.errors import Invalid
from api.lifecycle.holding import USUAL_HOURS, Until
from api.routes.incident_shapes import IncidentId
from api.routes.shapes import In
from api.routes.source_shapes import SourceId

TemplateId = Literal["holding", "looking", "apology", "correction", "staff", "press"]
_Places = Annotated[list[SourceId], Field(max_length=50)]
_Text = Annotated[str, Field(min_length=1, max_length=20_000)]
_LEAST, _MOST = timedelta(hours=1), timedelta(days=30)
_LATEST = timedelta(days=365)


class StatementIn(In):
    """A new draft: a template filled with what is known of the incident, or words of your own."""

    incident_id: IncidentId
    template: TemplateId | None = None
    text: _Text | None = None
    source_ids: _Places = Field(default_factory=list)


class StatementPatch(In):
    """What may be changed; leave out what stays. A yes for what it was is void then."""

    text: _Text | None = None
    source_ids: _Places | None = None


class UntilIn(In):
    """For how long: `quiet_for` an ISO 8601 duration, `at` a time, or by hand."""

    quiet_for: timedelta | None = Field(None, ge=_LEAST, le=_MOST)
    at: AwareDatetime | None = None
    manual: bool = False


class HoldIn(In):
    """Hold it; `despite` says that the objection was read."""

    until: UntilIn = Field(default_factory=lambda: UntilIn(quiet_for=timedelta(hours=USUAL_HOURS)))
    despite: bool = False


def until_of(asked: UntilIn) -> Until:
    """The hold that was asked for; Invalid when it is none, or two."""
    named = [asked.quiet_for is not None, asked.at is not None, asked.manual]
    if sum(named) != 1:
        raise refused("/until", "Say one thing: quiet for so long, a time, or by hand.")
    if asked.at is not None and asked.at <= now():
        raise refused("/until/at", "This time is over.")
    if asked.at is not None and asked.at > now() + _LATEST:
        raise refused("/until/at", "A year ahead at most.")
    hours = asked.quiet_for and -(-asked.quiet_for // timedelta(hours=1))
    return Until(hours=hours or None, at=asked.at)


def refused(pointer: str, detail: str) -> Invalid:
    """What was sent does not hold together, and where."""
    return Invalid(detail, errors=[{"pointer": pointer, "detail": detail}])
