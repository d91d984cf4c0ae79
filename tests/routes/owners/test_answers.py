"""The owner's pages: for exactly this client, this link and this version, said in words."""

from datetime import timedelta

import pytest

from api.ids import encode
from api.models import Action, Approval, Entry, Statement
from tests.owner_browser import HOME
from tests.routes.owner_asked import (
    WORDS,
    about_website,
    about_words,
    answer_at,
    fields_of,
    link_for,
    says,
    shows_who_it_is,
    states,
)
from tests.routes.places import changed, everything


async def test_without_a_known_phone_an_answer_is_a_question_whose_phone_this_is(rosa, link, asked):
    before = await everything()
    for answer in ("yes", "no", "changes"):
        await rosa.sends(answer_at(link, asked), fields_of(asked, answer=answer))
        rosa.sees("First: is it you?")
    assert await changed(before) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": f"{HOME}.evil.example"},
    ],
)
async def test_another_site_answers_nothing_from_a_known_phone(
    small_world, boss, ids, rosa, known, headers
):
    link, asked = known
    before = await everything()
    action = encode("act", asked.subject_id)
    for path in (answer_at(link, asked), answer_at(link, asked, "not-right"),
                 f"{link}/back/{action}", f"{link}/verify", f"{link}/verify/confirm"):  # fmt: skip
        answer = await rosa.web.post(path, data=fields_of(asked), headers=headers)
        assert answer.status_code == 403
        assert "This came from another page." in answer.text
    assert await changed(before) == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": HOME}, {"Origin": "null"}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}],
)
async def test_every_honest_browser_can_answer(small_world, rosa, known, headers):
    link, asked = known
    answer = await rosa.web.post(answer_at(link, asked), data=fields_of(asked), headers=headers)
    assert answer.url.path == link
    assert await states(small_world, Approval) == ["consumed"]


async def test_a_digest_that_is_not_of_this_question_is_no_yes(small_world, rosa, known):
    link, asked = known
    for digest in ("", "0" * 64, asked.digest[:-1], asked.code):
        await rosa.sends(answer_at(link, asked), fields_of(asked, digest=digest))
        rosa.sees("Take down Website.", "Yes, take it down")
    assert await states(small_world, Approval) == ["requested"]
    assert await states(small_world, Action) == ["awaiting_approval"]


async def test_what_takes_a_hand_is_told_so_until_the_hand_has_done_it(
    small_world, boss, rosa, known
):
    link, asked = known
    await rosa.taps("Yes, take it down")
    rosa.sees("It takes a hand. Boss does it.", "By hand. Boss does it.")
    rosa.does_not_see("Done", "is hidden", "We looked", "Put it back")
    action = await boss.get(f"/v1/actions/{encode('act', asked.subject_id)}")
    done = {"result_id": action["results"][0]["id"]}
    await boss.post(f"/v1/actions/{action['id']}/complete-manual", done)
    await rosa.opens(link)
    rosa.sees("Website is hidden.", "Hidden by hand: Boss,", "Put it back")
    rosa.does_not_see("We looked")


async def test_one_changed_letter_makes_the_yes_void_and_the_page_says_so(
    small_world, boss, ids, rosa
):
    asked = await about_words(boss, ids)
    link = await link_for(boss, ids["client_id"])
    await shows_who_it_is(small_world, rosa, answer_at(link, asked))
    await rosa.taps("Yes, these words")
    statement = encode("stm", asked.subject_id)
    edit = {"text": WORDS.replace("glass", "grass")}
    headers = {"If-Match": "*"}
    edited = await boss.web.patch(f"/v1/statements/{statement}", json=edit, headers=headers)
    assert edited.is_success, edited.text
    await rosa.opens(link)
    rosa.sees(
        f"Replaced by a newer version. Your yes ({asked.code}) does not count any more. "
        "The words were changed after your yes."
    )
    published = await boss.post(f"/v1/statements/{statement}/publish", expect=409)
    assert published["code"] == "approval-missing"
    assert await states(small_world, Statement) == ["draft"]
    assert await states(small_world, Approval) == ["superseded"]


async def test_a_yes_to_a_version_that_has_just_changed_leads_to_the_new_one(
    small_world, boss, ids, rosa
):
    asked = await about_words(boss, ids)
    link = await link_for(boss, ids["client_id"])
    await shows_who_it_is(small_world, rosa, answer_at(link, asked))
    statement = encode("stm", asked.subject_id)
    edit, headers = {"text": WORDS.replace("glass", "grass")}, {"If-Match": "*"}
    await boss.web.patch(f"/v1/statements/{statement}", json=edit, headers=headers)
    await rosa.taps("Yes, these words")
    rosa.sees("The words were changed.", f"The question {asked.code} is over.")
    await boss.post("/v1/approvals", {"statement_id": statement})
    await rosa.sends(answer_at(link, asked), fields_of(asked))
    rosa.sees("This changed a moment ago. Here is the new version.", "a grass broke")
    assert await states(small_world, Statement) == ["in_review"]
    assert sorted(await states(small_world, Approval)) == ["requested", "superseded"]
    await rosa.taps("Look at the new version")
    await rosa.taps("Yes, these words")
    rosa.sees("Approved. Nothing goes out by itself.")


async def test_nobody_can_ask_for_other_words_of_a_take_down(small_world, rosa, known):
    link, asked = known
    await rosa.sends(answer_at(link, asked), fields_of(asked, answer="changes"))
    assert await states(small_world, Approval) == ["declined"]
    assert await states(small_world, Action) == ["cancelled"]


async def test_not_right_is_open_for_three_days_and_said_once(small_world, boss, ids, rosa, known):
    link, asked = known
    await says(boss, ids, asked)
    path = answer_at(link, asked, "not-right")
    await rosa.opens(link)
    rosa.sees("by phone: take down Website. Not right?")
    await rosa.sends(path, {})
    await rosa.sends(path, {})
    assert len(await small_world.rows(Entry, kind="not_right")) == 1
    assert await states(small_world, Approval) == ["revoked"]
    rosa.does_not_see("Not right?")
    second = await about_website(boss, ids)
    await says(boss, ids, second)
    small_world.at += timedelta(hours=72)
    await rosa.sends(answer_at(link, second, "not-right"), {})
    assert len(await small_world.rows(Entry, kind="not_right")) == 1


async def test_with_two_who_may_approve_the_page_says_which_of_them_did(
    small_world, boss, ids, rosa, known
):
    link, asked = known
    await rosa.opens(link)
    other = {"name": "Paolo", "phone": "+43 660 222 22 22", "may_approve": True}
    await boss.post(f"/v1/clients/{ids['client_id']}/contacts", other)
    body, headers = {"may_approve": True}, {"If-Match": "*"}
    await boss.web.patch(f"/v1/contacts/{ids['contact_id']}", json=body, headers=headers)
    await says(boss, ids, asked)
    await rosa.opens(link)
    rosa.sees("Corner owner agreed at", f"Corner owner agreed to {asked.code}.")


async def test_long_after_the_end_only_what_is_still_down_is_shown(
    small_world, boss, ids, rosa, known
):
    link, asked = known
    await rosa.taps("Yes, take it down")
    action = await boss.get(f"/v1/actions/{encode('act', asked.subject_id)}")
    done = {"result_id": action["results"][0]["id"]}
    await boss.post(f"/v1/actions/{action['id']}/complete-manual", done)
    small_world.at += timedelta(days=29)
    await rosa.opens(link)
    rosa.sees("Website is hidden.", "Put it back")
    rosa.does_not_see("Not right?")
    await boss.post(f"/v1/actions/{action['id']}/revert")
    await boss.post(f"/v1/actions/{action['id']}/complete-manual", done)
    await rosa.opens(link)
    rosa.sees("Put back 0", "Website can be seen again.")
    rosa.does_not_see("Put it back", "is hidden")
    small_world.at += timedelta(days=3)
    await rosa.opens(link)
    rosa.does_not_see("Website can be seen again.")


async def test_too_many_words_are_refused_in_words(small_world, rosa, known):
    link, asked = known
    path = answer_at(link, asked)
    await rosa.sends(path, fields_of(asked, answer="no", words="x" * 20_001))
    assert rosa.answer.status_code == 422
    rosa.sees("That was too long.")
    assert await states(small_world, Approval) == ["requested"]
