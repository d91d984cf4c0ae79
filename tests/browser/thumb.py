"""A thumb on a phone: it taps what it sees, and the page itself counts the taps."""

from playwright.sync_api import Locator, Page

_COUNTS = """addEventListener("pointerdown", (event) => {
  if (event.isTrusted) globalThis.countTap(event.target.textContent.trim().slice(0, 40));
}, true)"""


class Thumb:
    """`taps` holds what was touched, in order; filling a field costs the tap into it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps: list[str] = []
        page.expose_function("countTap", self.answers)
        page.add_init_script(_COUNTS)

    def on(self, place: Locator) -> None:
        place.tap()

    def button(self, name: str) -> None:
        self.on(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name: str) -> None:
        self.on(self.page.get_by_role("link", name=name, exact=True))

    def types(self, label: str, words: str) -> None:
        self.on(self.page.get_by_label(label, exact=True))
        self.page.keyboard.type(words)

    def answers(self, question: str) -> None:
        """The browser's own question is no part of the page, and costs a tap all the same."""
        self.taps.append(question)
