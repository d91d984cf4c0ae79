"""The rivals: what is sold and published, written anew from its source, all on the same intake."""

from collections.abc import Callable
from functools import partial

from tests.bench.detection.rivals import river_rivals
from tests.bench.detection.rivals.changepoint import Changepoint
from tests.bench.detection.rivals.cusum import Cusum
from tests.bench.detection.rivals.detector import DAY, HOUR, Detector
from tests.bench.detection.rivals.ears import Ears
from tests.bench.detection.rivals.ewma import Ewma
from tests.bench.detection.rivals.kleinberg import Kleinberg
from tests.bench.detection.rivals.rule import Rule
from tests.bench.detection.rivals.scan import Scan
from tests.bench.detection.rivals.share import ScanAndShare

RIVALS: dict[str, Callable[[], Detector]] = {
    "commercial rule, all reviews": partial(Rule, low_only=False),
    "commercial rule, low reviews": partial(Rule, low_only=True),
    "EWMA z, 1 h": partial(Ewma, HOUR),
    "EWMA z, 24 h": partial(Ewma, DAY),
    "Poisson CUSUM": Cusum,
    "EARS C1": partial(Ears, 1),
    "EARS C2": partial(Ears, 2),
    "EARS C3": partial(Ears, 3),
    "Kleinberg, online Viterbi": Kleinberg,
    "Bayesian online changepoint": Changepoint,
    "negative-binomial scan": Scan,
    "negative-binomial scan and share": ScanAndShare,
}
"""In the order of the table; every call makes a new detector for one client."""

if river_rivals.INSTALLED:
    RIVALS |= {
        "river PageHinkley": river_rivals.PageHinkley,
        "river ADWIN": river_rivals.Adwin,
        "river HalfSpaceTrees": river_rivals.HalfSpaceTrees,
    }
