"""What is said on the phone stays XML, short and harmless, whatever somebody wrote."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.telephony import answer_xml, message_xml
from workers.channels.plain import one_line, plain
from workers.channels.voice import spoken

URL = "https://nightdesk.test/in/keys?call=1&by=mia"
CHOICES = {"1": "to say that you are on it", "2": "to pass it on"}
HOSTILE = [
    "</Say></Gather><Dial><Number>+4366</Number></Dial>",
    "<![CDATA[ ]]> & &amp; &#0; &evil;",
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
    "\x00\x07\x1b[31m\x0b\ud800\ufffe\uffff",
    "\u202eesrever\u202c \u200bzero\ufeff\u2028width\u00ad",
    "'\" onload='x'",
    "&" * 10_000,
    "x" * 100_000,
    "𝕏🧟" * 3000,
]


def heard(twiml: str) -> list[str]:
    return [say.text or "" for say in ET.fromstring(twiml).iter("Say")]


def check(words: str) -> None:
    twiml = spoken(words, URL, CHOICES)
    root = ET.fromstring(twiml)
    [gather] = root
    assert len(twiml) < 4000
    assert [child.tag for child in gather] == ["Say", "Pause", "Say"]
    assert gather.attrib["action"] == URL
    first, second = heard(twiml)
    assert first == second
    assert first.endswith("Press 1 to say that you are on it. Press 2 to pass it on.")
    twiml.encode()


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_only_words(words):
    check(words)
    assert [element.tag for element in ET.fromstring(answer_xml(words))] == ["Say", "Hangup"]
    assert [element.tag for element in ET.fromstring(message_xml(words))] == ["Message"]


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=3000))
def test_any_words_are_only_words(words):
    check(words)
    assert [element.tag for element in ET.fromstring(answer_xml(words))] == ["Say", "Hangup"]
    assert [element.tag for element in ET.fromstring(message_xml(words))] in (["Message"], [])


def test_words_are_said_as_they_were_written():
    assert heard(spoken("Café “Zur Post” & Söhne: 4 < 5", URL, {"1": "x"}))[0] == (
        "Café “Zur Post” & Söhne: 4 < 5 Press 1 x."
    )


def test_choices_that_leave_no_room_are_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no room"):
        spoken("Words", "https://nightdesk.test/" + "a" * 4000, CHOICES)


def test_an_answer_can_dial_and_can_ask_again():
    dialled = ET.fromstring(answer_xml("One moment.", dial="+436641234567"))
    assert [element.tag for element in dialled] == ["Say", "Dial", "Hangup"]
    assert dialled.findtext("Dial/Number") == "+436641234567"
    asked = ET.fromstring(answer_xml("Press 1.", ask_at=URL))
    assert asked.findtext("Gather/Say") == "Press 1."
    assert [gather.attrib["action"] for gather in asked.iter("Gather")] == [URL]


@pytest.mark.parametrize("number", ["0664123", "+43</Number>", "client:mia", "+43 664 1234567", ""])
def test_only_a_whole_number_is_dialled(number):
    if number:
        with pytest.raises(ValueError, match="dial"):
            answer_xml("One moment.", dial=number)
    else:
        assert "Dial" not in answer_xml("One moment.", dial=number)


def test_no_words_answer_no_text_message():
    assert list(ET.fromstring(message_xml())) == []


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=300), st.integers(2, 50))
@example("0\r\x1b 0", 4)
def test_plain_text_is_short_seen_and_settled(text, longest):
    for make in (plain, one_line):
        made = make(text, longest)
        assert len(made) <= longest
        assert make(made, longest) == made
        assert not set(made) & set("\x00\x1b\r\t\u200b\u202e\ufeff\ufffe\u2028")
        made.encode()
    assert "\n" not in one_line(text, longest)
