"""Rosa, her browser, and a question about her website."""

from collections.abc import AsyncIterator

import pytest

from api.models import Approval
from tests.owner_browser import OwnersBrowser
from tests.routes.owner_asked import (
    Ids,
    about_website,
    answer_at,
    attacked,
    can_write,
    link_for,
    shows_who_it_is,
)
from tests.world import Person, World


@pytest.fixture
async def ids(small_world: World, boss: Person) -> Ids:
    """A client in an incident; the operator can write texts."""
    can_write()
    return await attacked(small_world, boss, "Corner")


@pytest.fixture
async def rosa(small_world: World) -> AsyncIterator[OwnersBrowser]:
    async with OwnersBrowser(small_world.app) as browser:
        yield browser


@pytest.fixture
async def asked(boss: Person, ids: Ids) -> Approval:
    """The question about the website."""
    return await about_website(boss, ids)


@pytest.fixture
async def link(boss: Person, ids: Ids, asked: Approval) -> str:
    """The path of a private page, made after the question was asked."""
    return await link_for(boss, ids["client_id"])


@pytest.fixture
async def page(asked: Approval, link: str) -> str:
    """The path on which the website is answered for."""
    return answer_at(link, asked)


@pytest.fixture
async def known(
    small_world: World, rosa: OwnersBrowser, asked: Approval, link: str
) -> tuple[str, Approval]:
    """Rosa's phone is known and she looks at the question about the website; gives link and it."""
    await shows_who_it_is(small_world, rosa, answer_at(link, asked))
    return link, asked
