"""The bench of detection runs, and what it prints was set and measured as it says."""

import os
import random
import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from tests.bench.detection import figures, goals, groups, ours, poisson, tuning
from tests.bench.detection.drawing import Point, Scale, apart, steps
from tests.bench.detection.groups import QUICK, Group, Half, Many
from tests.bench.detection.material import FOLDER
from tests.bench.detection.pictures import Course, Woke, drawn

SOME = Many(quiet=20, quiet_days=300, attacked=12, attacked_days=150)


@pytest.fixture(scope="module")
def tiny():
    halves = [groups._some("tiny", SOME, half, stress=False) for half in (0, 1)]
    return Group("tiny", "a few", 0.3, lambda size, half: halves[half])


@pytest.fixture(autouse=True)
def own_simulator(monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.detection", "--quick", "--pictures", str(folder)],
        capture_output=True,
        text=True,
        timeout=110,
        env={name: value for name, value in os.environ.items() if name != FOLDER},
    )
    assert done.returncode == 0, done.stderr
    return done, folder


def section(printed, begins):
    """The rows under that heading, without it and without the headings of the columns."""
    lines = iter(printed.splitlines())
    next(line for line in lines if line.startswith(begins))
    headings = next(lines)
    rows = []
    for line in lines:
        if not line:
            break
        rows.append(line)
    return headings, rows


def test_every_group_has_a_row_for_us_as_delivered_and_for_every_rival(ran):
    done, _ = ran
    detectors = [ours.OURS, ours.AS_DELIVERED, *QUICK.rivals]
    for group in ("ordinary", "tiny", "stress", "mention", "mid", "large", "mostly negative"):
        headings, rows = section(done.stdout, f"{group}:")
        assert headings.split("  ")[0] == "detector"
        assert [row.split("  ")[0] for row in rows] == detectors


def test_every_goal_stands_beside_its_figure_and_whether_it_holds(ran):
    _, rows = section(ran[0].stdout, "Goals")
    assert len(rows) >= 25
    for row in rows:
        assert row.count(" holds") + row.count(" short") == (1 if row.startswith("cost") else 2)


def test_it_says_on_the_way_what_it_is_doing(ran):
    told = ran[0].stderr.splitlines()
    assert len([line for line in told if line.startswith(tuple("123456789"))]) >= 24
    assert "cost" in told


def test_each_documented_attack_there_is_data_for_is_drawn(ran):
    names = sorted(path.name for path in ran[1].iterdir())
    assert names == ["towns.svg"]
    picture = ET.parse(ran[1] / "towns.svg").getroot()
    words = [part.text or "" for part in picture.iter("{http://www.w3.org/2000/svg}text")]
    for detector in (ours.OURS, ours.AS_DELIVERED, *QUICK.rivals):
        assert any(each.startswith(f"{detector}:") for each in words)


def test_as_delivered_it_wakes_in_most_attacks(tiny):
    rows = tuning.rows(tiny, ours.OURS, QUICK)
    assert [row.detector for row in rows] == [ours.OURS, ours.AS_DELIVERED]
    delivered = figures.summary(rows[1])
    assert delivered.attacks == 24
    assert delivered.woken > 0.8


@pytest.mark.parametrize("name", ["commercial rule, low reviews", "EWMA z, 24 h", "Poisson CUSUM"])
def test_a_rival_gets_the_lowest_threshold_that_is_within_the_allowance(tiny, name):
    method = tuning.rival(name)
    scored = method.prepare(tiny.halves(QUICK, 0))
    threshold = method.tune(scored, tiny.allowed)
    allowed = tiny.allowed * sum(stream.years for stream in scored.half.quiet)
    assert method.judge(scored, threshold).wrong <= allowed
    lower = max(one for own in scored.quiet for one in own if one < threshold)
    assert method.judge(scored, lower).wrong > allowed


def test_our_wish_is_the_largest_of_the_grid_that_is_within_the_allowance(tiny):
    half = tiny.halves(QUICK, 0)
    wish = ours.wish_for(half.quiet, tiny.allowed)
    allowed = tiny.allowed * sum(stream.years for stream in half.quiet)
    assert tuning.OURS.judge(half, wish).wrong <= allowed
    larger = ours.WISHES[ours.WISHES.index(wish) + 1]
    assert tuning.OURS.judge(half, larger).wrong > allowed


def test_each_threshold_is_measured_on_the_half_it_was_not_set_on(monkeypatch):
    judged = []

    def judge(half, setting):
        judged.append((half, setting))
        return NOTHING

    method = tuning.Method(lambda half: half, lambda half, allowed: len(half.quiet), judge)
    halves = groups._some("tiny", Many(1, 10, 0, 10), 0, stress=False), Half([], [])
    monkeypatch.setattr(tuning, "rival", lambda name: method)
    tuning.rows(Group("two", "", 1.0, lambda size, half: halves[half]), "some rival", QUICK)
    assert judged == [(halves[1], 1), (halves[0], 0)]


NOTHING = tuning.Outcome(wrong=0, surges=0, years=0.0, found=[], benign={}, endings=[])


def test_a_slow_rival_still_meets_every_kind_of_attack():
    some = groups._some("tiny", Many(30, 10, 24, 10), 0, stress=False)
    half = tuning._thinned(some, 3)
    assert (len(half.quiet), len(half.attacked)) == (10, 12)


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390)]
)
def test_the_range_of_a_count_is_the_one_in_the_tables(count, low, high):
    assert poisson.mean_range(count) == pytest.approx((low, high), abs=1e-3)


def test_a_goal_holds_up_to_its_bound_and_from_it_where_more_is_better():
    most = goals.Goal("tiny", "false wakes", 0.1, lambda *_: 0.0, 3)
    assert (most.bound_in_words(), most.judged(0.1)) == ("≤ 0.1", "0.1 holds")
    assert most.judged(0.101) == "0.101 short"
    least = goals.Goal("tiny", "woken", 0.985, lambda *_: 0.0, 1, percent=True, at_least=True)
    assert (least.bound_in_words(), least.judged(0.985)) == ("≥ 98.5 %", "98.5 % holds")
    assert (least.judged(0.984), least.judged(float("nan"))) == ("98.4 % short", "– % short")


def test_labels_keep_apart_and_in_their_order():
    dice = random.Random(3)
    for _ in range(50):
        wanted = sorted((dice.uniform(0, 300) for _ in range(9)), reverse=True)
        placed = apart(wanted, distance=18, most=290)
        assert all(below - above >= 18 for below, above in pairwise(placed))
        assert max(placed) <= 290


def test_a_count_goes_across_before_it_goes_up():
    assert steps([Point(0, 9), Point(4, 5)]) == [Point(0, 9), Point(4, 9), Point(4, 5)]


def test_an_axis_is_straight_and_marked_at_round_values():
    scale = Scale(-2, 24, 60, 580)
    assert (scale.at(-2), scale.at(11), scale.at(24)) == (60, 320, 580)
    assert scale.round_values() == [0, 5, 10, 15, 20]


def test_every_label_of_a_picture_has_its_own_height():
    woke = [Woke(ours.OURS, 3, 1.0), Woke(ours.AS_DELIVERED, 3, 1.0)]
    woke += [Woke(f"rival {place}", 3 + place // 4, 1 + place // 4) for place in range(13)]
    woke += [Woke("one that sleeps", float("inf"), float("inf"))]
    picture = ET.fromstring(drawn(Course("steam_towns", 48, [*range(40)]), woke))
    texts = picture.iter("{http://www.w3.org/2000/svg}text")
    labels = [float(part.get("y", "")) for part in texts if part.get("x") == "590.0"]
    assert len(labels) == len(woke)
    heights = sorted(labels)
    assert min(b - a for a, b in pairwise(heights)) > 15
    assert min(heights) > 60
