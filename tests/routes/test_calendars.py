"""The rota in a calendar: behind a secret address, in UTC, and never more than text."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlmodel import col, update

from api.database import transaction
from api.ids import encode
from api.models import CalendarFeed, User
from tests.routes.places import a_rota, everything, pressed

HOSTILE = "N\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTACH:http://x.test/;,\\n \u2028\x07🌙" + "x" * 50


@pytest.fixture
async def ben(world):
    return await world.hires("Ben")


async def a_feed(person, rota, **facts):
    return await person.post(f"/v1/schedules/{rota['id']}/calendar-feed", facts)


async def fetch(world, url, **headers):
    async with world.web() as web:
        return await web.get(url, headers=headers)


async def events(world, url):
    answer = await fetch(world, url)
    assert answer.status_code == 200, answer.text
    return Calendar.from_ical(answer.content).walk("VEVENT")


async def test_the_calendar_says_who_is_on_shift_when(world, mia, ben):
    made = await a_rota(mia, mia, ben)
    feed = await a_feed(mia, made)
    assert feed["url"].startswith("http://nightdesk.test/calendars/")
    assert feed["webcal_url"] == feed["url"].replace("http:", "webcal:")
    answer = await fetch(world, feed["url"])
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    calendar = Calendar.from_ical(answer.content)
    shifts = calendar.walk("VEVENT")
    first = shifts[0]
    # It begins on the eleventh; a fortnight back there was none.
    assert first.decoded("DTSTART") == datetime(2026, 5, 11, 18, tzinfo=UTC)
    assert first.decoded("DTEND") == datetime(2026, 5, 12, 5, tzinfo=UTC)
    assert [str(one["SUMMARY"]) for one in shifts[:8]] == ["Mia: Nights"] * 7 + ["Ben: Nights"]
    assert len(shifts) == 181
    assert len({str(one["UID"]) for one in shifts}) == 181


async def test_the_lines_that_calendars_look_for_are_there(world, mia):
    answer = await fetch(world, (await a_feed(mia, await a_rota(mia)))["url"])
    lines = answer.content.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert {
        "VERSION:2.0", "NAME:Nights", "X-WR-CALNAME:Nights", "X-PUBLISHED-TTL:PT1H",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "DTSTART:20260511T180000Z",
        "DTEND:20260512T050000Z", "TRANSP:TRANSPARENT", "DTSTAMP:20260512T010000Z",
    } <= set(lines)  # fmt: skip
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "TZID" not in answer.text


async def test_a_person_may_have_their_own_shifts_alone(world, mia, ben):
    made = await a_rota(mia, mia, ben)
    feed = await a_feed(mia, made, user_id=encode("usr", ben.user.id))
    found = await events(world, feed["url"])
    assert {str(one["SUMMARY"]) for one in found} == {"On call: Nights"}
    assert found[0].decoded("DTSTART") == datetime(2026, 5, 18, 18, tzinfo=UTC)
    assert "Mia" not in (await fetch(world, feed["url"])).text


async def test_what_has_not_changed_is_not_sent_again(world, mia):
    made = await a_rota(mia)
    feed = await a_feed(mia, made)
    tag = (await fetch(world, feed["url"])).headers["ETag"]
    again = await fetch(world, feed["url"], **{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    world.at += timedelta(hours=3)
    assert (await fetch(world, feed["url"], **{"If-None-Match": tag})).status_code == 304
    body = {"name": "Late nights"}
    await mia.web.patch(f"/v1/schedules/{made['id']}", json=body, headers=pressed())
    assert (await fetch(world, feed["url"], **{"If-None-Match": tag})).status_code == 200


async def test_a_shift_keeps_its_name_while_days_pass_and_people_change(world, mia, ben):
    made = await a_rota(mia)
    feed = await a_feed(mia, made)
    before = {str(one["UID"]): one.decoded("DTSTART") for one in await events(world, feed["url"])}
    holiday = {
        "user_id": encode("usr", ben.user.id), "instead_of": encode("usr", mia.user.id),
        "starts_at": "2026-05-20T00:00:00Z", "ends_at": "2026-06-20T00:00:00Z",
    }  # fmt: skip
    await mia.post(f"/v1/schedules/{made['id']}/overrides", holiday)
    for _ in range(30):
        world.at += timedelta(days=1, minutes=7)
        found = {
            str(one["UID"]): one.decoded("DTSTART") for one in await events(world, feed["url"])
        }
        same = set(before) & set(found)
        assert all(before[uid] == found[uid] for uid in same)
        ahead = {uid for uid, at in before.items() if at > world.at + timedelta(days=1)}
        # The holiday begins and ends in a night: two shifts are cut in two.
        assert len(ahead - set(found)) <= 2
        before = found


async def test_a_long_holiday_is_one_shift_with_one_beginning_every_day(world, mia, ben):
    made = await a_rota(mia)
    feed = await a_feed(mia, made, user_id=encode("usr", ben.user.id))
    cover = {
        "user_id": encode("usr", ben.user.id), "starts_at": "2026-05-13T00:00:00Z",
        "ends_at": "2027-05-13T00:00:00Z",
    }  # fmt: skip
    await mia.post(f"/v1/schedules/{made['id']}/overrides", cover)
    for _ in range(10):
        world.at += timedelta(days=20)
        (one,) = await events(world, feed["url"])
        assert one.decoded("DTSTART") == datetime(2026, 5, 13, tzinfo=UTC)
        assert one.decoded("DTEND") == datetime(2027, 5, 13, tzinfo=UTC)


async def test_hostile_names_stay_text(world, mia):
    made = await a_rota(mia, name=HOSTILE)
    async with transaction() as session:
        where = col(User.id) == mia.user.id
        await session.exec(update(User).where(where).values(name="Mia\nATTENDEE:x@y.test"))
    answer = await fetch(world, (await a_feed(mia, made))["url"])
    shifts = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(shifts) == 181
    allowed = {
        "UID", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "TRANSP",
    }  # fmt: skip
    assert {name for one in shifts for name in one} == allowed
    assert "ATTENDEE:x@y.test" in str(shifts[0]["SUMMARY"])
    assert "ATTACH:http://x.test/;,\\n" in str(shifts[0]["SUMMARY"])
    assert b"ATTACH:http://x.test/\\;\\,\\\\n" in answer.content.replace(b"\r\n ", b"")
    lines = answer.content.decode().split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert all(sign.isprintable() for line in lines for sign in line)


async def test_an_address_that_is_none_is_not_found(world, mia):
    await a_feed(mia, await a_rota(mia))
    for token in ("x", "x" * 43, "%00", "🌙", "..%2f..", "a" * 5000):
        answer = await fetch(world, f"/calendars/{token}/shifts.ics")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert (await fetch(world, "/calendars/x/other.ics")).status_code == 404


async def test_the_secret_is_shown_once_and_kept_as_a_hash(world, mia):
    made = await a_rota(mia)
    path = f"/v1/schedules/{made['id']}/calendar-feed"
    feed = await mia.post(path, {}, key="k")
    assert await mia.post(path, {}, key="k") == feed
    token = feed["url"].split("/")[-2]
    assert len(token) == 43
    assert token not in str(await everything())
    assert token not in str(await mia.get("/v1/schedules"))
    assert len(await world.rows(CalendarFeed)) == 1


async def test_replacing_a_feed_ends_the_ones_before_it_and_no_other(world, mia, ben):
    made = await a_rota(mia)
    other = await a_rota(mia, name="Other")
    theirs = await a_feed(mia, made, user_id=encode("usr", ben.user.id))
    elsewhere = await a_feed(mia, other)
    first = await a_feed(mia, made)
    second = await a_feed(mia, made)
    assert (await fetch(world, first["url"])).status_code == 200
    third = await a_feed(mia, made, rotate=True)
    for feed, status in (
        (first, 404), (second, 404), (third, 200), (theirs, 200), (elsewhere, 200),
    ):  # fmt: skip
        assert (await fetch(world, feed["url"])).status_code == status
    mine = await a_feed(mia, made, user_id=encode("usr", ben.user.id), rotate=True)
    assert (await fetch(world, theirs["url"])).status_code == 404
    assert (await fetch(world, mine["url"])).status_code == 200


async def test_a_feed_of_a_stranger_is_refused(boss):
    made = await a_rota(boss)
    answer = await boss.web.post(
        f"/v1/schedules/{made['id']}/calendar-feed", json={"user_id": f"usr_{'0' * 26}"},
        headers=pressed(),
    )  # fmt: skip
    assert (answer.status_code, answer.json()["detail"]) == (422, "This person is not here.")
