"""The difference of two versions is complete to the letter, and reads by words."""

from hypothesis import given
from hypothesis import strategies as st

from api.statements.difference import difference


def test_a_changed_word_is_one_word_gone_and_one_added():
    pieces = difference("We speak again on Monday.", "We speak again on Friday.")
    assert [(one.change, one.text) for one in pieces] == [
        ("kept", "We speak again on "), ("gone", "Monday."), ("added", "Friday."),
    ]  # fmt: skip


def test_the_same_twice_is_kept_and_nothing_is_nothing():
    assert [one.change for one in difference("The same.", "The same.")] == ["kept"]
    assert difference("", "") == []


TEXTS = st.lists(st.sampled_from(["we ", "know ", "nothing.", "\n\n", " ", "yet", "é"])).map(
    "".join
)


@given(TEXTS | st.text(), TEXTS | st.text())
def test_kept_and_gone_are_the_old_words_kept_and_added_the_new_ones(old, new):
    pieces = difference(old, new)
    assert "".join(one.text for one in pieces if one.change != "added") == old
    assert "".join(one.text for one in pieces if one.change != "gone") == new
    assert all(one.text for one in pieces)
