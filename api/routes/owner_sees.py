"""All that the owner has to answer and has answered, as far as it still matters."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import col, select

from api import words_owner as words
from api.acting import follow, tell
from api.database import Reader
from api.models import Approval
from api.routes import owner_receipt
from api.routes.owner_door import Visit
from api.routes.owner_question import (
    Question,
    is_fresh,
    is_open,
    kind_of,
    named,
    places_of,
    question,
    when,
)
from api.routes.owner_receipt import Receipt, Row

GIVEN = ("approved", "consumed")
_LOOKED_AT, _SHOWN = 60, 5


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one question; `not_right` leads to the objection."""

    code: str
    given: bool
    said: list[str]
    rows: list[Row]
    text: str
    agreed: str
    not_right: str
    put_back: str
    under_way: bool
    lasts: bool


@dataclass(frozen=True, slots=True)
class Yours:
    """Questions that wait, newest first, and what was told before."""

    questions: list[Question]
    told: list[Told]
    asked: list[Approval]

    @property
    def put_back(self) -> str:
        """Where the newest wish for the way back begins; empty when nothing is down."""
        return next((one.put_back for one in self.told if one.put_back), "")

    @property
    def under_way(self) -> bool:
        """Whether something is being done at this moment."""
        return any(one.under_way for one in self.told)


async def of_page(session: Reader, visit: Visit, manager: str) -> Yours:
    """What belongs on the page of this client now."""
    found = await session.exec(
        select(Approval)
        .where(Approval.client_id == visit.client.id)
        .order_by(col(Approval.id).desc())
        .limit(_LOOKED_AT)
    )
    rows = list(found)
    asked = [one for one in _newest(rows) if is_open(one)]
    over = [await _if_it_matters(session, visit, one, manager) for one in _to_tell(rows)]
    told = [one for one in over if one is not None]
    return Yours([question(visit, one) for one in asked], told[:_SHOWN], asked)


def _by_subject(rows: list[Approval]) -> list[list[Approval]]:
    """The questions about each thing, newest first."""
    ordered = sorted(rows, key=lambda one: (one.subject_id, one.id), reverse=True)
    return [list(group) for _, group in groupby(ordered, key=lambda one: one.subject_id)]


def _newest(rows: list[Approval]) -> list[Approval]:
    found = [group[0] for group in _by_subject(rows)]
    return sorted(found, key=lambda one: one.id, reverse=True)


def _to_tell(rows: list[Approval]) -> list[Approval]:
    """The newest about each thing, and under a new question the yes that it replaced."""
    found = [one for group in _by_subject(rows) for one in _of_one(group)]
    return sorted(found, key=lambda one: one.id, reverse=True)


def _of_one(group: list[Approval]) -> Iterator[Approval]:
    if not is_open(group[0]):
        yield group[0]
        return
    replaced = (one for one in group if one.state == "superseded" and one.valid_until)
    if newest := next(replaced, None):
        yield newest


async def _if_it_matters(
    session: Reader, visit: Visit, asked: Approval, manager: str
) -> Told | None:
    """What became of it, unless that was long ago and nothing of it goes on."""
    found = await told(session, visit, asked, manager)
    fresh = is_fresh(asked.decided_at or asked.created_at)
    return found if found.lasts or fresh else None


async def told(session: Reader, visit: Visit, asked: Approval, manager: str) -> Told:
    """What is true now, what was agreed, and the way to say that it is not right."""
    who = await who_said(session, visit, asked)
    receipt = await _receipt(session, visit, asked, who, manager)
    said = list(receipt.said)
    if asked.objected_at:
        said.append(words.objected(when(asked.objected_at, visit.client.zone), manager))
    return Told(
        code=asked.code, given=asked.valid_until is not None, said=said, rows=receipt.rows,
        text=asked.shown.get("text") or asked.shown.get("words", ""),
        agreed=agreed(visit, asked, who) if asked.state in GIVEN else "",
        not_right=visit.at("not-right", named(asked)) if may_object(visit, asked) else "",
        put_back=receipt.put_back, under_way=receipt.under_way, lasts=receipt.lasts,
    )  # fmt: skip


async def who_said(session: Reader, visit: Visit, asked: Approval) -> str:
    """“You” where only one person can have said it, else their name."""
    people = await tell.approvers(session, visit.client.id)
    alone = len(people) == 1 and asked.contact_id in (None, people[0].id)
    return words.YOU if alone or not asked.contact_name else asked.contact_name


def agreed(visit: Visit, asked: Approval, who: str) -> str:
    """What was agreed: “You agreed at 03:16 by phone: take down Facebook”."""
    at = when(asked.decided_at or asked.created_at, visit.client.zone)
    what = words.deed(kind_of(asked), [name for name, _ in places_of(asked)])
    return words.agreed(who, at, asked.how or "", what)


def may_object(visit: Visit, asked: Approval) -> bool:
    """Whether this yes is young enough, and nobody has said so before."""
    said = asked.state in GIVEN and is_fresh(asked.decided_at)
    return visit.may_answer and said and asked.objected_at is None


async def _receipt(
    session: Reader, visit: Visit, asked: Approval, who: str, manager: str
) -> Receipt:
    if asked.state in GIVEN and asked.subject == "action":
        return await owner_receipt.of_action(session, visit, asked, who, manager)
    if asked.state in GIVEN:
        return await owner_receipt.of_statement(session, visit, asked, who)
    return Receipt(await _ended(session, visit, asked, who))


async def _ended(session: Reader, visit: Visit, asked: Approval, who: str) -> list[str]:
    at = when(asked.decided_at or asked.created_at, visit.client.zone)
    if asked.state == "declined":
        return [words.said_no(who, at)]
    if asked.state == "changes_requested":
        return [words.wants_words(who, at)]
    if asked.state == "superseded":
        return await _replaced(session, asked)
    ended = [words.ENDED["expired" if asked.state == "requested" else asked.state]]
    return [*ended, asked.ended_why] if asked.state == "revoked" else ended


async def _replaced(session: Reader, asked: Approval) -> list[str]:
    """That it counts no more, and why: other words, or the reason that was noted."""
    given = asked.valid_until is not None
    said, why = words.replaced(asked.code, given=given), asked.ended_why
    if asked.subject == "statement":
        newer = await follow.subject_of(session, asked.subject, asked.subject_id)
        if newer.digest != asked.digest:
            why = words.CHANGED_AFTER if given else words.CHANGED
    return [said, why]
