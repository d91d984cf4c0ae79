"""Hostile text made harmless to read: no markup, no invisible or direction-changing signs."""

import html
import re
import unicodedata
from urllib.parse import urlsplit

MAX_URL = 2048
# Bidi overrides, zero-width signs, tags, byte order marks and halves of surrogate pairs.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
# Joiners shape Arabic, Indic and emoji text; anywhere else they only hide something.
STRAY_JOINER = re.compile(
    "(?<![\u0600-\u06ff\u0900-\u0dff\u2600-\u27bf\ufe0f\U0001f300-\U0001faff])[\u200c\u200d]"
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
TAG = re.compile(r"(<[^<>]*>)")
BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "hr"})
SILENT = frozenset({"script", "style", "template", "noscript", "title"})


def clean(text: str, limit: int) -> str:
    """Normalise, drop unseen and control signs, and cut to `limit` characters."""
    text = text[: limit * 2].replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n")
    text = STRAY_JOINER.sub("", UNSEEN.sub("", CONTROL.sub("", text)))
    text = unicodedata.normalize("NFC", text)
    lines = [line.strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:limit]


def one_line(text: str, limit: int) -> str:
    """Like `clean`, for names and titles."""
    return " ".join(clean(text, limit).split())


def without_markup(markup: str, limit: int) -> str:
    """The words of a piece of HTML, in one linear pass; the standard parser is quadratic."""
    words: list[str] = []
    silent: str | None = None
    for piece in TAG.split(markup[: limit * 4]):
        name = _tag_name(piece)
        if name is None:
            words += [] if silent else [piece]
        elif silent:
            silent = None if name == f"/{silent}" else silent
        elif name in SILENT:
            silent = name
        elif name.lstrip("/") in BREAKS:
            words.append("\n")
    return html.unescape("".join(words))


def web_link(url: object) -> str | None:
    """An http or https address, or None: anything else must never become a link."""
    if not isinstance(url, str) or len(url) > MAX_URL or any(sign <= " " for sign in url.strip()):
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or UNSEEN.search(url):
        return None
    return url.strip()


def _tag_name(piece: str) -> str | None:
    if not (piece.startswith("<") and piece.endswith(">") and len(piece) > 2):
        return None
    name = re.match(r"<(/?[A-Za-z][A-Za-z0-9]*|[!?])", piece)
    return name[1].lower() if name else None
