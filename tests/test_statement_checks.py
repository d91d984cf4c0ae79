"""A statement is read before others read it: bad words get a warning, good words get none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.statements.checks import About, check
from api.statements.fits import fit

ABOUT = About(
    client="Corner Bistro", town="Graz", signer="Rosa Huber",
    people=["Rosa Huber", "Tom Berger"], reviewers=["Angry Fox", "Lena K."],
    private=["+43 660 111 11 11", "rosa@huber.test"],
    reviews=["The waiter threw a glass at my sister and laughed about it"],
)  # fmt: skip

BAD = [
    ("names_a_person", "It was Tom who served you.", "Tom"),
    ("names_a_person", "Our cook Mr Leitner is sorry.", "Mr Leitner"),
    ("names_a_person", "We talked with Frau Maier.", "Frau Maier"),
    ("names_a_person", "Dear angry fox, thank you.", "angry fox"),
    ("names_a_person", "Rosa Huber was not there.\nThe team", "Rosa Huber"),
    ("may_name_a_person", "We asked our colleague Anna Leitner about it.", "Anna Leitner"),
    ("says_invented", "These reviews are fake.", "fake"),
    ("says_invented", "Das sind gefälschte Bewertungen.", "gefälschte"),
    ("never_a_customer", "You were never our customer.", "You were never our customer"),
    ("never_a_customer", "They have never been here.", "They have never been here"),
    ("never_a_customer", "Das waren keine Gäste.", "keine Gäste"),
    ("promises_a_time", "We speak again by Friday noon.", "Friday"),
    ("promises_a_time", "We will answer within two days.", "two days"),
    ("promises_a_time", "Wir melden uns bis morgen.", "morgen"),
    ("blames_reviewers", "The haters have found us.", "haters"),
    ("blames_reviewers", "Das ist Rufmord.", "Rufmord"),
    ("threatens", "Our lawyers are looking at this.", "lawyers"),
    ("threatens", "Wir behalten uns rechtliche Schritte vor.", "rechtliche Schritte"),
    ("pays_for_silence", "We refund everybody who deletes the review.", "refund"),
    ("pays_for_silence", "Ein Gutschein, wenn Sie die Bewertung löschen.", "Gutschein"),
    ("repeats_it", "We are not racist.", "We are not racist"),
    ("repeats_it", "It is not true that the meat was old.", "It is not true that"),
    ("repeats_it", "Nobody threw a glass at my sister here.", "threw a glass at my"),
    ("all_caps", "We are VERY sorry.", "VERY"),
    ("exclamation", "Thank you all!", "!"),
    ("private_contact", "Call us: 0660 111 11 11.", "0660 111 11 11"),
    ("private_contact", "Write to rosa@huber.test.", "rosa@huber.test"),
    ("private_contact", "Write to corner@gmail.com.", "corner@gmail.com"),
    ("blank_left", "We speak again [when you will say more].", "[when you will say more]"),
]
GOOD = [
    "We know that a glass broke on the evening of Tuesday, 12 May.",
    "What we do not know yet: how it came to it. We do not yet know who was there.",
    "We cannot match these to a visit. We take every word seriously.",
    "Please write to office@cornerbistro.test or call +43 316 22 33 44.",
    "It began on Tuesday, 12 May. Since then we have read all reviews.",
    "We give everybody who was there that evening their money back.",
    "We change our reviews of the kitchen.",
    "CORNER is how our guests call Corner Bistro in Graz.",
    "We are sorry.\n\nRosa Huber, Corner Bistro",
    "Wir wissen noch nicht, was geschehen ist. Wir sprechen mit allen Gästen.",
    "Every guest is welcome here. The kitchen is closed for now.",
]  # fmt: skip


def found(text, about=ABOUT):
    return {(one.code, one.where) for one in check(text, about)}


@pytest.mark.parametrize(("code", "text", "where"), BAD)
def test_what_makes_it_worse_is_said_with_the_words_that_do_it(code, text, where):
    assert (code, where) in found(text)


@pytest.mark.parametrize("text", GOOD)
def test_plain_words_are_left_in_peace(text):
    about = About(
        client="Corner Bistro", town="Graz CORNER", signer="Rosa Huber", people=ABOUT.people,
        private=ABOUT.private,
    )  # fmt: skip
    assert found(text, about) == set()


def test_whoever_signs_may_be_named_in_the_last_line_and_a_speaker_anywhere():
    text = "We are sorry. Ask Rosa Huber.\n\nRosa Huber, Corner Bistro"
    assert found(text) == {("names_a_person", "Rosa Huber"), ("names_a_person", "Rosa"),
                           ("names_a_person", "Huber")}  # fmt: skip
    speaks = About(client="Corner Bistro", signer="Rosa Huber", people=["Rosa Huber"],
                   speakers=["Rosa Huber"])  # fmt: skip
    assert found(text, speaks) == set()


def test_only_blanks_and_too_many_words_are_in_the_way_and_they_come_first():
    text = f"FAKE lies! Tom and our lawyers [something]. {'x' * 300}"
    fits = [fit(text, "bluesky", "Our Bluesky"), fit(text, "facebook", "Our Page")]
    seen = check(text, About(people=["Tom"], fits=fits))
    assert [one.code for one in seen if one.blocks] == ["blank_left", "too_long"]
    assert [one.blocks for one in seen] == sorted((one.blocks for one in seen), reverse=True)
    assert len(seen) > 5
    too_long = next(one for one in seen if one.code == "too_long")
    assert too_long.said == f"Our Bluesky takes 300 characters. This has {len(text)}."


def test_every_finding_says_what_it_does_and_what_to_do_instead_without_the_word_itself():
    for code, text, _ in BAD:
        for one in check(text, ABOUT):
            assert one.said.endswith("."), code
            assert one.instead.endswith("."), code
            assert "fake" not in (one.said + one.instead).lower()
            assert "!" not in one.said + one.instead


@given(st.text(max_size=300), st.text(max_size=30))
def test_no_text_and_no_name_is_too_strange_to_be_read(text, name):
    about = About(client=name, signer=name, people=[name], reviewers=[name], reviews=[text])
    for one in check(text, about):
        assert one.where in text or one.code == "repeats_it"


def test_a_long_text_is_read_quickly_enough_to_be_read_at_every_letter():
    text = "We will by by by within 12 1 1 1 +1 (1 1) you have not never been a our a our " * 250
    assert check(text[:20_000], ABOUT)
