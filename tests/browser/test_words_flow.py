"""Words go from a draft to the public or stay held; by day the report and the standing yes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone import faults_of, overflow_of

pytestmark = pytest.mark.timeout(240)

SOON = 20_000


def _is_fine(page: Page) -> None:
    assert faults_of(page) == []
    assert overflow_of(page) == 0


def test_words_go_from_a_draft_to_held_and_a_countdown_can_be_stopped(page, mia, night):
    home = f"{mia.instance.url}/incidents/{night}"
    page.goto(f"{home}/statements")
    expect(page.get_by_role("heading", name="No statement yet.")).to_be_visible()
    _is_fine(page)
    page.get_by_role("button", name="Begin with it: Holding statement").tap()
    expect(page.get_by_text("blanks left")).to_be_visible()
    _is_fine(page)
    page.get_by_role("button", name="Ask the owner to approve").tap()
    expect(page.get_by_role("alert").filter(has_text="left to fill in")).to_be_visible()
    page.get_by_label("The words").fill("It was not our best evening. More on Friday at noon.")
    page.get_by_role("button", name="Ask the owner to approve").tap()
    expect(page.get_by_role("heading", name="With the owner")).to_be_visible()
    page.get_by_text("Versions").tap()
    expect(page.get_by_text("From version 1 to 2")).to_be_visible()
    _is_fine(page)
    page.get_by_role("link", name="Approvals").tap()
    page.get_by_role("button", name="They told me").first.tap()
    _is_fine(page)
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    page.get_by_role("group", name="What did they say?").get_by_label("Yes").check()
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.get_by_role("heading", name="Nothing waiting.")).to_be_visible()
    _is_fine(page)
    page.goto(f"{home}/statements")
    page.get_by_role("link", name="Approved").tap()
    page.get_by_role("button", name="Hold until it is quiet").tap()
    _is_fine(page)
    page.get_by_role("button", name="Hold it", exact=True).tap()
    expect(page.get_by_text("of 48 quiet hours")).to_be_visible()
    expect(page.get_by_text("Nothing goes out by itself.")).to_be_visible()
    _is_fine(page)
    page.get_by_role("button", name="Publish early").tap()
    page.get_by_role("button", name="Yes, publish in 30 seconds").tap()
    expect(page.get_by_role("timer")).to_be_visible()
    _is_fine(page)
    page.get_by_role("button", name="Stop").tap()
    expect(page.get_by_role("heading", name="Approved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Change").tap()
    expect(page.get_by_text("Changing this needs a new yes.")).to_be_visible()


def test_two_people_who_write_at_once_choose_whose_words_stay(dark, mia, night):
    body = {"incident_id": night, "text": "First words."}
    statement = mia.posts("/v1/statements", body)["id"]
    dark.goto(f"{mia.instance.url}/statements/{statement}")
    box = dark.get_by_label("The words")
    box.fill("Mine.")
    path, theirs = f"/v1/statements/{statement}", {"text": "Theirs."}
    assert mia.web.patch(path, json=theirs, headers={"If-Match": "*"}).is_success
    dark.get_by_role("button", name="Save", exact=True).tap()
    expect(dark.get_by_text("Mia changed this at")).to_be_visible()
    _is_fine(dark)
    dark.get_by_role("button", name="Both, one below the other").tap()
    expect(box).to_have_value("Theirs.\n\nMine.")
    dark.get_by_role("button", name="Save", exact=True).tap()
    expect(dark.get_by_text("Not saved yet.")).to_be_hidden()
    assert mia.gets(path)["text"] == "Theirs.\n\nMine."


def test_the_report_and_the_standing_yes_are_written_by_day(page, mia, night):
    client = mia.gets(f"/v1/incidents/{night}")["client_id"]
    page.goto(f"{mia.instance.url}/incidents/{night}/report")
    page.get_by_label("What helped").fill("Rosa answered at once.")
    page.get_by_label("What we change").fill("Train the bar; Rosa; 2026-12-01")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Saved.")).to_be_visible()
    _is_fine(page)
    kept = mia.gets(f"/v1/incidents/{night}/report")
    assert kept["helped"] == "Rosa answered at once."
    assert kept["changes"] == [{"what": "Train the bar", "who": "Rosa", "by": "2026-12-01"}]
    page.goto(f"{mia.instance.url}/clients/{client}/standing")
    page.get_by_label("Facebook").check()
    _is_fine(page)
    page.get_by_role("button", name="Write it down").tap()
    expect(page.get_by_text("Holds")).to_be_visible()
    _is_fine(page)
    page.goto(f"{mia.instance.url}/incidents/{night}/decide")
    page.get_by_role("button", name="Take down 1 place").tap()
    expect(page.get_by_text("Needs Rosa’s yes.")).to_be_visible()
    expect(page.get_by_role("button", name="Use the standing yes")).to_be_visible()
    page.get_by_role("button", name="Use the standing yes").tap()
    page.get_by_role("button", name="Yes, use it and take it down").tap()
    expect(page.get_by_role("heading", name="Facebook is down.")).to_be_visible(timeout=SOON)
