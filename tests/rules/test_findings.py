"""A finding says in one sentence how many, how fast, what is usual and how sure it is."""

import pytest

from tests.rules.series import NIGHT
from workers.rules.findings import Numbers, burst_in_words, over_in_words, slowing_in_words

NUMBERS = Numbers(
    low=4, total=4, since=NIGHT - 3000, until=NIGHT, usual_per_week=2.1, usual_low=0.001,
    usual_share=0.13, chance_per_year=0.05, sources=1,
)  # fmt: skip


def test_a_burst_says_how_many_how_fast_what_is_usual_and_how_sure():
    assert burst_in_words(NUMBERS) == (
        "4 of 4 reviews low in 50 minutes; this place usually gets 2 a week;"
        " by chance once in 20 years."
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"total": 9}, "4 of 9 reviews low"),
        ({"sources": 3}, "in 50 minutes on 3 sources;"),
        ({"again": True}, "Second wave: 4 of 4"),
        ({"since": NIGHT}, "in 1 minute;"),
        ({"usual_per_week": 0.25}, "usually gets about 1 a month"),
        ({"chance_per_year": 1.0}, "by chance once in 1 year."),
        ({"chance_per_year": 1e-30}, "by chance once in 1000 years."),
        ({"chance_per_year": 12.2}, "by chance 12 times a year."),
    ],
)
def test_each_number_has_its_place_in_the_sentence(changed, said):
    assert said in burst_in_words(NUMBERS._replace(**changed))


def test_slowing_says_how_many_there_were_and_how_slow_it_became():
    said = slowing_in_words(NUMBERS._replace(low=31))
    assert said == "Slowing: 31 low reviews so far; the rate fell to a quarter."


def test_over_says_how_many_there_were_and_in_what_time():
    said = over_in_words(NUMBERS._replace(low=31.4, since=NIGHT - 7 * 3600))
    assert said == "Over: 31 low reviews in 7 hours, and quiet since."
