"""The report on paper."""

from api import words_report
from api.pages import chart
from api.pdf import ALARM, QUIET, Paper, Shade
from api.pulse import Pulse
from api.report import Report
from api.report.told import Told, told

_COLUMN: Shade = (150, 156, 162)


def pdf(report: Report) -> bytes:
    """A PDF with the words of the page; never drawn on the loop, it takes a second."""
    words = told(report)
    title = f"{words.client}: {words.title}"
    paper = Paper(title, report.as_of, stamp=words.stamp)
    paper.text(words.title, size=18)
    paper.text(f"{words.client}, {words.as_of}", shade=QUIET)
    if words.stamp:
        paper.text(words_report.PRACTICE_WORDS)
    _happened(paper, report, words)
    _did(paper, words, report.client.zone)
    _after(paper, words)
    return paper.done()


def _happened(paper: Paper, report: Report, words: Told) -> None:
    paper.heading("What happened")
    paper.text(words.sentence, size=11)
    paper.gap(2)
    _picture(paper, report.pulse, report.client.zone)
    for name, value in words.numbers:
        paper.pair(name, value, indent=46)


def _picture(paper: Paper, pulse: Pulse, zone: str) -> None:
    paper.needs(46)
    most = max(pulse.expected_high, 1, *(bucket.count for bucket in pulse.buckets))
    heights = [bucket.count / most for bucket in pulse.buckets]
    high = [bucket.count > pulse.expected_high for bucket in pulse.buckets]
    paper.columns(heights, shades=[ALARM if one else _COLUMN for one in high])
    per, ends = chart.per(pulse.width), (pulse.buckets[0].at, pulse.as_of)
    first, last = (words_report.when(at, zone) for at in ends)
    said = f"Reviews per {per}, {first} to {last}. {chart.description(pulse)}"
    paper.text(said, size=8.5, shade=QUIET)
    paper.gap(2)


def _did(paper: Paper, words: Told, zone: str) -> None:
    paper.heading("What we did and when")
    for at, said in words.lines:
        paper.pair(words_report.when(at, zone), said, indent=40)
    if not words.lines:
        paper.text(words_report.NOTHING_DONE)
    paper.needs(60)
    paper.heading(words_report.TIMES)
    paper.text(words_report.TIMES_FROM, shade=QUIET)
    for name, value in words.steps:
        paper.pair(name, value, indent=60)


def _after(paper: Paper, words: Told) -> None:
    paper.heading("What is still there")
    for said in words.still:
        paper.text(said)
    for heading, said in (
        ("What helped", words.helped),
        ("What did not", words.hindered),
        ("What we change", "\n".join(words.changes)),
        ("Words to your staff", words.staff),
    ):
        if said:
            paper.heading(heading)
            paper.text(said)
