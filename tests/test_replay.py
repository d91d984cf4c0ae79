"""`nightdesk replay`: any table of reviews is led through the engine, and findings come out."""

import gzip
import json
import math
import random
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

import nightdesk
from tests.tables import HOUR, MINUTE, NIGHT, story, written
from workers.replay import run
from workers.rules.reviews import Seen
from workers.rules.together import fault_of_source
from workers.rules.watch import Wish, fold


@pytest.fixture
def replayed(tmp_path, capsys):
    """Replays a table and returns the findings, after the exit code was seen to be 0."""

    def replayed(
        text: str | bytes, *, zone="UTC", notice=1.0, wake=0.1, complaints=""
    ) -> list[dict[str, Any]]:
        path = tmp_path / "reviews.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        assert run(str(path), as_json=True, notice=notice, wake=wake, zone=zone) == 0
        out, err = capsys.readouterr()
        assert err.strip() == complaints
        return [json.loads(line) for line in out.splitlines()]

    return replayed


def _kinds(found) -> list[str]:
    return [one["kind"] for one in found if one["at"] >= f"{NIGHT:%Y-%m-%dT%H}"]


def test_a_finding_tells_client_time_kind_row_reason_and_numbers(replayed):
    found = replayed(written(story(client="Bistro", source="feed")))
    wake = next(one for one in found if one["kind"] == "wake")
    assert list(wake) == ["client", "at", "kind", "index", "reason", "numbers"]
    assert wake["client"] == "Bistro"
    assert wake["index"] in (62, 63)
    assert wake["at"] == f"{NIGHT + 10 * MINUTE * (wake['index'] - 60):%Y-%m-%dT%H:%M:%S.%fZ}"
    assert wake["numbers"]["since"] == f"{NIGHT:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert wake["numbers"]["until"] == wake["at"]
    assert wake["numbers"]["doubling"] is None
    assert wake["numbers"]["low"] == wake["index"] - 59
    assert "reviews low in" in wake["reason"]


def test_the_end_is_told_as_if_nothing_more_came_with_the_last_low_review(replayed):
    late = {"at": (NIGHT + 2 * HOUR).isoformat(), "stars": 5}
    found = replayed(written([*story(20), late]))
    slowing, over = found[-2:]
    assert [slowing["kind"], over["kind"]] == ["slowing", "over"]
    assert slowing["index"] == over["index"] == 79
    assert over["at"] > f"{NIGHT + 4 * HOUR:%Y-%m-%dT%H}"
    assert found == sorted(found, key=lambda one: one["at"])


def test_the_findings_are_those_of_the_engine_called_minute_by_minute(replayed):
    rows = story(12)
    reviews = [
        Seen(at, at, float(row["stars"] == 1), key=index)
        for index, row in enumerate(rows)
        for at in [datetime.fromisoformat(row["at"]).timestamp()]
    ]
    watch, expected = fold(reviews, Wish())
    expected += watch.until(math.inf)
    found = replayed(written(rows))
    assert [(one["kind"], one["reason"]) for one in found] == [
        (one.kind, one.reason) for one in expected
    ]
    assert [one["index"] for one in found if one["kind"] == "wake"] == [
        one.key for one in expected if one.kind == "wake"
    ]


def test_every_way_to_write_a_time_gives_the_same_findings(replayed):
    berlin = ZoneInfo("Europe/Berlin")
    ways = {
        "UTC": [
            lambda at: at.isoformat(),
            lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            lambda at: at.strftime("%Y-%m-%d %H:%M:%S"),
            lambda at: str(at.timestamp()),
            lambda at: f" {at.timestamp():.0f} ",
            lambda at: at.astimezone(berlin).isoformat(),
        ],
        "Europe/Berlin": [
            lambda at: at.isoformat(),
            lambda at: at.astimezone(berlin).replace(tzinfo=None).isoformat(),
        ],
    }
    for zone, writers in ways.items():
        found = [
            replayed(
                written(
                    [{**row, "at": write(datetime.fromisoformat(row["at"]))} for row in story()]
                ),
                zone=zone,
            )
            for write in writers
        ]
        assert len(found[0]) > 0
        assert all(one == found[0] for one in found)


def test_the_order_of_the_rows_does_not_matter(replayed):
    rows = [*story(9, client="a"), *story(7, client="b")]
    plain = replayed(written(rows))
    shuffled = random.Random(3).sample(rows, len(rows))
    again = replayed(written(shuffled))
    assert {one["client"] for one in plain} == {"a", "b"}

    def told(found, table):
        return sorted(
            (one["client"], one["at"], one["kind"], one["reason"], table[one["index"]]["at"])
            for one in found
        )

    assert told(again, shuffled) == told(plain, rows)


def test_a_packed_file_and_standard_input_are_read_too(replayed, tmp_path):
    text = written(story()).encode()
    plain = replayed(text)
    assert replayed(gzip.compress(text)) == plain
    command = [str(Path(sys.executable).parent / "nightdesk"), "replay", "-", "--json"]
    piped = subprocess.run(command, input=text, capture_output=True, check=True)
    assert [json.loads(line) for line in piped.stdout.splitlines()] == plain


def test_other_columns_a_mark_at_the_beginning_and_blank_lines_do_not_disturb(replayed):
    plain = replayed(written(story()))
    rows = written([{"mood": "1,2", **row, "author": 'a "b"'} for row in story()])
    assert replayed(("\ufeff" + rows).replace("\r\n", "\n\n").encode()) == plain
    assert replayed(written(story()).replace("at,stars", " AT ,Stars")) == plain


def test_rows_that_cannot_be_read_are_counted_and_told_by_their_line(replayed):
    good = written(story())
    plain = replayed(good)
    bad = [
        "yesterday,1",
        ",1",
        "nan,1",
        "inf,5",
        "-5,1",
        "1e300,1",
        "2026-03-14T02:10:07Z,awful",
        "2026-03-14T02:10:07Z,9",
    ]
    header, rest = good.split("\r\n", 1)
    found = replayed(
        "\r\n".join([header, *bad, rest]),
        complaints="8 rows could not be read: line 2, 3, 4, 5, 6 and others.",
    )
    assert [{**one, "index": one["index"] - len(bad)} for one in found] == plain


def test_a_cell_without_end_is_a_row_that_cannot_be_read(replayed):
    text = written(story(text="fine"))
    endless = '2026-03-01T00:00:00Z,1,"' + "x" * 200_000 + "\r\n"
    header, rest = text.split("\r\n", 1)
    found = replayed(f"{header}\r\n{endless}{rest}", complaints="1 row could not be read: line 2.")
    assert "wake" in _kinds(found)


def test_no_reviews_are_no_findings(replayed):
    assert replayed("at,stars\n") == []


def test_a_feed_that_delivers_everything_twice_changes_nothing(replayed):
    once = [{**row, "seen_at": row["at"]} for row in story(9)]
    late = (NIGHT + 5 * HOUR).isoformat()
    twice = [{**row, "seen_at": late} for row in once]
    assert replayed(written([*once, *twice])) == replayed(written(once))


def test_a_review_met_late_is_told_when_it_was_met(replayed):
    met = NIGHT + 4 * HOUR
    rows = [
        {
            **row,
            "seen_at": max(row["at"], met.isoformat()) if row["at"] >= NIGHT.isoformat() else "",
        }
        for row in story()
    ]
    wake = next(one for one in replayed(written(rows)) if one["kind"] == "wake")
    assert wake["at"] == f"{met:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert wake["numbers"]["until"] < wake["at"]


def test_a_wish_for_fewer_false_alarms_asks_for_more(replayed):
    table = written(story(30))
    sharp, calm = (
        next(one["index"] for one in replayed(table, wake=wake) if one["kind"] == "wake")
        for wake in (10, 0.0001)
    )
    assert sharp < calm


def _many(clients, attack, source="feed") -> list[dict[str, Any]]:
    return [
        row for place in range(clients) for row in story(attack, client=f"c{place}", source=source)
    ]


def test_many_clients_of_one_source_in_one_minute_are_a_fault_of_the_source(replayed):
    alone = [one["kind"] for one in replayed(written(story(4))) if one["kind"] != "notice"]
    found = replayed(written(_many(3, 4)))
    assert alone[0] == "wake"
    assert {one["kind"] for one in found} == {"notice"}
    held = [one for one in found if "3 of 3 clients of one source" in one["reason"]]
    assert {one["client"] for one in held} == {"c0", "c1", "c2"}


def test_who_was_held_back_wakes_with_three_more_low_reviews(replayed):
    before = next(one["index"] for one in replayed(written(story(9))) if one["kind"] == "wake")
    calm = _many(3, 4)
    more = [{**row, "client": "c1"} for row in story(12, source="feed")[64:]]
    found = replayed(written([*calm, *more]))
    (wake,) = [one for one in found if one["kind"] == "wake"]
    assert wake["client"] == "c1"
    assert wake["numbers"]["low"] == before - 60 + 4
    assert "fault" not in wake["reason"]
    assert _kinds([one for one in found if one["client"] == "c1"])[-2:] == ["slowing", "over"]
    assert "over" not in {one["kind"] for one in found if one["client"] != "c1"}


@pytest.mark.parametrize(
    "rows",
    [
        _many(2, 4),
        _many(3, 4, source=""),
        [
            *_many(3, 4),
            *(
                {"at": NIGHT.isoformat(), "stars": 5, "client": f"d{place}", "source": "feed"}
                for place in range(4)
            ),
        ],
        [row for place in range(3) for row in story(4, client=f"c{place}", source=f"feed{place}")],
    ],
    ids=["two clients", "no source is named", "three of seven", "three sources"],
)
def test_else_everybody_is_woken(replayed, rows):
    assert "wake" in {one["kind"] for one in replayed(written(rows))}
    assert not any("one source" in one["reason"] for one in replayed(written(rows)))


@pytest.mark.parametrize(
    ("woken", "watched", "fault"),
    [(2, 2, False), (3, 3, True), (3, 6, True), (3, 7, False), (50, 100, True), (49, 100, False)],
)
def test_three_clients_and_half_of_all_make_a_fault(woken, watched, fault):
    assert fault_of_source(woken, watched) is fault


def test_for_people_there_is_a_line_each_and_a_sum(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text(written(story(20, client="Chez\nNous")))
    result = CliRunner().invoke(nightdesk.app, ["replay", str(path), "--zone", "Asia/Tokyo"])
    *lines, last = result.stdout.splitlines()
    assert result.exit_code == 0
    (woken,) = [line for line in lines if "  wake  " in line]
    assert woken.startswith("2026-03-14 11:")
    assert "  Chez Nous  wake  4 of 4 reviews low in 30 minutes; " in woken
    assert last.startswith("80 reviews of 1 client, 0 repeats left out: ")
    assert last.endswith("1 wake, 1 slowing, 1 over.")
