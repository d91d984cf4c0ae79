"""The streams of the bench hold what they say: simulated, real and transplanted ones."""

import math
import random
from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.bench.detection import series, transplants
from tests.bench.detection.material import FOLDER, simulated
from tests.bench.detection.simulator import ATTACKS, STRESS, WORLD, client
from tests.bench.detection.streams import DAY, HOUR, MINUTE, Attack, Benign, Review, Stream, is_low

SEED = 7000


def test_a_simulated_client_is_the_same_each_time_and_another_seed_is_another():
    assert client(SEED, attack="exp60") == client(SEED, attack="exp60")
    assert client(SEED).reviews != client(SEED + 1).reviews


def test_simulated_reviews_come_in_order_after_they_were_written_and_some_come_twice():
    several = [client(SEED + place, world=STRESS) for place in range(20)]
    for of in several:
        assert all(first.seen <= second.seen for first, second in pairwise(of.reviews))
        assert all(one.at <= one.seen < of.end for one in of.reviews)
    keys = [one.key for of in several for one in of.reviews]
    assert len(set(keys)) < len(keys)
    kinds = {one.kind for of in several for one in of.benign}
    assert kinds == {"holiday", "bad_night", "promo", "viral", "outage", "backfill"}


def test_low_reviews_of_calm_clients_cluster_as_the_real_ones_do():
    calm = replace(WORLD, bad_evenings=0, promotions=0, virals=0)
    clients = [client(SEED + place, world=calm, rate=2.0) for place in range(40)]
    lows = [sorted({one.at for one in of.reviews if is_low(one)}) for of in clients]
    within = {hours: _clustering(lows, hours * HOUR) for hours in (1, 6, 24)}
    assert 1.5 < within[1] < 4
    assert 1.3 < within[6] < 2.6
    assert 1.1 < within[24] < 2
    assert within[1] > within[24]


def _clustering(lows, window):
    """Pairs so close, against the same reviews each put on another day within four weeks."""
    drawn = random.Random(SEED)
    elsewhere = [
        sorted(at + drawn.randint(-28, 28) * DAY for at in low) for low in lows for _ in range(4)
    ]
    chance = sum(_pairs(low, window) for low in elsewhere) / 4
    return sum(_pairs(low, window) for low in lows) / chance


def _pairs(times, window):
    return sum(bisect_right(times, at + window) - place - 1 for place, at in enumerate(times))


@pytest.mark.parametrize("kind", ATTACKS)
def test_an_attack_holds_what_it_says(kind):
    of = client(SEED, attack=kind, days=150, rate=0.5)
    (attack,) = of.attacks
    own = {one.key: one for one in of.reviews if one.attack}.values()
    assert attack.kind == kind
    assert of.measured_from < attack.start == min(one.at for one in own)
    assert attack.low >= sum(map(is_low, own)) >= 0.8 * len(own) - 1
    assert all(attack.start <= one.at <= attack.end + 6 * HOUR + MINUTE for one in own)


def test_the_faster_an_attack_doubles_the_sooner_it_has_ten_reviews():
    def hours(kind):
        waits = [_tenth(client(SEED + place, attack=kind, days=150)) for place in range(20)]
        return sorted(waits)[10] / HOUR

    assert hours("exp10") < hours("exp60") < hours("exp360")
    assert 2 < hours("exp60") < 6
    assert hours("step30") < hours("step3") < hours("drip8")


def _tenth(of):
    times = sorted({one.at for one in of.reviews if one.attack})
    return times[9] - times[0] if len(times) > 9 else math.inf


def test_mentions_have_a_noisy_polarity_and_bare_ones_nothing():
    mentions = client(SEED, kind="mention", rate=3.0).reviews
    assert all(one.stars is None and 0 <= (one.negative or 0) <= 1 for one in mentions)
    assert len({one.negative for one in mentions}) > 0.9 * len(mentions)
    assert 0.05 < sum(map(is_low, mentions)) / len(mentions) < 0.6
    bare = client(SEED, kind="bare").reviews
    assert all(one.stars is None and one.negative is None for one in bare)


MATERIAL = """
import numpy as np

ATTACKS, WORLD, STRESS = ["one", "two"], "world", "stress"
ROWS = [(9, 8, 1, np.nan, 1, True), (9, 8, 5, np.nan, 10**9 + 1, True), (10, 7, 0, 0.25, 2, False)]
COLUMNS = ("seen", "created", "rating", "neg", "uid", "atk")


def make_client(seed, *, size_class, kind, days, attacks, world, rate):
    rows = {name: np.array([row[place] for row in ROWS]) for place, name in enumerate(COLUMNS)}
    told = [dict(kind=f"{kind} {seed} {world}", start=8, end=9, n_neg=1) for kind in attacks]
    benign = [dict(kind="promo", start=3, end=4)]
    return rows, dict(tz=-3, attacks=told, benign=benign, t0=0.0, t1=days * 86400.0)
"""


def test_a_simulator_in_the_material_folder_is_used_where_there_is_one(tmp_path, monkeypatch):
    (tmp_path / "sim.py").write_text(MATERIAL)
    monkeypatch.setenv(FOLDER, str(tmp_path))
    (of,) = simulated("mid", 1, attacked=True, days=50, stress=True, first=3)
    assert of.reviews == [
        Review(9, 8, 1, None, 1, attack=True),
        Review(9, 8, 5, None, 10**9 + 1, attack=False),
        Review(10, 7, None, 0.25, 2, attack=False),
    ]
    assert of.attacks == (Attack("two 26003 stress", 8, 9, 1),)
    assert of.benign == (Benign("promo", 3, 4),)
    assert (of.zone_hours, of.start, of.end, of.warm) == (-3, 0, 50 * DAY, 20 * DAY)


@pytest.mark.parametrize("group", ["tiny", "mention", "mid", "bare", "0.3 a day"])
def test_without_material_each_group_has_quiet_and_attacked_clients(group, monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    (quiet,) = simulated(group, 1, attacked=False, days=40)
    first, second = simulated(group, 2, attacked=True, days=40, first=11)
    assert not quiet.attacks
    assert [first.attacks[0].kind, second.attacks[0].kind] == [ATTACKS[11], ATTACKS[0]]


def test_the_carried_series_are_there_with_the_attack_on_towns():
    towns = next(of for of in series.documented() if of.name == "steam_towns")
    assert [attack.low for attack in towns.attacks] == [118]
    assert towns in series.mostly_negative()
    assert {of.name for of in series.ordinary()} >= {"steam_FFVIII", "steam_blairwitch"}


def test_days_of_many_more_low_reviews_than_the_60_before_are_a_surge():
    steady = [low(24 * day) for day in range(100, 170)]
    burst = [low(24 * 170 + hour) for hour in range(9)]
    (surge,) = series.surges(steady + burst)
    assert surge == Benign("surge", 169 * DAY, 178 * DAY)
    assert not list(series.surges(steady + burst[:5]))


def low(hours):
    return Review(hours * HOUR, hours * HOUR, 1, None, hours, attack=False)


def test_the_halves_share_neither_stream_nor_shape():
    quiet = [{of.name for of in transplants.quiet(half)} for half in (0, 1)]
    shapes = [{shape.name for shape in transplants.shapes(half)} for half in (0, 1)]
    assert all(quiet)
    assert all(shapes)
    assert quiet[0].isdisjoint(quiet[1])
    assert shapes[0].isdisjoint(shapes[1])


def test_a_transplanted_attack_is_a_real_shape_in_a_quiet_time():
    for of in transplants.transplanted(0, each=2) + transplants.transplanted(1, each=2):
        (attack,) = of.attacks
        own = [one for one in of.reviews if one.attack]
        assert attack.low == len(own) > 1
        assert of.measured_from <= attack.start == own[0].at <= attack.end <= of.end
        assert not any(one.start <= attack.start <= one.end for one in of.benign)
        assert of.reviews == sorted(of.reviews)


def test_an_attack_is_transplanted_at_waking_hours_clear_of_surges(monkeypatch):
    daily = [low(24 * day + hour) for day in range(200) for hour in (10, 11, 12)]
    surges = tuple(Benign("surge", day * DAY, (day + 9) * DAY) for day in (40, 65, 90, 120))
    place = Stream("by hand", 0, daily, (), surges, 0, 200 * DAY, 30 * DAY)
    monkeypatch.setattr(series, "ordinary", lambda: [place])
    starts = [of.attacks[0].start for of in transplants.transplanted(0, each=40)]
    assert {at // HOUR % 24 for at in starts} == {10, 11, 12}
    assert not any(one.start <= at <= one.end for one in surges for at in starts)
    assert 30 * DAY <= min(starts) <= max(starts) < 200 * DAY


def test_a_transplanted_attack_is_the_same_each_time():
    assert transplants.transplanted(0, each=1) == transplants.transplanted(0, each=1)
