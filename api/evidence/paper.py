"""The saved reviews on paper: one after the other, each with its time, place, link and hash."""

from collections.abc import Sequence
from datetime import datetime

from api import words_report
from api.models import Evidence
from api.pdf import QUIET, Paper
from api.words_report import note_of, said_at, stars_of


def write(
    title: str, cover: str, items: Sequence[Evidence], at: datetime, stamp: str = ""
) -> bytes:
    """A PDF of all of it. A letter that the font lacks is a box: the exact words lie beside it."""
    paper = Paper(title, at, stamp=stamp)
    paper.text(title, size=18)
    paper.gap(2)
    paper.text(cover, size=11)
    if stamp:
        paper.text(words_report.PRACTICE_WORDS, size=11)
    for number, item in enumerate(items, 1):
        _one(paper, number, item)
    return paper.done()


def _one(paper: Paper, number: int, item: Evidence) -> None:
    said = item.content
    paper.needs(34)
    paper.rule()
    paper.text(f"{number}.  {stars_of(said['stars'])}  ·  {said['author'] or 'No name'}", size=11)
    paper.text(f"{said['platform']}, {said['source']}", size=9, shade=QUIET)
    paper.text(f"Written {said_at(said['written_at'], said['zone'])}", size=9, shade=QUIET)
    if said["gone_at"]:
        paper.text(f"Gone there {said_at(said['gone_at'], said['zone'])}", size=9, shade=QUIET)
    paper.gap(1)
    if said["title"]:
        paper.text(said["title"])
    paper.text(said["text"] or words_report.NOT_HERE)
    _edits(paper, item)
    _proof(paper, item)


def _edits(paper: Paper, item: Evidence) -> None:
    for one in item.content["earlier"]:
        until = said_at(one["until"], item.content["zone"])
        stars = stars_of(one["stars"])
        paper.text(f"Before it was edited, until {until}: {stars}", size=9, shade=QUIET, indent=6)
        paper.text(f"{one['title']}\n{one['text']}".strip(), size=9, indent=6)


def _proof(paper: Paper, item: Evidence) -> None:
    paper.gap(1)
    for line in (note_of(item.content), item.content["url"] or "", f"SHA-256 {item.sha256}"):
        if line:
            paper.text(line, size=7.5, shade=QUIET)
