"""`python -m tests.bench.detection`: our engine and its rivals, one table out, and pictures."""

import argparse
import gc
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import chain
from pathlib import Path

from tests.bench.detection import cost, ours, pictures, report, tuning
from tests.bench.detection.figures import Results
from tests.bench.detection.groups import FULL, GROUPS, QUICK, Size
from tests.bench.detection.material import folder
from tests.bench.detection.tuning import Row

PROCESSES = 2


def main() -> None:
    asked = _asked()
    size = QUICK if asked.quick else FULL
    begun = time.perf_counter()
    rows = _rows(size)
    _say("cost")
    costs = cost.measured(size)
    results = Results(rows, costs, folder() is not None, time.perf_counter() - begun)
    print("\n".join(report.lines(results)))
    for path in pictures.write(results, Path(asked.pictures)):
        _say(f"drawn: {path}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few streams: shows that it runs")
    parser.add_argument("--pictures", default="screenshots/detection", help="where they are drawn")
    return parser.parse_args()


def _rows(size: Size) -> list[Row]:
    """In the order of the table, whoever is ready first."""
    order = [(group.name, detector) for group in GROUPS for detector in (ours.OURS, *size.rivals)]
    found: dict[tuple[str, str], list[Row]] = {}
    with ProcessPoolExecutor(PROCESSES) as processes:
        waiting = {processes.submit(_run, *each, size): each for each in order}
        for done in as_completed(waiting):
            found[waiting[done]] = done.result()
            name, detector = waiting[done]
            _say(f"{len(found)}/{len(order)} {name}: {detector}, {done.result()[-1].seconds:.0f} s")
    return [*chain.from_iterable(found[each] for each in order)]


def _run(name: str, detector: str, size: Size) -> list[Row]:
    gc.freeze()
    return tuning.rows(tuning.named(name), detector, size)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
