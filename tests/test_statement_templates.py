"""Templates are filled with what is known, and what is not known cannot be overlooked."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.statements.checks import About, check
from api.statements.templates import TEMPLATES, Facts, blanks, fill, when

KNOWN = Facts("Corner Bistro", "Graz", "Rosa Huber", datetime(2026, 5, 12, 19, 40))  # noqa: DTZ001
PARTS = {"what we know", "what we do not know yet", "we speak again"}


@pytest.mark.parametrize("name", ["holding", "looking", "apology", "correction", "press"])
def test_every_template_says_what_is_known_what_is_not_and_when_more_is_said(name):
    text = TEMPLATES[name].text.lower()
    for one in PARTS:
        assert (
            one in text
            or one.replace("what ", "").replace("do not know yet", "do not know") in text
        )
    assert "[when you will say more]" in text


def test_there_are_words_for_each_occasion():
    assert set(TEMPLATES) == {"holding", "looking", "apology", "correction", "staff", "press"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_known_is_in_the_text_and_no_gap_is_left_open(name):
    text = fill(TEMPLATES[name].text, KNOWN)
    assert "Corner Bistro" in text
    assert "{" not in text
    assert not {"the town", "who signs this", "the name of the business"} & set(blanks(text))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_fact_that_is_missing_is_a_blank_that_is_listed(name):
    gaps = TEMPLATES[name].text.count("{")
    text = fill(TEMPLATES[name].text, Facts())
    assert "{" not in text
    assert gaps
    assert "the name of the business" in blanks(text)
    assert len(blanks(text)) > len(blanks(fill(TEMPLATES[name].text, KNOWN)))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_breaks_none_of_the_rules_that_it_is_for(name):
    text = fill(TEMPLATES[name].text, KNOWN)
    for one in blanks(text):
        text = text.replace(f"[{one}]", "…")
    speakers = [] if TEMPLATES[name].readers == "public" else ["Rosa Huber"]
    about = About(
        client="Corner Bistro", town="Graz", signer="Rosa Huber", people=["Rosa Huber"],
        speakers=speakers,
    )  # fmt: skip
    assert [(one.code, one.where) for one in check(text, about)] == []


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (0, "in the night to Tuesday, 12 May"), (4, "in the night to Tuesday, 12 May"),
        (5, "on the morning of Tuesday, 12 May"), (11, "on the morning of Tuesday, 12 May"),
        (12, "on the afternoon of Tuesday, 12 May"), (16, "on the afternoon of Tuesday, 12 May"),
        (17, "on the evening of Tuesday, 12 May"), (23, "on the evening of Tuesday, 12 May"),
    ],
)  # fmt: skip
def test_the_day_and_its_part_are_said_as_people_say_them(hour, said):
    assert when(datetime(2026, 5, 12, hour)) == said  # noqa: DTZ001


def test_blanks_are_listed_once_each_in_their_order():
    assert blanks("[b] and [a], then [b] and [ c ]") == ["b", "a", "c"]
    assert blanks("no blank (here), nor [] nor [two\nlines]") == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_can_make_a_blank_or_open_a_gap(client, town):
    text = fill("{client} in {town}.", Facts(client=client, town=town))
    missing = [not client, not town]
    assert len(blanks(text)) == sum(missing)
