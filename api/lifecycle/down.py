"""What is not as it was: what a take-down left down, or is just taking down or bringing back."""

from uuid import UUID

from sqlmodel import col, select

from api.database import Reader
from api.lifecycle import result as results
from api.models import Action, Result


def is_there(one: Result) -> bool:
    """Whether something stands there that can be put back; what got lost may well stand."""
    stands = one.state == "done" or (one.state == "lost" and one.sent_at is not None)
    return one.way == "there" and stands and bool(one.back_verb)


def still_down(one: Result) -> bool:
    """Whether it is not as it was: it stands, or the way back has not come to its end."""
    return is_there(one) or (one.way == "back" and one.state != "done")


async def stands(session: Reader, action: Action) -> bool:
    """Whether anything of it is not as it was."""
    return any(still_down(one) for one in await results.of_action(session, action.id))


async def in_the_way(session: Reader, client_id: UUID, besides: UUID | None = None) -> list[Result]:
    """What is down, or under way, for a client by other take-downs."""
    found = await session.exec(
        select(Result)
        .join(Action, col(Action.id) == col(Result.action_id))
        .where(
            Action.client_id == client_id, Action.kind == "take_down",
            col(Action.id).is_distinct_from(besides), col(Result.source_id).is_not(None),
        )
    )  # fmt: skip
    return [one for one in found if still_down(one) or one.state in results.MOVING]
