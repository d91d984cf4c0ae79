"""Any rules, in any zone, over any jump of the clock: the wall clock is what counts."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from api import rota
from api.rota import Override

OFTEN = settings(max_examples=300, deadline=None)
PEOPLE = [UUID(int=number) for number in range(1, 5)]
DAY = timedelta(days=1)
ZONES = sorted(available_timezones() - {"localtime"})
# Half hours, whole days, midnight: where clocks jump in unusual ways.
ODD = [
    "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia",
    "America/Havana", "Asia/Beirut", "Africa/Casablanca", "America/St_Johns", "Antarctica/Troll",
    "Atlantic/Azores", "Pacific/Chatham", "America/Nuuk", "Asia/Tehran",
]  # fmt: skip


def offset(zone, at):
    return at.astimezone(ZoneInfo(zone)).utcoffset()


@cache
def jumps(zone: str, year: int) -> list[datetime]:
    """The UTC days of a year on which the clock of a zone jumps."""
    days = [datetime(year, 1, 1, tzinfo=UTC) + number * DAY for number in range(366)]
    offsets = [offset(zone, day) for day in days]
    return [day for day, (one, two) in zip(days, pairwise(offsets), strict=False) if one != two]


@st.composite
def spans(draw):
    """A zone and some weeks of it, more often than not with a jump inside."""
    zone = draw(st.one_of(st.sampled_from(ODD), st.sampled_from(ZONES)))
    year = draw(st.integers(1985, 2045))
    days = jumps(zone, year) or [datetime(year, 6, 1, tzinfo=UTC)]
    start = draw(st.sampled_from(days)) - draw(st.integers(0, 3 * 24 * 60)) * timedelta(minutes=1)
    return zone, start, start + draw(st.integers(1, 35 * 24 * 60)) * timedelta(minutes=1)


WALL = st.one_of(
    st.sampled_from(["00:00", "00:30", "01:45", "02:00", "02:15", "02:30", "03:00", "23:00"]),
    st.times().map("{:%H:%M}".format),
)
RULES = st.lists(
    st.fixed_dictionaries(
        {
            "days": st.one_of(st.just(list(range(7))), st.lists(st.integers(0, 6), min_size=1)),
            "from": WALL,
            "until": WALL,
            "people": st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4).map(
                lambda people: [str(person) for person in people]
            ),
            "starts_on": st.one_of(
                st.just("1980-01-01"), st.dates().map(lambda day: day.isoformat())
            ),
        }
    ),
    max_size=4,
)


@st.composite
def overrides_in(draw, start, end):
    """Some that lie in the span, and some that reach out of it."""
    minutes = int((end - start).total_seconds()) // 60
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begin = start + draw(st.integers(-5000, minutes + 5000)) * timedelta(minutes=1)
        finish = begin + draw(st.integers(1, 10_000)) * timedelta(minutes=1)
        instead = draw(st.one_of(st.none(), st.sampled_from(PEOPLE)))
        found.append(Override(draw(st.sampled_from(PEOPLE)), begin, finish, instead))
    return found


def moments(zone, start, end, number=60):
    """Some all over the span, and around a jump of the clock that is in it."""
    step = (end - start) / number
    there = [start + place * step for place in range(number)]
    for one, two in pairwise(tuple(there)):
        if offset(zone, one) != offset(zone, two):
            jump = jump_between(zone, one, two)
            there += [jump + minutes * timedelta(minutes=5) for minutes in range(-24, 24)]
    return [at for at in there if start <= at < end]


def jump_between(zone, one, two):
    """By halves, to the first second after the jump."""
    while two - one > timedelta(seconds=1):
        middle = one + (two - one) / 2
        is_before = offset(zone, middle) == offset(zone, one)
        one, two = (middle, two) if is_before else (one, middle)
    return two.replace(microsecond=0)


def by_the_wall(rules, wall):
    """Who is on shift by what the clock on the wall says, without any thought of zones."""
    for one in rota.read(rules):
        for day in (wall.date(), wall.date() - DAY):
            start = datetime.combine(day, one.start)
            until = datetime.combine(day, one.until)
            until += DAY if until <= start else timedelta()
            if day >= one.starts_on and day.weekday() in one.days and start <= wall < until:
                weeks = (day.toordinal() - 1) // 7 - (one.starts_on.toordinal() - 1) // 7
                return one.people[weeks % len(one.people)]
    return None


def who(found, at):
    shift = rota.on_call(found, at)
    return shift and shift.user_id


@OFTEN
@given(spans(), RULES, st.data())
def test_shifts_and_gaps_tile_the_span_exactly(span, rules, data):
    zone, start, end = span
    overrides = data.draw(overrides_in(start, end))
    found = rota.shifts(rules, overrides, zone, start, end)
    empty = rota.gaps(found, start, end)
    tiles = [(one.start, one.end) for one in found] + [(one.start, one.end) for one in empty]
    tiles.sort()
    assert all(begin < finish for begin, finish in tiles)
    assert tiles[0][0] == start
    assert tiles[-1][1] == end
    assert all(one[1] == two[0] for one, two in pairwise(tiles))
    assert found == sorted(found, key=lambda one: one.start)


@OFTEN
@given(spans(), RULES)
def test_whoever_the_wall_clock_shows_is_on_shift(span, rules):
    zone, start, end = span
    found = rota.shifts(rules, [], zone, start, end)
    for at in moments(zone, start, end):
        there = at.astimezone(ZoneInfo(zone))
        shown = by_the_wall(rules, there.replace(tzinfo=None, fold=0))
        is_shown_twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
        if is_shown_twice:
            assert shown is None or who(found, at) is not None, at
        else:
            assert who(found, at) == shown, at


@OFTEN
@given(spans(), RULES, st.data())
def test_an_override_holds_over_the_rules_and_a_later_one_over_an_earlier(span, rules, data):
    zone, start, end = span
    overrides = data.draw(overrides_in(start, end))
    plain = rota.shifts(rules, [], zone, start, end)
    found = rota.shifts(rules, overrides, zone, start, end)
    edges = [edge for one in overrides for edge in (one.start, one.end) if start <= edge < end]
    for at in moments(zone, start, end) + edges:
        person = who(plain, at)
        for one in overrides:
            if one.start <= at < one.end and one.instead_of in {None, person}:
                person = one.user_id
        assert who(found, at) == person


@OFTEN
@given(spans(), RULES, st.data())
def test_a_look_at_a_part_shows_what_a_look_at_the_whole_shows(span, rules, data):
    zone, start, end = span
    overrides = data.draw(overrides_in(start, end))
    whole = rota.shifts(rules, overrides, zone, start, end)
    middle = start + (end - start) * data.draw(st.floats(0.1, 0.9))
    parts = [
        rota.shifts(rules, overrides, zone, start, middle),
        rota.shifts(rules, overrides, zone, middle, end),
    ]
    for at in moments(zone, start, end):
        assert who(parts[at >= middle], at) == who(whole, at)


@OFTEN
@given(RULES)
def test_what_is_read_and_written_is_the_same(rules):
    read = rota.read(rules)
    assert rota.read([rota.written(one) for one in read]) == read
