"""Who is there in these tests: the owner of the workspace, or nobody at all."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api.app import app
from api.database import transaction
from api.lifecycle import people
from api.models import User
from api.routes.asking import COOKIE
from tests.world import PASSWORD, Person, World


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Hashing is slow on purpose; once is enough for those who only have to be signed in."""
    return people._hasher().hash(PASSWORD)


async def signed_in(world: World, name: str, password_hash: str) -> Person:
    """An owner of the workspace with a browser, and without a phone."""
    async with transaction() as session:
        user = User(
            name=name, email=f"{name.lower()}@agency.test", phone="+43 660 000 00 00", ring_order=0,
            zone="Europe/Vienna", role="owner", password_hash=password_hash,
        )  # fmt: skip
        session.add(user)
        await session.flush()
        token = await people.sign_in(session, user)
    person = Person(world, user, world.web())
    person.web.cookies.set(COOKIE, token)
    world.people[name] = person
    return person


@pytest.fixture
async def boss(small_world: World, password_hash: str) -> Person:
    """The owner of the workspace, on SQLite alone."""
    return await signed_in(small_world, "Boss", password_hash)


@pytest.fixture
async def mia(world: World, password_hash: str) -> Person:
    """The owner of the workspace, on each database."""
    return await signed_in(world, "Mia", password_hash)


@pytest.fixture
async def app_alone() -> AsyncIterator[httpx.AsyncClient]:
    """The application for what needs no database."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://nightdesk.test") as web:
        yield web
