"""What actions, options and approvals look like from outside."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from api.database import Reader
from api.ids import Prefixed
from api.lifecycle import action as lifecycle
from api.lifecycle import approval as approvals
from api.lifecycle import down
from api.lifecycle import result as results
from api.models import Action, Approval, Result
from api.options import Option, Stay
from api.routes.clients import ClientId
from api.routes.incident_shapes import ContactId, IncidentId
from api.routes.shapes import Out
from api.routes.source_shapes import SourceId

ActionId = Annotated[UUID, Prefixed("act")]
ResultId = Annotated[UUID, Prefixed("res")]
ApprovalId = Annotated[UUID, Prefixed("apr")]
StatementId = Annotated[UUID, Prefixed("stm")]


class OptionOut(Out):
    """One thing that can be done."""

    key: str
    source_id: SourceId | None
    name: str
    verb: str
    what: str
    certainty: str
    why: str
    link: str
    suggested: bool


class StayOut(Out):
    """One place that stays whatever anybody wants."""

    source_id: SourceId
    name: str
    why: str
    link: str


class OptionsOut(Out):
    """What can go, and what stays."""

    goes: list[OptionOut]
    stays: list[StayOut]


class ResultOut(Out):
    """What became of an action at one place."""

    id: ResultId
    source_id: SourceId | None
    name: str
    verb: str
    target: str
    certainty: str
    way: str
    state: str
    detail: str
    link: str
    made: str
    note: str
    sent_at: datetime | None
    seen_at: datetime | None
    done_by: str
    stands: bool
    allowed: list[str]


class ApprovalOut(Out):
    """One question to the owner and its answer."""

    id: ApprovalId
    object: str = "approval"
    client_id: ClientId
    incident_id: IncidentId | None
    subject: str
    state: str
    allowed: list[str]
    shown: dict[str, Any]
    code: str
    created_at: datetime
    expires_at: datetime | None
    opened_at: datetime | None
    decided_at: datetime | None
    valid_until: datetime | None
    how: str | None
    contact_id: ContactId | None
    contact_name: str
    words: str
    ended_why: str
    objected_at: datetime | None
    version: int


class ActionOut(Out):
    """One thing that people decided to do, with what became of it place by place."""

    id: ActionId
    object: str = "action"
    incident_id: IncidentId
    client_id: ClientId
    statement_id: StatementId | None
    kind: str
    state: str
    allowed: list[str]
    code: str
    words: str
    stays: list[str]
    results: list[ResultOut]
    approval: ApprovalOut | None
    due_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    ask_at: datetime | None
    left_at: datetime | None
    by_name: str
    version: int


def option_out(option: Option) -> OptionOut:
    """One option without its single acts."""
    return OptionOut.model_validate(option)


def stay_out(stay: Stay) -> StayOut:
    """One place that stays."""
    return StayOut.model_validate(stay)


async def action_out(session: Reader, action: Action) -> ActionOut:
    """An action with its places and its newest question."""
    asked = await approvals.newest_of(session, action.id)
    places = await results.of_action(session, action.id)
    return ActionOut.model_validate(
        action.model_dump()
        | {
            "allowed": _allowed(action, places),
            "words": action.shown["words"],
            "stays": action.shown["stays"],
            "results": [result_out(one) for one in places],
            "approval": approval_out(asked) if asked else None,
        }
    )


def _allowed(action: Action, places: list[Result]) -> list[str]:
    """Putting back is offered while something stands, and leaving it while nobody has said so."""
    found = lifecycle.verbs(action.state)
    gone = {"execute"} if action.state == "counting_down" or action.statement_id else set()
    gone |= set() if any(down.is_there(one) for one in places) else {"revert"}
    gone |= set() if any(lifecycle.can_retry(one) for one in places) else {"retry"}
    gone |= {"retry"} if action.statement_id else set()
    found = [verb for verb in found if verb not in gone]
    left = action.left_at is not None or action.state not in lifecycle.DONE
    stays = action.kind == "take_down" and any(down.still_down(one) for one in places)
    return [*found, "leave"] if stays and not left else found


def result_out(result: Result) -> ResultOut:
    """One place."""
    more = {
        "note": result.params.get("note", ""), "allowed": results.verbs(result),
        "stands": down.is_there(result),
    }  # fmt: skip
    return ResultOut.model_validate(result.model_dump() | more)


def approval_out(asked: Approval) -> ApprovalOut:
    """One question."""
    return ApprovalOut.model_validate(
        asked.model_dump() | {"allowed": approvals.verbs(asked.state)}
    )
