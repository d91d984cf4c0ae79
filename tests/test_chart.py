"""The picture is linear from zero, says what is unfinished or unseen, and reads without colour."""

import re
from datetime import UTC, datetime, timedelta

from api.pages import chart
from api.pulse import Bucket, Pulse, _buckets, _width

AT = datetime(2026, 5, 12, 1, 12, tzinfo=UTC)
TEN = timedelta(minutes=10)


def pulse(*counts: int, stale: bool = False, high: int = 1) -> Pulse:
    last = AT.replace(minute=10)
    buckets = [
        Bucket(
            last - (len(counts) - 1 - index) * TEN,
            count,
            count,
            unfinished=index == len(counts) - 1,
            stale=stale and index == len(counts) - 1,
        )
        for index, count in enumerate(counts)
    ]
    total = sum(counts)
    return Pulse(AT, buckets[0].at, total, total, {"1": total}, TEN, buckets, 0, high, 0, False, [])


def heights(svg: str, kind: str) -> list[float]:
    found = re.findall(rf'<rect class="{kind}"[^>]*height="([0-9.]+)"', svg)
    return [float(height) for height in found]


def test_columns_are_linear_from_zero():
    ordinary = heights(chart.draw(pulse(0, 1, 0, 2, 4, 0), "UTC"), "a")
    assert ordinary[1] == 2 * ordinary[0]


def test_the_band_is_never_without_its_word_and_its_edge():
    svg = chart.draw(pulse(0, 0, 3), "UTC")
    assert 'class="band"' in svg
    assert 'class="edge"' in svg
    assert "normal 0 to 1" in svg


def test_the_unfinished_column_is_hatched_and_no_plain_one():
    svg = chart.draw(pulse(0, 5, 4), "UTC")
    assert len(heights(svg, "a")) == 1
    assert 'class="hat"' in svg
    assert 'class="out"' in svg


def test_what_was_not_seen_is_hatched_even_at_zero():
    assert 'class="hat"' in chart.draw(pulse(0, 2, 0, stale=True), "UTC")
    assert 'class="hat"' not in chart.draw(pulse(0, 2, 0), "UTC")


def test_the_table_holds_the_same_numbers_as_the_picture():
    assert [count for _, count in chart.table(pulse(0, 2, 4), "UTC")] == ["0", "2", "4 so far"]


def test_times_are_those_of_the_place():
    assert chart.title(pulse(0, 0, 3), "Europe/Vienna") == "Reviews per ten minutes, 02:50 to 03:12"


def test_the_picture_says_itself_in_words():
    words = chart.description(pulse(0, 1, 2, 5, 4))
    assert words == "Above the band: 2, then 5, then 4 so far. Normal is 0 to 1."
    assert chart.description(pulse(0, 1, 0)).startswith("Nothing above the normal band.")


def test_a_third_of_the_picture_is_the_calm_before_so_that_the_word_stands_free():
    for minutes in (5, 82, 200, 350, 4000, 50_000):
        since = AT - timedelta(minutes=minutes)
        width = _width(AT - since)
        buckets = _buckets([], since, AT, width, None)
        free = sum(bucket.at + width <= since for bucket in buckets)
        assert free >= len(buckets) // 3
        assert buckets[-1].unfinished
        assert len(buckets) <= 111


def test_the_bucket_widens_with_the_length():
    hours = [_width(timedelta(hours=hours)) for hours in (1, 7, 80)]
    assert hours == [timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)]


def test_no_time_stands_over_another_nor_outside_the_picture():
    for hours in (1, 2, 7, 30, 71, 80, 100, 200, 400):
        since = AT - timedelta(hours=hours)
        width = _width(AT - since)
        buckets = _buckets([], since, AT, width, None)
        one = Pulse(AT, since, 0, 0, {}, width, buckets, 0, 1, 0, False, [])
        ends = 0.0
        for middle, words in labels(chart.draw(one, "UTC")):
            assert middle - 3 * len(words) >= ends
            ends = middle + 3 * len(words)
        assert ends <= 350


def labels(svg: str) -> list[tuple[float, str]]:
    """The middle of each time under the picture, and what it says; a sign is six wide."""
    found = re.findall(r'<text class="[mk]" x="([0-9.]+)" y="146" text-anchor="(.+?)">(.+?)<', svg)
    return [(float(x) - 3 * len(words) * (how == "end"), words) for x, how, words in found]
