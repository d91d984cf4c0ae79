"""Prints a finished run as plain text: a table for each group, then each goal with its figure."""

from collections.abc import Iterator, Sequence
from typing import Final

from tests.bench.detection import figures, goals, ours
from tests.bench.detection.figures import REAL, SIMULATED, Results, plain
from tests.bench.detection.goals import MUST_NOT_WAKE
from tests.bench.detection.groups import GROUPS
from tests.bench.detection.tuning import Row

ORDER: Final = ("ordinary", "tiny", "stress", "mention", "mid", "large", REAL)
HEADINGS: Final = (
    "detector",
    "allowed",
    "false a year (95 % range)",
    "woken %",
    "low reviews 50/90",
    "minutes 50",
)


def lines(results: Results) -> Iterator[str]:
    yield from _introduction(results)
    about = {group.name: group.about for group in GROUPS}
    about |= {group.also[0]: group.also[1] for group in GROUPS if group.also}
    for group in ORDER:
        yield from ("", f"{group}: {about[group]}; {_amount(results.detectors(group))}")
        yield from table(HEADINGS, [_cells(row) for row in results.detectors(group)])
    yield from _surges(results)
    yield from _documented(results)
    yield from _harmless(results)
    yield from _over(results)
    yield from _cost(results)
    yield from ("", "Goals, with our threshold set on the other half and as delivered")
    yield from table(("group", "goal", "bound", "set", "as delivered"), [*goals.lines(results)])


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as they need to be; words are left, numbers right."""
    columns = [[heading, *cells] for heading, *cells in zip(headings, *rows, strict=True)]
    widths = [max(map(len, column)) for column in columns]
    for row in (headings, *rows):
        cells = [
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _introduction(results: Results) -> Iterator[str]:
    where = "with the material folder" if results.material else "without the material folder"
    yield f"Detection and its rivals, measured in {plain(results.seconds)} s, {where}."
    yield (
        "Thresholds are set to the allowed false wakes a client-year on one half and measured on"
        " the other, in both directions, pooled."
    )
    yield f"“{ours.AS_DELIVERED}” has the default wish of {ours.DELIVERED} a year, set on nothing."
    if any(row.thinned > 1 for row in results.rows):
        yield "(1/3): this rival is slow and ran over a third of the simulated clients."


def _amount(rows: Sequence[Row]) -> str:
    whole = max(rows, key=lambda row: row.outcome.years).outcome
    return f"{whole.years:.1f} client-years, {len(whole.found)} attacks"


def _name(row: Row) -> str:
    return f"{row.detector} (1/{row.thinned})" if row.thinned > 1 else row.detector


def _cells(row: Row) -> Sequence[str]:
    low, high = figures.false_range(row)
    found = figures.summary(row)
    return (
        _name(row),
        "–" if row.detector == ours.AS_DELIVERED else f"{row.allowed:g}",
        f"{figures.false_a_year(row):.3f} ({low:.3f} to {high:.3f})",
        plain(100 * found.woken, 1),
        f"{plain(found.low_reviews)}/{plain(found.low_reviews_90)}",
        plain(found.minutes),
    )


def _surges(results: Results) -> Iterator[str]:
    yield from ("", "mostly negative: wakes in unexplained surges, a year; neither right nor wrong")
    rows = results.detectors(REAL)
    cells = [(_name(row), f"{row.outcome.surges / row.outcome.years:.3f}") for row in rows]
    yield from table(("detector", "in surges"), cells)


def _documented(results: Results) -> Iterator[str]:
    rows = results.detectors(REAL)
    names = [name for name, _, _ in figures.documented(rows[0])]
    yield from ("", "documented attacks: low reviews (hours) until woken")
    cells = [
        (_name(row), *(_when(low, minutes) for _, low, minutes in figures.documented(row)))
        for row in rows
    ]
    yield from table(("detector", *names), cells)


def _when(low: float, minutes: float) -> str:
    return f"{plain(low)} ({plain(minutes / 60, 1)})" if low < float("inf") else "–"


def _harmless(results: Results) -> Iterator[str]:
    for group in SIMULATED:
        rows = results.detectors(group)
        kinds = [kind for kind in figures.benign(rows) if kind in MUST_NOT_WAKE]
        yield from ("", f"{group}: harmless things that woke somebody, in % of their number")
        yield from table(("detector", *kinds), [_woken(row, kinds) for row in rows])


def _woken(row: Row, kinds: Sequence[str]) -> Sequence[str]:
    found = row.outcome.benign
    shares = [100 * found[kind].woken / found[kind].occurrences for kind in kinds]
    return (_name(row), *(f"{share:.2f}" for share in shares))


def _over(results: Results) -> Iterator[str]:
    yield from ("", "over: hours from the true end, and attacks that came back within 72 hours")
    rows = [row for row in results.rows if row.outcome.endings]
    cells = [
        (
            f"{row.group}, {row.detector}",
            *(plain(figures.over_hours(row, share), 1) for share in (0.1, 0.5, 0.9)),
            plain(100 * figures.reopened(row), 1),
            str(len(row.outcome.endings)),
        )
        for row in rows
    ]
    yield from table(("group", "hours 10", "50", "90", "reopened %", "attacks"), cells)


def _cost(results: Results) -> Iterator[str]:
    cost = results.cost
    yield from ("", f"cost: processor time, over {cost.reviews:,} reviews of tiny and mid clients")
    yield from table(
        ("detector", "µs a review"),
        [(name, f"{value:.1f}") for name, value in cost.per_review.items()],
    )
    yield f"Packed state: {cost.state} bytes at most."
    yield f"Replay through the engine: {cost.replayed:,} reviews in {cost.seconds:.1f} s."
