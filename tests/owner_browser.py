"""A browser of somebody at a client: opens links, taps what stands there, types and sends forms."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

HOME = "http://nightdesk.test"
# What browsers say of a form on a page without a referrer, and of a link on it.
SAME = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
_SILENT = {"style", "title", "desc"}
_VOID = {"meta", "input", "br", "path", "rect", "circle"}


@dataclass
class Form:
    """One form: where it goes, how, and what it sends when nothing is typed."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Sight(HTMLParser):
    """What a page shows: its words, its links and its forms."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: dict[str, Form] = {}
        self.buttons: dict[str, str] = {}
        self._open: list[str] = []
        self._form: Form | None = None
        self._pressed: dict[str, str | None] = {}
        self._label: list[str] | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "form":
            self._form = Form(facts["action"] or "", facts.get("method") or "get")
            self.forms[facts.get("id") or ""] = self._form
        if tag in ("input", "textarea") and self._form:
            self._holds(facts)
        if tag in ("a", "button"):
            self._pressed, self._label = facts, []

    def _holds(self, facts: dict[str, str | None]) -> None:
        assert self._form is not None
        if facts.get("type") != "radio" or "checked" in facts:
            self._form.fields[facts["name"] or ""] = facts.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "form":
            self._form = None
        if tag in ("a", "button") and self._label is not None:
            label = " ".join("".join(self._label).split())
            if tag == "a":
                self.links.append((label, self._pressed["href"] or ""))
            else:
                self.buttons[label] = self._pressed.get("form") or ""
            self._label = None

    def handle_data(self, data: str) -> None:
        if not _SILENT.intersection(self._open):
            self.words.append(data)
            if self._label is not None:
                self._label.append(data)


class OwnersBrowser:
    """`async with OwnersBrowser(world) as rosa`: follows every redirect, keeps every cookie."""

    def __init__(self, app: Any, **headers: str) -> None:
        self.web = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=HOME, headers=headers,
            follow_redirects=True,
        )  # fmt: skip
        self.answer = httpx.Response(0)
        self.page = Sight("")
        self.typed: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.web.aclose()

    @property
    def path(self) -> str:
        return self.answer.url.path

    async def opens(self, address: str) -> Self:
        """By tapping the link in a message: no site sends her there."""
        await self._look(self.web.get(path_of(address), headers={"Sec-Fetch-Site": "none"}))
        return self

    async def taps(self, label: str) -> Self:
        """A link, or the button of a form."""
        links = dict(reversed(self.page.links))
        if label in links:
            assert links[label].startswith("/p/"), links[label]
            await self._look(self.web.get(links[label], headers=SAME))
            return self
        assert label in self.page.buttons, f"{label}: {self.page.text}"
        form = self.page.forms[self.page.buttons[label]]
        await self.sends(form.action, form.fields | self.typed)
        return self

    async def sends(self, path: str, fields: dict[str, str]) -> None:
        """A form as a browser sends it: the page has no referrer, so its origin is null."""
        self.typed = {}
        await self._look(self.web.post(path, data=fields, headers={**SAME, "Origin": "null"}))

    def types(self, name: str, words: str) -> None:
        assert any(name in form.fields for form in self.page.forms.values()), self.page.text
        self.typed[name] = words

    def sees(self, *words: str) -> None:
        assert all(one in self.page.text for one in words), self.page.text

    def does_not_see(self, *words: str) -> None:
        assert not any(one in self.page.text for one in words), self.page.text

    async def _look(self, asked: Any) -> None:
        self.answer = await asked
        self.page = Sight(self.answer.text)


def path_of(address: str) -> str:
    """The path of a link, as it stands in a message."""
    return urlsplit(address).path
