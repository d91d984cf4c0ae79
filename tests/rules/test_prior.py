"""What a new client is taken for follows the others of its house, and no odd one of them."""

import pytest

from tests.rules.series import NIGHT, settled
from workers.rules.baseline import DAY, Baseline, Prior
from workers.rules.prior import shared_prior


def test_a_house_with_few_clients_suggests_what_is_usual_anywhere():
    assert shared_prior([settled(50, 0.4)] * 4) == Prior()
    assert shared_prior([_watched_for(59 * DAY)] * 9) == Prior()


def test_a_house_suggests_halfway_between_its_clients_and_what_is_usual_anywhere():
    house = [settled(per_day, 0.33) for per_day in (1, 2, 20, 40, 1000)]
    prior = shared_prior(house)
    assert Prior().per_day < prior.per_day < 20
    assert prior.low_share == pytest.approx((0.33 + Prior().low_share) / 2, rel=0.01)
    assert shared_prior(reversed(house)) == prior


def test_one_odd_client_does_not_move_what_a_house_suggests():
    house = [settled(2, 0.1)] * 6
    assert shared_prior([*house, settled(90000, 0.9)]) == shared_prior([*house, settled(2, 0.1)])


def _watched_for(seconds: float) -> Baseline:
    usual = Baseline()
    usual.pass_time(NIGHT - seconds)
    usual.pass_time(NIGHT)
    return usual
