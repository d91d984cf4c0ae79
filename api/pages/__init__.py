"""What the client sees: server-rendered, useful without JavaScript, one stylesheet inside."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent


@cache
def stylesheet() -> str:
    """The one stylesheet of app and pages."""
    return (_HERE / "nightdesk.css").read_text()


@cache
def _small_stylesheet() -> str:
    """Without comments and indents: a page has to arrive over a slow line in one piece."""
    both = stylesheet() + (_HERE / "owner.css").read_text()
    kept = [line.strip() for line in both.splitlines()]
    text = "".join(kept)
    while "/*" in text:
        start = text.index("/*")
        text = text[:start] + text[text.index("*/", start) + 2 :]
    return text


@cache
def _style_hash() -> str:
    return base64.b64encode(hashlib.sha256(_small_stylesheet().encode()).digest()).decode()


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def render(name: str, facts: dict[str, Any]) -> tuple[str, str]:
    """The page, and the CSP hash of the style inside it."""
    html = _templates().get_template(name).render(style=_small_stylesheet(), **facts)
    return html, _style_hash()
