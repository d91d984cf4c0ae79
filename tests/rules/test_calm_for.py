"""Calm is hours and, from a day on, a whole night: by the client’s clock, in strange nights too."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.statements.calm import Calm, calm_for

VIENNA = "Europe/Vienna"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(since: str, hours: int, zone: str = VIENNA) -> datetime | None:
    return calm_for(utc(since), utc("2027-01-01T00:00"), zone, hours).due_at


# Vienna is two hours ahead of UTC in May; a night there is 20:00 to 05:00 UTC.
@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-05-12T10:00", 2, "2026-05-12T12:00"),
        ("2026-05-12T10:00", 23, "2026-05-13T09:00"),
        ("2026-05-12T10:00", 24, "2026-05-13T10:00"),
        ("2026-05-12T19:59", 24, "2026-05-13T19:59"),
        ("2026-05-12T20:00", 24, "2026-05-13T20:00"),
        ("2026-05-12T20:01", 24, "2026-05-14T05:00"),
        ("2026-05-13T01:00", 24, "2026-05-14T05:00"),
        ("2026-05-13T04:59", 24, "2026-05-14T05:00"),
        ("2026-05-13T05:01", 24, "2026-05-14T05:01"),
        ("2026-05-12T20:01", 48, "2026-05-14T20:01"),
    ],
)
def test_a_day_of_calm_has_a_whole_night_in_it(since, hours, until):
    assert due(since, hours) == utc(until)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        # 29 March 2026, 02:00 becomes 03:00: that night ends at 05:00 UTC, an hour sooner.
        ("2026-03-28T22:30", "2026-03-30T05:00"),
        ("2026-03-28T21:00", "2026-03-29T21:00"),
        ("2026-03-28T21:01", "2026-03-30T05:00"),
        # 25 October 2026, 03:00 becomes 02:00: that night ends at 06:00 UTC, an hour later.
        ("2026-10-24T20:00", "2026-10-25T20:00"),
        ("2026-10-24T20:01", "2026-10-26T06:00"),
    ],
)
def test_an_hour_is_an_hour_in_the_nights_in_which_the_clock_is_changed(since, until):
    assert due(since, 24) == utc(until)


def test_the_short_and_the_long_night_are_nights():
    for since, ends in (
        ("2026-03-28T20:00", "2026-03-29T05:00"),
        ("2026-10-24T19:00", "2026-10-25T06:00"),
    ):
        before = calm_for(utc(since), utc(ends) - timedelta(seconds=1), VIENNA, 24)
        after = calm_for(utc(since), utc(ends), VIENNA, 24)
        assert (before.nights_so_far, after.nights_so_far) == (0, 1)


def test_hours_and_nights_are_counted_as_they_pass():
    since = utc("2026-05-12T10:00")
    assert calm_for(since, since + timedelta(hours=34, minutes=59), VIENNA, 48) == Calm(
        34, 1, since + timedelta(hours=48), is_due=False
    )
    assert calm_for(since, since + timedelta(hours=48), VIENNA, 48) == Calm(
        48, 2, since + timedelta(hours=48), is_due=True
    )


def test_another_zone_has_another_night():
    assert due("2026-05-12T20:01", 24, "Pacific/Auckland") == utc("2026-05-13T20:01")
    assert due("2026-05-12T20:01", 24, "America/New_York") == utc("2026-05-13T20:01")
    assert due("2026-05-12T03:00", 24, "America/New_York") == utc("2026-05-13T11:00")


def test_without_calm_nothing_is_counted_and_nothing_is_due():
    assert calm_for(None, utc("2026-05-12T10:00"), VIENNA, 48) == Calm(0, 0, None, is_due=False)
    future = calm_for(utc("2026-05-12T10:01"), utc("2026-05-12T10:00"), VIENNA, 1)
    assert future == Calm(0, 0, None, is_due=False)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(
    [
        VIENNA,
        "UTC",
        "America/New_York",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
    ]
)


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)), ZONES, st.integers(1, 720))
def test_it_is_due_once_it_is_due_and_never_sooner_than_the_hours(since, passed, zone, hours):
    calm = calm_for(since, since + passed, zone, hours)
    assert calm.due_at is not None
    wait = calm.due_at - since
    assert timedelta(hours=hours) <= wait
    assert wait <= timedelta(hours=hours) or wait <= timedelta(hours=34)
    assert calm.is_due == (passed >= wait)
    assert not calm.is_due or hours < 24 or calm.nights_so_far >= 1
    assert calm.hours_so_far == passed // timedelta(hours=1)
