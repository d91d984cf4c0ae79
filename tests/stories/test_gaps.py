"""Hours with nobody on shift are told in daylight, a day and three hours ahead, once each."""

from datetime import timedelta

from tests.world import Person, World

HOUR = timedelta(hours=1)


async def _rota(person: Person, *, until: str) -> None:
    """Everybody's every day is Mia's but for the hours from 02:00."""
    rule = {
        "days": [0, 1, 2, 3, 4, 5, 6], "from": until, "until": "02:00",
        "people": [(await person.get("/v1/me"))["id"]], "starts_on": "2026-01-05",
    }  # fmt: skip
    body = {"name": "Nights", "zone": "Europe/Vienna", "shifts": [rule]}
    await person.post("/v1/schedules", body)


async def _titles(world: World, person: Person, hours: float) -> list[tuple[int, str]]:
    """What buzzed in these hours, each with the hour of the person's own clock."""
    assert person.phone is not None
    found: list[tuple[int, str]] = []
    before = len(person.phone.shown)
    end = world.at + timedelta(hours=hours)
    while world.at < end:
        await world.waits(timedelta(minutes=5))
        found += [
            ((world.at + 2 * HOUR).hour, shown.notification["title"])
            for shown in person.phone.shown[before:]
            if shown.notification["data"]["kind"] == "gap"
        ]
        before = len(person.phone.shown)
    return found


async def test_a_gap_at_night_is_told_by_day_and_before_the_quiet_hours_begin(world, mia):
    hours = {"quiet_from": "22:00", "quiet_until": "07:30"}
    await mia.web.patch("/v1/me", json=hours, headers={"If-Match": "*"})
    world.at = world.at.replace(hour=18)
    await _rota(mia, until="08:00")
    told = await _titles(world, mia, hours=2.5)
    assert [title for _, title in told[:1]] == ["Nobody is on call Wed 13 May, 02:00 to 08:00"]
    assert [hour for hour, _ in told] == [20, 21, 21]
    assert [title for _, title in told].count("Nobody is on call Wed 13 May, 02:00 to 08:00") == 2


async def test_a_rota_without_holes_tells_nothing(world, mia):
    await _rota(mia, until="02:00")
    assert await _titles(world, mia, hours=1) == []


async def test_without_any_rota_the_ladder_alone_counts(world, mia):
    assert await _titles(world, mia, hours=1) == []


async def test_whoever_is_on_shift_is_rung_first_and_without_anybody_the_ladder_is(world, mia, ben):
    ben_id = (await ben.get("/v1/me"))["id"]
    rule = {
        "days": [0, 1, 2, 3, 4, 5, 6], "from": "00:00", "until": "06:00",
        "people": [ben_id], "starts_on": "2026-01-05",
    }  # fmt: skip
    await mia.post("/v1/schedules", {"name": "N", "zone": "Europe/Vienna", "shifts": [rule]})
    assert [one["name"] for one in (await mia.get("/v1/on-call"))["ladder"]] == ["Ben", "Mia"]
    world.at += 6 * HOUR
    assert [one["name"] for one in (await mia.get("/v1/on-call"))["ladder"]] == ["Mia", "Ben"]
