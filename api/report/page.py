"""The report as one page without a script, in the look of the owner’s page."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from api import pages, words_report
from api.pages import chart
from api.pulse import clock_time
from api.report import Report
from api.report.told import Pairs, told
from api.words_report import when

# So many lines are read at once; the others open by a tap.
_SHOWN = 12


def html(report: Report) -> tuple[str, str]:
    """The page, and the CSP hash of the style inside it."""
    words, zone = told(report), report.client.zone
    over = report.numbers.over
    facts = {
        "told": words,
        "chart": chart.draw(report.pulse, zone, height=126, last="until" if over else "now"),
        "rows": chart.table(report.pulse, zone),
        "per": chart.per(report.pulse.width),
        "shown": _by_day(words.lines[:_SHOWN], zone),
        "more": _by_day(words.lines[_SHOWN:], zone),
        "more_count": max(len(words.lines) - _SHOWN, 0),
        "times": words_report.TIMES,
        "times_from": words_report.TIMES_FROM,
        "nothing_done": words_report.NOTHING_DONE,
        "practice": words_report.PRACTICE_WORDS,
        "people": [],
    }
    return pages.render("report.html", facts)


def _by_day(lines: Sequence[tuple[datetime, str]], zone: str) -> list[tuple[str, Pairs]]:
    """The day once, then its times."""
    days = groupby(lines, key=lambda line: when(line[0], zone).split(",")[0])
    return [(day, [(clock_time(at, zone), said) for at, said in some]) for day, some in days]
