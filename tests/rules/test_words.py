"""Counts, spans and rates are said in short plain words."""

from datetime import timedelta

import pytest

from workers.rules import words


def test_the_sentence_of_a_burst_says_how_many_how_fast_what_is_usual_and_how_low():
    said = words.sentence({1: 4}, 4, timedelta(minutes=50), 2.1)
    assert said == "4 reviews in 50 minutes; this place usually gets 2 a week; 4 of 4 are one star."


@pytest.mark.parametrize(
    ("stars", "total", "said"),
    [
        ({1: 4}, 4, "4 of 4 are one star"),
        ({1: 2, 2: 1, 5: 1}, 4, "3 of 4 are one or two stars"),
        ({2: 3, 4: 2}, 5, "3 of 5 are two stars"),
        ({1: 1, 5: 2}, 3, "1 of 3 is one star"),
        ({}, 6, "6 of 6 are without stars"),
        ({1: 1}, 6, "5 of 6 are without stars"),
        ({1: 3}, 4, "3 of 4 are one star"),
    ],
)
def test_how_low_is_said_in_stars_or_as_without_stars(stars, total, said):
    assert words.low_part(stars, total) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(0), "1 minute"),
        (timedelta(seconds=40), "1 minute"),
        (timedelta(minutes=12), "12 minutes"),
        (timedelta(minutes=48), "50 minutes"),
        (timedelta(minutes=89), "90 minutes"),
        (timedelta(minutes=100), "2 hours"),
        (timedelta(hours=6), "6 hours"),
        (timedelta(hours=35), "35 hours"),
        (timedelta(hours=47), "2 days"),
    ],
)
def test_a_span_is_said_as_people_say_it(span, said):
    assert words.spell(span) == said


@pytest.mark.parametrize(
    ("per_week", "said"),
    [
        (2.0, "2 a week"),
        (0.8, "1 a week"),
        (0.5, "about 2 a month"),
        (0.25, "about 1 a month"),
        (0.02, "less than 1 a month"),
        (69.0, "69 a week"),
        (210.0, "about 30 a day"),
    ],
)
def test_a_usual_rate_is_said_as_people_say_it(per_week, said):
    assert words.rate(per_week) == said
