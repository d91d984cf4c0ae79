"""Tables of nights: whose turn it is, and what the two nights of a year do to a shift."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from api import rota
from api.rota import BadRota, Override, Shift, Span

MIA, BEN, KIM = (UUID(int=number) for number in (1, 2, 3))
NAMES = {MIA: "mia", BEN: "ben", KIM: "kim"}
DAILY = list(range(7))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def rule(start, until, *people, days=DAILY, starts_on="2026-01-05"):
    people = people or (MIA,)
    return {
        "days": days, "from": start, "until": until, "starts_on": starts_on,
        "people": [str(person) for person in people],
    }  # fmt: skip


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def of_day(rules, zone, day, *overrides, days=1):
    """Who is on shift in the UTC day: name, from, until."""
    start = utc(day)
    found = rota.shifts(rules, overrides, zone, start, start + days * DAY)
    return [(NAMES[one.user_id], f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in found]


NIGHT = [rule("20:00", "07:00")]
# zone, rule, the UTC moments of the shift that touches the night, its length.
TWO_NIGHTS = [
    ("Europe/Vienna", ("20:00", "07:00"), "2026-03-28T19:00", "2026-03-29T05:00", 10),
    ("Europe/Vienna", ("20:00", "07:00"), "2026-10-24T18:00", "2026-10-25T06:00", 12),
    ("Europe/Vienna", ("20:00", "07:00"), "2026-06-01T18:00", "2026-06-02T05:00", 11),
    # 02:30 is not shown: the shift begins, or ends, when the clock jumps from 02:00 to 03:00.
    ("Europe/Vienna", ("02:30", "07:00"), "2026-03-29T01:00", "2026-03-29T05:00", 4),
    ("Europe/Vienna", ("20:00", "02:30"), "2026-03-28T19:00", "2026-03-29T01:00", 6),
    # 02:30 is shown twice: it begins with the first and ends with the second.
    ("Europe/Vienna", ("02:30", "07:00"), "2026-10-25T00:30", "2026-10-25T06:00", 5.5),
    ("Europe/Vienna", ("20:00", "02:30"), "2026-10-24T18:00", "2026-10-25T01:30", 7.5),
    ("Europe/Vienna", ("02:15", "02:45"), "2026-10-25T00:15", "2026-10-25T01:45", 1.5),
    ("Europe/Vienna", ("00:00", "00:00"), "2026-03-28T23:00", "2026-03-29T22:00", 23),
    ("Europe/Vienna", ("00:00", "00:00"), "2026-10-24T22:00", "2026-10-25T23:00", 25),
    ("America/New_York", ("20:00", "07:00"), "2026-03-08T01:00", "2026-03-08T11:00", 10),
    ("America/New_York", ("20:00", "07:00"), "2026-11-01T00:00", "2026-11-01T12:00", 12),
    ("America/New_York", ("02:30", "07:00"), "2026-03-08T07:00", "2026-03-08T11:00", 4),
    ("America/New_York", ("01:30", "07:00"), "2026-11-01T05:30", "2026-11-01T12:00", 6.5),
    ("America/New_York", ("20:00", "01:30"), "2026-11-01T00:00", "2026-11-01T06:30", 6.5),
    # Half an hour: at 02:00 it is 02:30 in October; at 02:00 it is 01:30 in April.
    ("Australia/Lord_Howe", ("20:00", "07:00"), "2026-10-03T09:30", "2026-10-03T20:00", 10.5),
    ("Australia/Lord_Howe", ("20:00", "07:00"), "2026-04-04T09:00", "2026-04-04T20:30", 11.5),
    ("Australia/Lord_Howe", ("02:15", "07:00"), "2026-10-03T15:30", "2026-10-03T20:00", 4.5),
    ("Australia/Lord_Howe", ("01:45", "07:00"), "2026-04-04T14:45", "2026-04-04T20:30", 5.75),
    ("Australia/Lord_Howe", ("20:00", "01:45"), "2026-04-04T09:00", "2026-04-04T15:15", 6.25),
    ("Asia/Kathmandu", ("20:00", "07:00"), "2026-03-28T14:15", "2026-03-29T01:15", 11),
    ("Asia/Kathmandu", ("20:00", "07:00"), "2026-10-24T14:15", "2026-10-25T01:15", 11),
]


@pytest.mark.parametrize(("zone", "hours", "start", "end", "length"), TWO_NIGHTS)
def test_a_shift_of_a_night_in_which_the_clock_jumps(zone, hours, start, end, length):
    middle = utc(start) + (utc(end) - utc(start)) / 2
    found = rota.shifts([rule(*hours)], [], zone, utc(start) - DAY, utc(end) + DAY)
    night = rota.on_call(found, middle)
    assert night == Shift(MIA, utc(start), utc(end))
    assert night.end - night.start == timedelta(hours=length)


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24", "2026-06-01"])
@pytest.mark.parametrize("change", ["02:30", "02:00", "03:00", "12:00"])
def test_shifts_that_follow_each_other_leave_no_gap_in_any_night(day, change):
    rules = [rule("00:00", change, MIA), rule(change, "00:00", BEN)]
    start, end = utc(day), utc(day) + 3 * DAY
    found = rota.shifts(rules, [], "Europe/Vienna", start, end)
    assert rota.gaps(found, start, end) == []


def test_a_shift_that_lies_in_the_hour_that_is_left_out_does_not_take_place():
    rules = [rule("02:10", "02:50")]
    assert of_day(rules, "Europe/Vienna", "2026-03-29") == []
    assert of_day(rules, "Europe/Vienna", "2026-03-30") == [("mia", "00:10", "00:50")]


def test_a_day_that_a_zone_left_out_has_no_shift_and_breaks_nothing():
    start, end = utc("2011-12-29T10:00"), utc("2012-01-01T10:00")
    rules = [rule("00:00", "00:00", MIA, starts_on="2011-01-03")]
    found = rota.shifts(rules, [], "Pacific/Apia", start, end)
    assert rota.gaps(found, start, end) == []
    assert sum((one.end - one.start for one in found), timedelta()) == end - start


def test_people_take_turns_by_the_week():
    rules = [rule("09:00", "10:00", MIA, BEN, KIM, days=[0, 6], starts_on="2026-01-07")]
    found = rota.shifts(rules, [], "UTC", utc("2026-01-01"), utc("2026-02-03"))
    # The fifth was a Monday, but it begins on the seventh: her week has its Sunday alone.
    assert [(one.start.date().isoformat()[5:], NAMES[one.user_id]) for one in found] == [
        ("01-11", "mia"), ("01-12", "ben"), ("01-18", "ben"), ("01-19", "kim"), ("01-25", "kim"),
        ("01-26", "mia"), ("02-01", "mia"), ("02-02", "ben"),
    ]  # fmt: skip


def test_a_turn_of_the_week_goes_on_over_new_year():
    rules = [rule("00:00", "00:00", MIA, BEN, starts_on="2026-12-21")]
    found = rota.shifts(rules, [], "UTC", utc("2026-12-27"), utc("2027-01-05"))
    assert [NAMES[one.user_id] for one in found] == ["mia", *["ben"] * 7, "mia"]


def test_a_shift_of_sunday_night_belongs_to_the_week_in_which_it_begins():
    rules = [rule("20:00", "07:00", MIA, BEN, days=[6])]
    assert of_day(rules, "UTC", "2026-01-12") == [("mia", "00:00", "07:00")]


def test_of_two_rules_the_first_holds():
    rules = [rule("12:00", "14:00", BEN), rule("08:00", "20:00", MIA)]
    expected = [("mia", "08:00", "12:00"), ("ben", "12:00", "14:00"), ("mia", "14:00", "20:00")]
    assert of_day(rules, "UTC", "2026-05-12") == expected
    assert of_day(rules[::-1], "UTC", "2026-05-12") == [("mia", "08:00", "20:00")]


def over(person, start, end, instead_of=None):
    return Override(person, utc(f"2026-05-12T{start}"), utc(f"2026-05-12T{end}"), instead_of)


DAY_OF_TWO = [rule("08:00", "12:00", MIA), rule("12:00", "16:00", BEN)]
OVERRIDES = {
    "over all others, gaps too": (
        [over(KIM, "11:00", "18:00")],
        [("mia", "08:00", "11:00"), ("kim", "11:00", "18:00")],
    ),
    "in the middle": (
        [over(KIM, "09:00", "10:00")],
        [("mia", "08:00", "09:00"), ("kim", "09:00", "10:00"), ("mia", "10:00", "12:00"),
         ("ben", "12:00", "16:00")],
    ),
    "in place of one alone": (
        [over(KIM, "07:00", "18:00", instead_of=BEN)],
        [("mia", "08:00", "12:00"), ("kim", "12:00", "16:00")],
    ),
    "in place of one who is not there": (
        [over(MIA, "07:00", "18:00", instead_of=KIM)],
        [("mia", "08:00", "12:00"), ("ben", "12:00", "16:00")],
    ),
    "a later one over an earlier one": (
        [over(KIM, "08:00", "16:00"), over(BEN, "09:00", "10:00")],
        [("kim", "08:00", "09:00"), ("ben", "09:00", "10:00"), ("kim", "10:00", "16:00")],
    ),
    "a swap": (
        [over(BEN, "08:00", "12:00", instead_of=MIA), over(MIA, "12:00", "16:00", instead_of=BEN)],
        [("ben", "08:00", "12:00"), ("mia", "12:00", "16:00")],
    ),
    "from one to the next to the next": (
        [over(BEN, "08:00", "12:00", instead_of=MIA), over(KIM, "10:00", "20:00", instead_of=BEN)],
        [("ben", "08:00", "10:00"), ("kim", "10:00", "12:00"), ("kim", "12:00", "16:00")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OVERRIDES)
def test_an_override(case):
    overrides, expected = OVERRIDES[case]
    assert of_day(DAY_OF_TWO, "UTC", "2026-05-12", *overrides) == expected


def test_an_override_of_another_day_changes_nothing():
    assert of_day(DAY_OF_TWO, "UTC", "2026-05-13", over(KIM, "00:00", "23:00")) == of_day(
        DAY_OF_TWO, "UTC", "2026-05-13"
    )


def test_an_override_is_marked_as_one():
    found = rota.shifts(
        DAY_OF_TWO, [over(KIM, "09:00", "10:00")], "UTC", utc("2026-05-12"), utc("2026-05-13")
    )
    assert [one.override for one in found] == [False, True, False, False]


def test_nobody_is_on_shift_where_there_is_a_gap():
    start, end = utc("2026-05-12T10:00"), utc("2026-05-13T10:00")
    found = rota.shifts(DAY_OF_TWO, [], "UTC", start, end)
    gap = Span(utc("2026-05-12T16:00"), utc("2026-05-13T08:00"))
    assert rota.gaps(found, start, end) == [gap]
    assert rota.on_call(found, gap.start) is None
    assert rota.on_call(found, gap.end - timedelta.resolution) is None
    assert rota.on_call(found, gap.end) == Shift(MIA, gap.end, end)
    assert rota.gaps([], start, end) == [Span(start, end)]
    assert rota.gaps([], start, start) == []


def test_before_its_first_day_a_rule_says_nothing():
    rules = [rule("20:00", "07:00", starts_on="2026-05-12")]
    assert of_day(rules, "UTC", "2026-05-11", days=2) == [("mia", "20:00", "00:00")]


GOOD = rule("20:00", "07:00")
BAD: list[Any] = [
    None, {}, "rules", [None], ["rule"], [[]], [{}], [GOOD | {"days": []}], [GOOD | {"days": [7]}],
    [GOOD | {"days": [-1]}], [GOOD | {"days": None}], [GOOD | {"days": ["0"]}],
    [GOOD | {"days": [[]]}], [GOOD | {"from": "25:00"}], [GOOD | {"from": 20}],
    [GOOD | {"until": "20:00:30"}], [GOOD | {"until": "20:00+02:00"}], [GOOD | {"until": None}],
    [GOOD | {"people": []}], [GOOD | {"people": ["Mia"]}], [GOOD | {"people": [7]}],
    [GOOD | {"people": None}], [GOOD | {"starts_on": "soon"}], [GOOD | {"starts_on": 2026}],
    [{key: value for key, value in GOOD.items() if key != "people"}],
]  # fmt: skip


@pytest.mark.parametrize("rules", BAD, ids=str)
def test_rules_that_cannot_be_meant_are_refused_in_a_sentence(rules):
    with pytest.raises(BadRota) as refused:
        rota.shifts(rules, [], "UTC", utc("2026-05-12"), utc("2026-05-13"))
    assert str(refused.value).endswith(".")


def test_the_second_rule_is_named_when_it_is_the_bad_one():
    with pytest.raises(BadRota, match="Shift 2 has no people"):
        rota.read([GOOD, GOOD | {"people": []}])


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe", "\0", None, 5])
def test_a_zone_that_is_none_is_refused(zone):
    with pytest.raises(BadRota, match="time zone"):
        rota.shifts(NIGHT, [], zone, utc("2026-05-12"), utc("2026-05-13"))


def test_what_is_written_is_read_again():
    rules = rota.read([GOOD, rule("00:00", "00:00", MIA, BEN, days=[6, 0])])
    assert rota.read([rota.written(one) for one in rules]) == rules
    assert rules[1].days == {0, 6}
    assert rules[1].starts_on == date(2026, 1, 5)
