"""English and emoji are read well enough to count for something; nothing else is guessed at."""

import csv
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.rules.polarity import LOOKED_AT, negative

HERE = Path(__file__).resolve().parent.parent
READABLE = {"en", "emoji"}
BEYOND = 20 * LOOKED_AT


def mentions():
    with (HERE / "data" / "mentions.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["text"], row["language"], row["label"]) for row in csv.DictReader(file)]
    return [(negative(text), language, label == "negative") for text, language, label in rows]


def english():
    return [(chance, bad) for chance, language, bad in mentions() if language == "en"]


def called_negative(chance):
    return chance is not None and chance >= 0.5


def test_three_in_four_negative_english_mentions_are_seen():
    assert mean(called_negative(chance) for chance, bad in english() if bad) >= 0.75


def test_at_most_one_in_fifteen_other_english_mentions_is_called_negative():
    assert mean(called_negative(chance) for chance, bad in english() if not bad) <= 1 / 15


def test_nineteen_in_twenty_english_mentions_can_be_read():
    assert mean(chance is not None for chance, _ in english()) >= 0.95


def test_emoji_are_read_right_where_they_say_something():
    read = [(chance, bad) for chance, language, bad in mentions() if language == "emoji"]
    assert [called_negative(chance) for chance, _ in read] == [bad for _, bad in read]


def test_another_language_is_not_read_or_read_right():
    others = [(chance, bad) for chance, language, bad in mentions() if language not in READABLE]
    assert [chance for chance, bad in others if chance is not None and not bad] == []
    assert mean(chance is None for chance, _ in others) >= 0.9


def test_a_chance_does_not_promise_more_than_it_keeps():
    read = [(chance, bad) for chance, bad in english() if chance is not None]
    sure = [(chance, bad) for chance, bad in read if chance >= 0.7]
    unlikely = [(chance, bad) for chance, bad in read if chance <= 0.3]
    assert len(sure) >= 30
    assert len(unlikely) >= 100
    assert mean(bad for _, bad in sure) >= mean(chance for chance, _ in sure)
    assert mean(bad for _, bad in unlikely) <= mean(chance for chance, _ in unlikely)


@pytest.mark.parametrize(
    "text",
    [
        "The food was cold and the waiter was rude.",
        "THE WORST SERVICE I EVER HAD",
        "This was not good",
        "I would never recommend this place",
        "The kitchen was filthy",
        "The bread was stale",
        "We found cockroaches there",
        "They gave us food poisoning",
        "This place has gone downhill",
        "The food was 🤮",
        "😡",
        ":-(",
        "The service was ter\u200brible",
        "\x00The service\x07was terrible\x1b",
        "The service was ｔｅｒｒｉｂｌｅ",
        "The staff don’t care",
    ],
)
def test_a_plain_complaint_is_called_negative(text):
    assert called_negative(negative(text))


@pytest.mark.parametrize(
    "text",
    [
        "The food was lovely and the waiter was kind.",
        "The food was not bad",
        "No complaints, everything was perfect",
        "The tacos are fire 🔥",
        "Are you open on Sundays?",
        "👍",
        ":-)",
    ],
)
def test_praise_and_questions_are_not_called_negative(text):
    assert negative(text) is not None
    assert not called_negative(negative(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\r\n",
        "\x00\x01\x02",
        "12345",
        "?!?!",
        "📍",
        "\ud800",
        "Das Essen war gut",  # the lexicon takes the German "war" for strife
        "Die Pizza",
        "pain au chocolat",
        "no me gusta nada",
        "料理が冷めていて最悪でした",
        "اسوأ مطعم",
        "qwrtz plmkn",
        "Rossz volt a food, soha többet nem jövünk ide",
    ],
)
def test_what_cannot_be_read_gets_no_answer(text):
    assert negative(text) is None


def test_the_chance_grows_with_the_complaint():
    steps = ["The food was great", "We had the food", "The food was bad", "The food was horrible!"]
    chances = [negative(step) or 0 for step in steps]
    assert all(less < more for less, more in pairwise(chances))


@pytest.mark.parametrize("tail", ["a", "!", "terrible ", "😡", "\x00", "not ", "e\u0301", "ﷺ"])
def test_only_the_start_of_a_long_text_is_read(tail):
    text = "The service was lovely. ".ljust(LOOKED_AT) + tail * BEYOND
    assert negative(text) == negative(text[:LOOKED_AT])
    assert not called_negative(negative(text))


@given(st.text())
def test_any_text_gets_a_chance_or_none_and_the_same_again(text):
    chance = negative(text)
    assert chance is None or 0 < chance < 1
    assert negative(text) == chance
