"""A table for a replay: what its rows weigh, which are repeats, and what cannot be read."""

import gzip
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

import nightdesk
from tests.tables import table
from workers.replay_file import Row, first_deliveries, read
from workers.rules.reviews import READ_LOW, UNREADABLE, Seen


@pytest.mark.parametrize(
    ("name", "content", "options", "sentence"),
    [
        ("missing.csv", None, [], "There is no file"),
        ("empty.csv", b"", [], "has to name a column at; it names nothing"),
        ("other.csv", b"date;stars\n", [], "it names date;stars."),
        ("broken.csv", gzip.compress(b"at,stars\n" * 99, mtime=0)[:-9], [], "cannot be read"),
        ("noise.csv", bytes(range(256)), [], "has to name a column at"),
        (".", None, [], "cannot be read"),
        ("good.csv", b"at\n", ["--zone", "Mars/Phobos"], "There is no time zone 'Mars/Phobos'"),
        ("good.csv", b"at\n", ["--zone", "../etc"], "There is no time zone"),
        ("good.csv", b"at\n", ["--wake", "0"], "more than 0"),
        ("good.csv", b"at\n", ["--notice", "nan"], "more than 0"),
    ],
)
def test_what_cannot_be_replayed_is_said_in_one_sentence(
    tmp_path, name, content, options, sentence
):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    result = CliRunner().invoke(nightdesk.app, ["replay", str(path), *options])
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def _read(tmp_path, columns, *rows) -> list[Row]:
    path = tmp_path / "rows.csv"
    path.write_text(table(rows, columns))
    return read(str(path), ZoneInfo("UTC")).rows


def _kept(tmp_path, columns, *rows) -> list[int]:
    return [row.review.key for row in first_deliveries(_read(tmp_path, columns, *rows))]


def test_one_id_of_a_client_is_one_review_from_when_it_was_first_met(tmp_path):
    columns = ("id", "client", "at", "seen_at", "stars")
    assert _kept(
        tmp_path,
        columns,
        ("x", "a", 1000, 9000, 1),
        ("x", "a", 1000, 5000, 1),
        ("x", "a", 2000, 7000, 3),
        ("x", "b", 1000, 6000, 1),
        ("y", "a", 1000, 8000, 1),
    ) == [1, 3, 4]


def test_without_ids_the_same_row_met_at_another_moment_is_a_repeat(tmp_path):
    columns = ("client", "at", "seen_at", "stars", "text", "source")
    row = ("a", 1001, 2000, 1, "cold", "feed")
    again = ("a", 1001, 2500, 1, "cold", "feed")
    others = [
        ("b", *again[1:]),
        ("a", 1002, *again[2:]),
        (*again[:3], 2, *again[4:]),
        (*again[:4], "warm", "feed"),
        (*again[:5], "push"),
    ]
    assert _kept(tmp_path, columns, again, row, *others, row) == [1, 7, 2, 3, 4, 5, 6]


def test_whole_minutes_are_too_coarse_to_tell_a_repeat(tmp_path):
    columns = ("at", "seen_at", "stars")
    assert _kept(tmp_path, columns, (1020, 1100, 1), (1020, 1200, 1)) == [0, 1]
    assert _kept(tmp_path, columns, (1021, 1100, 1), (1021, 1200, 1)) == [0]


def test_without_a_moment_of_meeting_nothing_is_a_repeat(tmp_path):
    assert _kept(tmp_path, ("at", "stars"), (1021, 1), (1021, 1)) == [0, 1]


@pytest.mark.parametrize(
    ("stars", "negative", "text", "weight"),
    [
        ("1", "", "", 1.0),
        ("2.0", "0", "wonderful", 1.0),
        ("3", "1", "terrible", 0.0),
        ("", "0.9", "wonderful", READ_LOW),
        ("", "0.1", "terrible", 0.0),
        ("", "", "Terrible service and disgusting food, never again.", READ_LOW),
        ("", "", "Wonderful food and friendly staff, we loved it.", 0.0),
        ("nan", "", "", UNREADABLE),
        ("", "", "Es war sehr schlecht und wir kommen nicht wieder.", UNREADABLE),
    ],
)
def test_a_row_without_stars_weighs_what_its_words_say(tmp_path, stars, negative, text, weight):
    columns = ("at", "stars", "negative", "text")
    (row,) = _read(tmp_path, columns, (1000, stars, negative, text))
    assert row.review.weight == weight


def test_a_table_of_times_only_is_one_of_mentions_that_nobody_could_read(tmp_path):
    (row,) = _read(tmp_path, ("at",), (1000.25,))
    assert row.review == Seen(1000.25, 1000.25, UNREADABLE)
    assert (row.client, row.source) == ("", "")
