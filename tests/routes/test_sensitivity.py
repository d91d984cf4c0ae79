"""How soon a client may wake somebody: three words, changed like everything else of a client."""

from typing import get_args

import pytest

from api.models import Client
from api.models.clients import SENSITIVITIES
from api.routes.clients import Sensitivity
from tests.routes.places import pressed, program


async def a_client(boss, **facts):
    return await boss.post("/v1/clients", {"name": "Corner", **facts})


async def patch(web, client, word, **headers):
    path = f"/v1/clients/{client}"
    return await web.patch(path, json={"sensitivity": word}, headers=headers)


async def kept(world):
    return (await world.rows(Client))[0].sensitivity


def test_the_words_at_the_door_are_the_words_in_the_table():
    assert get_args(Sensitivity) == SENSITIVITIES


async def test_a_new_client_is_normal_unless_it_is_said_otherwise(boss):
    assert (await a_client(boss))["sensitivity"] == "normal"
    assert (await a_client(boss, sensitivity="calm"))["sensitivity"] == "calm"


@pytest.mark.parametrize("word", SENSITIVITIES)
async def test_every_word_can_be_chosen_and_stays(world, mia, word):
    client = (await a_client(mia))["id"]
    changed = await patch(mia.web, client, word, **{"If-Match": "*"})
    assert (changed.status_code, changed.json()["sensitivity"]) == (200, word)
    renamed = await mia.web.patch(
        f"/v1/clients/{client}", json={"name": "Other", "sensitivity": None},
        headers={"If-Match": changed.headers["ETag"]},
    )  # fmt: skip
    assert (renamed.status_code, renamed.json()["sensitivity"]) == (200, word)
    assert (await mia.get(f"/v1/clients/{client}"))["sensitivity"] == await kept(world) == word


@pytest.mark.parametrize("word", ["loud", "", "Calm", 3])
async def test_another_word_is_refused_and_changes_nothing(small_world, boss, word):
    client = (await a_client(boss, sensitivity="sharp"))["id"]
    body = {"name": "Second", "sensitivity": word}
    answers = [
        await patch(boss.web, client, word, **{"If-Match": "*"}),
        await boss.web.post("/v1/clients", json=body, headers=pressed()),
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/sensitivity"]
    assert [one.sensitivity for one in await small_world.rows(Client)] == ["sharp"]


async def test_it_is_changed_from_a_version_that_was_seen(small_world, boss):
    client = (await a_client(boss))["id"]
    assert (await patch(boss.web, client, "calm")).status_code == 428
    changed = await patch(boss.web, client, "calm", **{"If-Match": '"1"'})
    assert changed.headers["ETag"] == '"2"'
    stale = await patch(boss.web, client, "sharp", **{"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["newer"]["sensitivity"]) == (412, "calm")
    assert await kept(small_world) == "calm"


async def test_only_who_may_write_clients_changes_it(small_world, boss):
    client = (await a_client(boss))["id"]
    other = (await a_client(boss))["id"]
    async with (
        small_world.web() as stranger,
        await program(small_world, boss, "clients:read") as reader,
        await program(small_world, boss, "clients:write", client_ids=[other]) as neighbour,
        await program(small_world, boss, "clients:write", client_ids=[client]) as own,
    ):
        for web, status in ((stranger, 401), (reader, 403), (neighbour, 404)):
            answer = await patch(web, client, "sharp", **{"If-Match": "*"})
            assert answer.status_code == status, answer.text
        assert (await boss.get(f"/v1/clients/{client}"))["sensitivity"] == "normal"
        answer = await patch(own, client, "sharp", **{"If-Match": "*"})
        assert (answer.status_code, answer.json()["sensitivity"]) == (200, "sharp")
