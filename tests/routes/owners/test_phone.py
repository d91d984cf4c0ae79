"""An owner's phone: a code to who is on record, in this browser, for this client, a few times."""

import logging
from datetime import timedelta

import pytest

from api.database import transaction
from api.lifecycle import message as messages
from api.models import Contact, Message, OwnerPhone
from tests.owner_browser import OwnersBrowser
from tests.routes.owner_asked import (
    about_website,
    answer_at,
    can_write,
    change_contact,
    newest_code,
    shows_who_it_is,
    types_code,
)
from tests.routes.places import everything
from tests.world import configure

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
async def other(small_world):
    """Another browser."""
    async with OwnersBrowser(small_world.app) as browser:
        yield browser


async def the_contact(small_world, ids):
    return await small_world.row(Contact, ids["contact_id"])


async def wrong_code(small_world):
    return f"{(int(await newest_code(small_world)) + 1) % 10**6:06}"


async def test_the_code_shows_who_it_is_once_for_a_year(small_world, boss, ids, rosa, page):
    await rosa.opens(page)
    rosa.sees("We text a code to …11 to be sure that it is you.")
    await rosa.taps("Send me the code")
    assert rosa.path == page
    rosa.sees("We sent 6 figures to …11 at", "They count until")
    assert 'autocomplete="one-time-code"' in rosa.answer.text
    assert 'inputmode="numeric"' in rosa.answer.text
    code = await newest_code(small_world)
    await types_code(small_world, rosa, f" {code[:3]} {code[3:]} ")
    assert rosa.path == page
    rosa.sees("Yes, take it down")
    assert (await the_contact(small_world, ids)).verified_at == small_world.at
    small_world.at += timedelta(hours=11)
    await rosa.opens(page)
    rosa.sees("Yes, take it down")
    [phone] = await small_world.rows(OwnerPhone)
    async with transaction() as session:
        phone.verified_at = small_world.at - timedelta(days=365) + SECOND
        await session.merge(phone)
    await rosa.opens(page)
    rosa.sees("Yes, take it down")
    small_world.at += SECOND
    await rosa.opens(page)
    rosa.sees("First: is it you?")


async def test_its_cookies_are_for_this_page_and_for_no_script(small_world, rosa, page):
    await rosa.opens(page)
    form = rosa.page.forms["send"]
    sent = await rosa.web.post(form.action, data=form.fields, follow_redirects=False)
    typed = {"code": await newest_code(small_world), "to": form.fields["to"]}
    proved = await rosa.web.post(f"{form.action}/confirm", data=typed, follow_redirects=False)
    assert (sent.status_code, proved.status_code) == (303, 303)
    [begun] = sent.headers.get_list("set-cookie")
    for cookie, seconds in ((begun, 600), (proved.headers.get_list("set-cookie")[0], 31_536_000)):
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert parts == {"httponly", f"max-age={seconds}", "path=/p", "samesite=strict"}
    assert 'nightdesk_owner_try=""' in proved.headers.get_list("set-cookie")[1]


async def test_behind_https_they_travel_by_https_alone(small_world, rosa, page):
    await rosa.opens(page)
    configure(public_url="https://nightdesk.test")
    form = rosa.page.forms["send"]
    sent = await rosa.web.post(form.action, data=form.fields, follow_redirects=False)
    assert "Secure" in sent.headers["set-cookie"]


async def test_neither_code_nor_secret_is_in_a_row_or_a_log(small_world, rosa, page, caplog):
    caplog.set_level(logging.DEBUG, logger="nightdesk")
    await shows_who_it_is(small_world, rosa, page)
    secret, code = rosa.web.cookies["nightdesk_owner"], await newest_code(small_world)
    rows = str(await everything())
    logged = caplog.text
    for hidden in (secret, code, page.split("/")[2]):
        assert hidden not in rows
        assert hidden not in logged


async def test_five_wrong_tries_and_the_right_code_counts_no_more(small_world, rosa, page):
    await rosa.opens(page)
    await rosa.taps("Send me the code")
    for left in ("4 more tries.", "3 more tries.", "2 more tries.", "1 more try."):
        await types_code(small_world, rosa, await wrong_code(small_world))
        rosa.sees(f"That was not the code. {left}")
    form = rosa.page.forms["typed"]
    await types_code(small_world, rosa, await wrong_code(small_world))
    rosa.sees("That code does not count any more.")
    right = form.fields | {"code": await newest_code(small_world)}
    await rosa.sends(form.action, right)
    rosa.sees("That code does not count any more.")
    assert [one.verified_at for one in await small_world.rows(OwnerPhone)] == [None]


async def test_a_code_counts_for_ten_minutes(small_world, rosa, page):
    await rosa.opens(page)
    await rosa.taps("Send me the code")
    small_world.at += 10 * MINUTE
    await types_code(small_world, rosa)
    rosa.sees("That code does not count any more.")
    await rosa.taps("Send me the code")
    small_world.at += 10 * MINUTE - SECOND
    await types_code(small_world, rosa)
    rosa.sees("Yes, take it down")


async def test_a_code_counts_only_in_the_browser_that_asked_for_it(small_world, rosa, other, page):
    await rosa.opens(page)
    await rosa.taps("Send me the code")
    form = rosa.page.forms["typed"]
    code = await newest_code(small_world)
    await other.opens(page)
    await other.sends(form.action, form.fields | {"code": code})
    other.sees("First: is it you?", "The next code can be sent at")
    assert [one.tries for one in await small_world.rows(OwnerPhone)] == [0]
    small_world.at += MINUTE
    await other.taps("Send me the code")
    await types_code(small_world, other, code)
    other.sees("That was not the code.")
    await types_code(small_world, rosa, code)
    rosa.sees("Yes, take it down")
    await other.opens(page)
    other.does_not_see("Yes, take it down")


async def test_one_code_a_minute_and_five_an_hour_from_any_number_of_browsers(
    small_world, rosa, other, page
):
    start = small_world.at
    for _ in range(5):
        for browser in (rosa, other):
            await browser.opens(page)
            form = browser.page.forms["send"]
            for _ in range(2):
                await browser.sends(form.action, form.fields)
        small_world.at += MINUTE
    assert len(await small_world.rows(Message, kind="code")) == 5
    await other.opens(page)
    other.sees("The next code can be sent at 04:00.")
    form = rosa.page.forms["send"]
    small_world.at = start + HOUR - SECOND
    await other.sends(form.action, form.fields)
    assert len(await small_world.rows(Message, kind="code")) == 5
    small_world.at = start + HOUR
    await other.sends(form.action, form.fields)
    assert len(await small_world.rows(Message, kind="code")) == 6


async def test_of_several_who_may_approve_one_is_chosen_and_nobody_else_gets_a_code(
    small_world, boss, ids, rosa, page
):
    await change_contact(boss, ids["contact_id"], may_approve=True)
    people = f"/v1/clients/{ids['client_id']}/contacts"
    paolo = {"name": "Paolo", "phone": "+43 660 222 22 22", "may_approve": True}
    paolo = await boss.post(people, paolo)
    cook = await boss.post(people, {"name": "Cook", "phone": "+43 660 333 33 33"})
    await rosa.opens(page)
    rosa.sees("To whom?", "Corner owner, …11", "Paolo, …22")
    rosa.does_not_see("Cook")
    form = rosa.page.forms["send"]
    for stranger in (cook["id"], "", "ctc_x", f"ctc_{'0' * 26}"):
        await rosa.sends(form.action, form.fields | {"contact_id": stranger})
        assert rosa.answer.status_code == 404
    assert await small_world.rows(Message, kind="code") == []
    await rosa.sends(form.action, form.fields | {"contact_id": paolo["id"]})
    rosa.sees("We sent 6 figures to …22")
    [message] = await small_world.rows(Message, kind="code")
    assert message.contact_name == "Paolo"


async def test_a_mail_is_the_way_where_no_text_can_be_sent_and_tests_no_number(
    small_world, boss, ids, rosa, page
):
    can_write(texts=False, mails=True)
    await change_contact(boss, ids["contact_id"], email="rosa@bistro.example")
    await rosa.opens(page)
    rosa.sees("We mail a code to r…@bistro.example to be sure that it is you.")
    await shows_who_it_is(small_world, rosa, page)
    rosa.sees("Yes, take it down")
    assert (await the_contact(small_world, ids)).verified_at is None


async def test_where_nothing_can_be_sent_the_phone_is_named(small_world, rosa, page):
    can_write(texts=False)
    await rosa.opens(page)
    rosa.sees("We cannot write to you from here.", "Say your yes on the phone.", "Call Boss")
    assert rosa.page.forms == {}


async def test_a_code_that_could_not_be_sent_is_told(small_world, rosa, page):
    await rosa.opens(page)
    await rosa.taps("Send me the code")
    [sent] = await small_world.rows(Message, kind="code")
    async with transaction() as session:
        await messages.fail(session, sent, "The number does not exist.")
    await rosa.opens(page)
    rosa.sees("The code could not be sent.", "Call Boss")


@pytest.mark.parametrize(
    "to", ["", "https://evil.example", "//evil.example", "answer/../../x", "verify/apr_0", "_/_"]
)
async def test_a_code_leads_nowhere_but_to_the_pages_that_ask_for_it(small_world, rosa, page, to):
    await rosa.opens(page)
    form = rosa.page.forms["send"]
    sent = await rosa.web.post(form.action, data=form.fields | {"to": to}, follow_redirects=False)
    assert sent.headers["location"] == page.split("/answer/")[0]


async def test_tries_of_days_ago_are_forgotten(small_world, boss, ids, rosa, page):
    await rosa.opens(page)
    await rosa.taps("Send me the code")
    small_world.at += timedelta(days=2)
    asked = await about_website(boss, ids)
    await rosa.opens(answer_at(page.split("/answer/")[0], asked))
    await rosa.taps("Send me the code")
    assert len(await small_world.rows(OwnerPhone)) == 1
