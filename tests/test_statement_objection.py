"""Silence is objected to for five reasons, by whole words, and the words are shown."""

import pytest

from api.statements.objection import objection

TOLD = [
    ("illness", "My whole family got sick after the fish.", "sick"),
    ("illness", "Clearly food poisoning.", "poisoning"),
    ("illness", "Nach dem Essen waren alle krank.", "krank"),
    ("illness", "Lebensmittelvergiftung, danke.", "lebensmittelvergiftung"),
    ("illness", "I told them about my nut allergy.", "allergy"),
    ("injury", "She slipped and they laughed.", "slipped"),
    ("injury", "The soup burned my hand.", "burned my hand"),
    ("injury", "Er wurde verletzt.", "verletzt"),
    ("discrimination", "The most racist place in town.", "racist"),
    ("discrimination", "Sent away because of her headscarf.", "because of her headscarf"),
    ("discrimination", "Rassistische Bedienung.", "rassistische"),
    ("a child", "He shouted at a child.", "child"),
    ("a child", "Unser Kind hat geweint.", "kind"),
    ("a child", "The 12-year-old was crying.", "12-year-old"),
    ("the police", "We had to call the police.", "police"),
    ("the police", "Die Polizei war da.", "polizei"),
]
HARMLESS = [
    "I am sick of waiting for a table.", "What a kind of service is that?", "Not very kind people.",
    "There is not even a kids menu.", "It is not kid-friendly.", "Cold soup, rude waiter.",
    "The meat was burnt.", "Overpriced. It hurt my wallet.", "A killer view, nothing else.",
    "Grilled chicken was raw.", "Das Schnitzel war kalt.", "Policy of the house, they said.",
    "Still waiting, ill-mannered staff.",
]  # fmt: skip


@pytest.mark.parametrize(("subject", "text", "word"), TOLD)
def test_each_reason_is_heard_in_english_and_german(subject, text, word):
    against = objection([text])
    assert against is not None
    assert subject in [one.subject for one in against.heard]
    assert word in next(one for one in against.heard if one.subject == subject).words
    assert f"of {subject} (“{word}”" in against.sentence


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_anger_is_no_reason(text):
    assert objection([text], text) is None


def test_no_words_no_reason():
    assert objection([]) is None
    assert objection(["", "  "], "") is None


def test_the_reason_is_said_as_a_person_can_judge_it():
    against = objection(["I was sick", "poisoned", "sick again", "vomited", "fever"])
    assert against is not None
    assert against.sentence == (
        "Some reviews speak of illness (“sick”, “poisoned”, “vomited”). "
        "Silence can cost trust, or hurt somebody. Hold anyway?"
    )


def test_it_says_whether_the_statement_or_the_reviews_speak_of_it():
    against = objection(["They called the police."], "A guest was injured.")
    assert against is not None
    assert [(one.subject, one.in_statement) for one in against.heard] == [
        ("injury", True), ("the police", False),
    ]  # fmt: skip
    assert "The statement speaks of injury (“injured”)." in against.sentence
