"""The owner's answer: shown once more word for word, given from a known phone, done once."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response

from api import words_owner as words
from api.acting import do, follow, settle
from api.database import Reader, Writer
from api.errors import DigestChanged, InvalidTransition
from api.lifecycle import approval as approvals
from api.lifecycle import owner_phone as phones
from api.lifecycle.approval import Answer
from api.models import Action, Approval
from api.routes import owner_sees
from api.routes.asking import Reading, Writing, by_link
from api.routes.owner_door import (
    Known,
    PageRoute,
    Visit,
    an_approval,
    answering,
    from_here,
    known_phone,
    managers,
    name_of,
    page,
    see,
)
from api.routes.owner_question import is_open, kind_of, question
from api.routes.owner_verify import verify_page
from api.routes.shapes import In

router = APIRouter(
    tags=["client page"], include_in_schema=False, route_class=PageRoute, dependencies=[by_link]
)


class Said(In):
    """What a form of these pages sends; `digest` is of what stood on it."""

    answer: Literal["yes", "no", "changes"] = "yes"
    digest: str = ""
    words: str = ""


Form_ = Annotated[Said, Form()]


@router.get("/p/{token}/answer/{approval_id}")
async def get_answer_page(
    token: str, approval_id: str, request: Request, session: Reading
) -> Response:
    """Exactly what the yes is for, and the one button that says it."""
    return await _ask(session, request, token, approval_id, "confirm.html")


@router.get("/p/{token}/not-now/{approval_id}")
async def get_not_now_page(
    token: str, approval_id: str, request: Request, session: Reading
) -> Response:
    """A no, with a reason for who wants to give one."""
    return await _ask(session, request, token, approval_id, "no.html", answer="no")


@router.get("/p/{token}/other-words/{approval_id}")
async def get_other_words_page(
    token: str, approval_id: str, request: Request, session: Reading
) -> Response:
    """A wish for other words."""
    return await _ask(session, request, token, approval_id, "no.html", answer="changes")


@router.post("/p/{token}/answer/{approval_id}")
async def post_answer(
    token: str, approval_id: str, said: Form_, request: Request, session: Writing
) -> Response:
    """Yes, no, or other words. The first counts; whatever comes later is told what is true."""
    from_here(request)
    visit = await answering(session, token)
    asked = await an_approval(session, visit, approval_id)
    known = await known_phone(session, request, visit)
    if known is None:
        return see(request.url.path)
    await _given(session, asked, said, known)
    await phones.used(session, known.phone)
    return see(visit.at())


async def _given(session: Writer, asked: Approval, said: Said, known: Known) -> None:
    if not is_open(asked):
        raise InvalidTransition(current_state=asked.state, allowed=[])
    if said.digest != asked.digest:
        raise DigestChanged
    answer = Answer(
        "page", known.contact.id, known.contact.name, phone_id=known.phone.id, words=said.words
    )
    if said.answer == "yes":
        await _yes(session, asked, answer, known)
    elif said.answer == "changes" and asked.subject == "statement":
        await follow.on_changes(session, asked, answer, by=known.actor)
    else:
        await follow.on_no(session, asked, answer, by=known.actor)


async def _yes(session: Writer, asked: Approval, answer: Answer, known: Known) -> None:
    """A take-down begins with this yes; words only become free to go out."""
    await follow.on_yes(session, asked, answer, by=known.actor)
    if kind_of(asked) == "take_down":
        action = await session.get_one(Action, asked.subject_id)
        await do.execute(session, action, by=known.actor)
        await settle.settle(session, action.id)


async def _ask(
    session: Reader, request: Request, token: str, approval_id: str, name: str, **more: Any
) -> Response:
    """One of the pages of a question: what is true instead, whose phone this is, or the page."""
    visit = await answering(session, token)
    asked = await an_approval(session, visit, approval_id)
    if not is_open(asked) or await _is_another(session, asked):
        return await _over(session, visit, asked)
    if await known_phone(session, request, visit) is None:
        return await verify_page(session, request, visit)
    people = await managers(session, visit.client)
    ask = question(visit, asked)
    facts = {"ask": ask, "home": visit.at(), "people": people, "manager": name_of(people)}
    return page(name, facts | {"yes": words.YES[ask.kind]} | more)


async def _is_another(session: Reader, asked: Approval) -> bool:
    """Whether the thing itself is not any more what the question was about."""
    subject = await follow.subject_of(session, asked.subject, asked.subject_id)
    return subject.digest != asked.digest


async def _over(session: Reader, visit: Visit, asked: Approval) -> Response:
    """What became of this question, and the newer version where there is one."""
    people = await managers(session, visit.client)
    newest = await approvals.newest_of(session, asked.subject_id)
    newer = newest if newest and newest.id != asked.id and is_open(newest) else None
    changed = newer is not None or is_open(asked)
    facts = {
        "told": await owner_sees.told(session, visit, asked, name_of(people)),
        "changed": words.JUST_CHANGED if changed else "",
        "new_version": words.NEW_VERSION, "asked_anew": words.ASKED_ANEW,
        "newer": question(visit, newer) if newer else None,
        "home": visit.at(), "people": people,
    }  # fmt: skip
    return page("over.html", facts)
