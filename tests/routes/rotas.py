"""What the tests of the rota share: words for people, spans and shifts, and looks at them."""

from api.database import reading
from api.ids import encode
from api.lifecycle import schedule as lifecycle
from tests.routes.places import pressed

# START of the world is 01:00 UTC on a Tuesday, 03:00 in Vienna: the night shift is on.
NOBODY = f"usr_{'0' * 26}"
RULE = {"days": [0], "from": "20:00", "until": "07:00", "starts_on": "2026-05-11"}


def public(person):
    return encode("usr", person.user.id)


async def look(person, rota, **span):
    return await person.get(f"/v1/schedules/{rota['id']}/shifts", **span)


def told(shifts, day="2026-05-12"):
    """Name, from, until of each shift; the day is left out when it is the first."""
    edges = ("starts_at", "ends_at")
    return [
        (one["name"], *(one[edge][:16].removeprefix(f"{day}T") for edge in edges))
        for one in shifts["data"]
    ]


async def refused(person, path, body, pointer):
    answer = await person.web.post(path, json=body, headers=pressed())
    assert answer.status_code == 422, answer.text
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    return answer.json()["detail"]


def an_override(**facts):
    """Cover for a day; the facts say who covers, and what is different."""
    return {"starts_at": "2026-05-13T00:00:00Z", "ends_at": "2026-05-14T00:00:00Z", **facts}


def a_swap(mia, ben):
    return {
        "first": {
            "user_id": public(mia), "starts_at": "2026-05-12T12:00:00Z",
            "ends_at": "2026-05-13T12:00:00Z",
        },
        "second": {
            "user_id": public(ben), "starts_at": "2026-05-19T12:00:00Z",
            "ends_at": "2026-05-20T12:00:00Z",
        },
    }  # fmt: skip


async def now_on_call(world, at=None):
    async with reading() as session:
        return await lifecycle.now_on_call(session, at or world.at)
