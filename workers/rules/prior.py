"""Says what to expect of a new client from what the others of its house are like."""

from collections.abc import Iterable
from math import isfinite, sqrt

from workers.rules.baseline import DAY, Baseline, Prior


def shared_prior(known: Iterable[Baseline]) -> Prior:
    """What the other clients of a house suggest for a new one, halfway to what is usual anywhere.

    Medians, of clients that were watched for 60 days; with fewer than five of them the default.
    """
    usual = Prior()
    seen = [one for one in known if one.last - one.began > 60 * DAY]
    if len(seen) < 5:
        return usual
    rates = sorted(one.per_day for one in seen)
    shares = sorted(one.low_share for one in seen)
    middle = len(seen) // 2
    between = Prior(sqrt(rates[middle] * usual.per_day), (shares[middle] + usual.low_share) / 2)
    return between if all(map(isfinite, between)) else usual
