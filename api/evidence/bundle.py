"""The saved reviews of an incident as one ZIP that anybody can read and check."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlmodel import col, select

from api import pages, words_report
from api.database import Reader
from api.errors import NotThere
from api.evidence import paper
from api.ids import encode
from api.models import Client, Evidence, Incident
from api.words_report import note_of, said_at

_FORMAT = "nightdesk-evidence/1"
_SUMS = "SHA256SUMS"
_MODE = 0o100644 << 16
# The first day that a ZIP can name.
_FIRST_DAY = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that goes into the file, read at one moment."""

    incident: Incident
    client: Client
    items: Sequence[Evidence]

    @property
    def saved_at(self) -> datetime:
        """When the last of it was saved."""
        return max(item.saved_at for item in self.items)

    @property
    def title(self) -> str:
        return f"{words_report.EVIDENCE}: {self.client.name}"

    @property
    def stamp(self) -> str:
        return words_report.PRACTICE if self.incident.practice else ""

    @property
    def cover(self) -> str:
        times = {said_at(item.saved_at, self.client.zone): item.saved_at for item in self.items}
        return words_report.cover(
            self.client.name, len(self.items), sorted(times, key=lambda said: times[said])
        )


async def bundle(session: Reader, incident: Incident) -> Bundle:
    """What is saved of an incident, in the order in which it was written; NotThere for nothing."""
    found = await session.exec(
        select(Evidence).where(Evidence.incident_id == incident.id).order_by(col(Evidence.id))
    )
    items = sorted(found, key=lambda one: (one.content["written_at"], one.review_id))
    if not items:
        raise NotThere(words_report.NOTHING_SAVED, hint=words_report.SAVE_FIRST)
    return Bundle(incident, await session.get_one(Client, incident.client_id), items)


def pack(told: Bundle) -> bytes:
    """The ZIP: the same for the same rows, byte for byte. Takes seconds: never on the loop."""
    files = {path: text.encode() for path, text in _texts(told)}
    files["evidence.pdf"] = paper.write(
        told.title, told.cover, told.items, told.saved_at, told.stamp
    )
    files["manifest.json"] = _json(_manifest(told, files))
    sums = "".join(f"{_sum(body)}  {path}\n" for path, body in sorted(files.items()))
    files[_SUMS] = sums.encode()
    return _zipped(files, max(told.saved_at, _FIRST_DAY))


def _texts(told: Bundle) -> Iterator[tuple[str, str]]:
    title = f"{told.title}{f' · {told.stamp}' if told.stamp else ''}"
    yield "README.txt", words_report.README.format(title=title, cover=told.cover)
    yield "reviews.json", _json([_review(*one) for one in enumerate(told.items, 1)]).decode()
    yield "index.html", _index(told)
    for number, item in enumerate(told.items, 1):
        yield _path(number), item.page


def _path(number: int) -> str:
    return f"pages/{number:04}.html"


def _review(number: int, item: Evidence) -> dict[str, Any]:
    return _about(number, item) | {"content": item.content}


def _about(number: int, item: Evidence) -> dict[str, Any]:
    return {
        "number": number,
        "review_id": encode("rev", item.review_id),
        "saved_at": item.saved_at.isoformat(),
        "sha256": item.sha256,
        "page": _path(number),
        "page_sha256": item.page_sha256,
        "note": note_of(item.content),
    }


def _manifest(told: Bundle, files: dict[str, bytes]) -> dict[str, Any]:
    incident, client = told.incident, told.client
    return {
        "format": _FORMAT,
        "incident": {
            "id": encode("inc", incident.id),
            "title": incident.title,
            "opened_at": incident.opened_at.isoformat(),
            "practice": incident.practice,
        },
        "client": {"id": encode("cli", client.id), "name": client.name, "zone": client.zone},
        "saved_at": told.saved_at.isoformat(),
        "count": len(told.items),
        "files": [
            {"path": path, "bytes": len(body), "sha256": _sum(body)}
            for path, body in sorted(files.items())
        ],
        "reviews": [_about(*one) for one in enumerate(told.items, 1)],
    }


def _index(told: Bundle) -> str:
    rows = [
        {
            "path": _path(number),
            "number": number,
            "written": said_at(item.content["written_at"], told.client.zone),
            "platform": item.content["platform"],
            "stars": words_report.stars_of(item.content["stars"]),
            "author": item.content["author"],
        }
        for number, item in enumerate(told.items, 1)
    ]
    facts = {"title": told.title, "cover": told.cover, "items": rows, "practice": told.stamp}
    return pages.render("evidence_index.html", facts)[0]


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _sum(body: bytes) -> str:
    return sha256(body).hexdigest()


def _zipped(files: dict[str, bytes], at: datetime) -> bytes:
    """Names, times and rights are given, so that no clock and no machine shows in it."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, body in files.items():
            entry = zipfile.ZipInfo(path, at.astimezone(UTC).timetuple()[:6])
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED, _MODE, 3,
            )  # fmt: skip
            archive.writestr(entry, body)
    return whole.getvalue()
