"""What is known around a statement: facts to fill it with, people not to name, words to weigh."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from api.clock import now
from api.database import Reader
from api.lifecycle import statement_text
from api.lifecycle.intake import LOW_STARS
from api.models import Client, Contact, Incident, Review, Statement
from api.statements.checks import About
from api.statements.objection import Objection, objection
from api.statements.templates import TEMPLATES, Facts

# Of very many reviews the newest tell enough, and a look at a statement stays quick.
_MOST_REVIEWS = 300


async def facts(session: Reader, incident: Incident) -> Facts:
    """What a template can be filled with."""
    client = await session.get_one(Client, incident.client_id)
    owner = next(iter(await _contacts(session, client)), None)
    began = incident.since.astimezone(ZoneInfo(client.zone))
    return Facts(client.name, client.town, owner.name if owner else "", began)


async def about(session: Reader, statement: Statement) -> About:
    """What its words are read with."""
    client = await session.get_one(Client, statement.client_id)
    contacts = await _contacts(session, client)
    reviews = await bad_reviews(session, statement)
    template = TEMPLATES.get(statement.template)
    among_us = template is not None and template.readers != "public"
    signer = contacts[0].name if contacts else ""
    return About(
        client=client.name, town=client.town, signer=signer,
        speakers=[signer] if among_us and signer else [],
        people=[one.name for one in contacts],
        reviewers=[one.author for one in reviews if one.author],
        private=[way for one in contacts for way in (one.phone, one.email) if way],
        reviews=[one.text for one in reviews],
        fits=await statement_text.fits(session, statement),
    )  # fmt: skip


async def weighed(session: Reader, statement: Statement) -> Objection | None:
    """Why holding it back may be wrong, by its own words and those of the bad reviews."""
    reviews = await bad_reviews(session, statement)
    return objection([f"{one.title}. {one.text}" for one in reviews], statement.text)


async def bad_reviews(session: Reader, statement: Statement) -> list[Review]:
    """The newest low reviews of its incident, and those that carry no stars."""
    incident = await session.get(Incident, statement.incident_id) if statement.incident_id else None
    if incident is None:
        return []
    stars = col(Review.stars)
    found = await session.exec(
        select(Review)
        .where(
            Review.client_id == incident.client_id,
            col(Review.counts_at) >= incident.since,
            col(Review.counts_at) <= _until(incident),
            col(Review.history).is_(False),
            stars.is_(None) | (stars <= LOW_STARS),
        )
        .order_by(col(Review.counts_at).desc())
        .limit(_MOST_REVIEWS)
    )
    return list(found)


def _until(incident: Incident) -> datetime:
    return incident.ended_at or now()


async def _contacts(session: Reader, client: Client) -> list[Contact]:
    found = await session.exec(
        select(Contact)
        .where(Contact.client_id == client.id)
        .order_by(col(Contact.ring_order), col(Contact.id))
    )
    return list(found)
