"""The numbers of a report: from what happened alone, and honest where something did not."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from api.models import Entry, Incident
from api.report.counting import _Change, rating, worst_of
from api.report.steps import steps
from api.words_report import length, line, one_sentence, stars_of, still_shown

SINCE = datetime(2026, 5, 12, 1, 0, tzinfo=UTC)
OPENED = SINCE + timedelta(minutes=12)


def after(minutes):
    return SINCE + timedelta(minutes=minutes)


def stars(minutes, *given):
    return [_Change(after(minutes), 1, float(one)) for one in given]


def test_the_rating_before_at_its_lowest_and_now():
    changes = [*stars(-100, 5, 5, 4, 4), *stars(10, 1, 1), *stars(60, 5, 5, 5)]
    found = rating(changes, SINCE, after(100))
    assert found.before == 4.5
    assert found.lowest == pytest.approx(20 / 6)
    assert found.last == pytest.approx(35 / 9)
    assert found.count == 9


def test_a_review_that_is_gone_counts_no_more():
    gone = _Change(after(30), -1, -1.0)
    found = rating([*stars(-100, 5), *stars(10, 1), gone], SINCE, after(100))
    assert (found.before, found.lowest, found.last) == (5, 3, 5)


def test_without_reviews_there_is_no_rating_and_no_mistake():
    assert rating([], SINCE, after(100)).last is None
    found = rating(stars(10, 1), SINCE, after(100))
    assert (found.before, found.lowest, found.last) == (None, 1, 1)


def test_what_comes_after_the_moment_of_the_report_is_not_in_it():
    assert rating([*stars(-1, 5), *stars(200, 1)], SINCE, after(100)).last == 5


def test_the_worst_ten_minutes_or_the_worst_hour_where_that_says_more():
    assert worst_of([after(1), after(2), after(3), after(25)]) == (3, 600)
    assert worst_of([after(1), after(15), after(25)]) == (3, 3600)
    assert worst_of([]) == (0, 3600)


def incident():
    return Incident(client_id=uuid4(), title="", sentence="", since=SINCE, opened_at=OPENED)


def entry(kind, minutes, **facts):
    return Entry(
        incident_id=uuid4(), seq=1, kind=kind, created_at=after(minutes), actor_name="Mia",
        facts=facts,
    )  # fmt: skip


def test_our_times_are_those_of_the_timeline():
    quiet = after(90).isoformat()
    entries = [
        entry("rang", 12), entry("acknowledged", 13), entry("no_answer", 14), entry("called", 15),
        entry("said_yes", 16), entry("down", 17), entry("down", 19),
        entry("calm", 300, since=quiet),
    ]  # fmt: skip
    found = {one.name: one.took for one in steps(incident(), entries)}
    assert found == {
        "noticed": timedelta(minutes=12), "alarm": timedelta(),
        "acknowledged": timedelta(minutes=1),
        "owner": timedelta(minutes=3), "yes": timedelta(minutes=4), "down": timedelta(minutes=5),
        "calm": timedelta(minutes=78),
    }  # fmt: skip


def test_what_did_not_happen_took_no_time_at_all():
    found = {one.name: (one.at, one.took) for one in steps(incident(), [])}
    assert found.pop("noticed") == (OPENED, timedelta(minutes=12))
    assert set(found.values()) == {(None, None)}


@pytest.mark.parametrize("again", ["second_wave", "relapse", "reopen"])
def test_a_calm_that_was_broken_is_no_calm(again):
    first = entry("calm", 100, since=after(90).isoformat())
    broken = steps(incident(), [first, entry(again, 200)])
    assert broken[-1].took is None
    last = entry("calm", 400, since=after(300).isoformat())
    assert steps(incident(), [first, entry(again, 200), last])[-1].at == after(300)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(), "0 s"), (timedelta(seconds=89), "89 s"), (timedelta(seconds=90), "1 min"),
        (timedelta(minutes=82), "1 h 22 min"), (timedelta(hours=2), "2 h"),
        (timedelta(days=4, hours=3, minutes=9), "4 days 3 h"), (timedelta(days=2), "2 days"),
    ],
)  # fmt: skip
def test_lengths_are_told_in_two_figures_at_most(time, words):
    assert length(time) == words


def test_sentences_count_and_blame_nobody():
    assert one_sentence(15, 13, "1 h 22 min", over=True) == (
        "15 new reviews in 1 h 22 min, 13 of them low."
    )
    assert one_sentence(1, 1, "5 min", over=False) == "1 new review in 5 min so far, 1 of them low."
    assert one_sentence(0, 0, "5 min", over=True) == "No new reviews are on record for this."
    assert (
        still_shown(3, 1, 2) == "3 reviews can still be read. 1 hidden. 2 removed by the platforms."
    )
    assert still_shown(0, 0, 0) == "No review of this is on record."
    assert stars_of(None) == "no stars"
    assert stars_of(2.0) == "★★☆☆☆ 2 of 5"


def test_notes_between_manager_and_machine_are_not_for_the_owner():
    assert line(entry("note", 5, text="Ask the lawyer first."), "UTC") == ""
    assert line(entry("learned", 5), "UTC") == ""
    assert line(entry("down", 5, place="Facebook"), "UTC").startswith("Facebook was down.")
    assert line(entry("executing", 5, places="Facebook, Instagram"), "UTC") == (
        "We began: Facebook, Instagram."
    )
