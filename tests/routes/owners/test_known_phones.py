"""Known phones of owners: for one client and one person, seen and taken out by the manager."""

import pytest

from api.ids import encode
from api.models import Approval, OwnerPhone
from tests.routes.owner_asked import (
    about_website,
    answer_at,
    attacked,
    change_contact,
    link_for,
    shows_who_it_is,
    states,
)
from tests.routes.places import pressed, program


async def test_a_phone_is_for_its_client_alone_and_a_browser_may_be_known_at_two(
    small_world, boss, rosa, page
):
    harbour = await attacked(small_world, boss, "Harbour")
    asked = await about_website(boss, harbour)
    there = answer_at(await link_for(boss, harbour["client_id"]), asked)
    await shows_who_it_is(small_world, rosa, page)
    await rosa.opens(there)
    rosa.sees("First: is it you?")
    await rosa.sends(there, {"answer": "yes", "digest": asked.digest})
    rosa.sees("First: is it you?")
    assert set(await states(small_world, Approval)) == {"requested"}
    await shows_who_it_is(small_world, rosa, there)
    rosa.sees("Yes, take it down")
    await rosa.opens(page)
    rosa.sees("Yes, take it down")


async def test_a_revoked_phone_answers_nothing(small_world, boss, ids, rosa, page):
    await shows_who_it_is(small_world, rosa, page)
    path = f"/v1/clients/{ids['client_id']}/owner-phones"
    [listed] = (await boss.get(path))["data"]
    assert listed["contact_name"] == "Corner owner"
    assert set(listed) == {
        "id", "object", "client_id", "contact_id", "contact_name", "verified_at", "last_used_at",
        "revoked_at",
    }  # fmt: skip
    assert listed["revoked_at"] is None
    button = rosa.page.forms["yes"]
    revoked = await boss.post(f"/v1/owner-phones/{listed['id']}/revoke")
    assert revoked["revoked_at"] is not None
    await rosa.sends(button.action, button.fields)
    rosa.sees("First: is it you?")
    assert await states(small_world, Approval) == ["requested"]


async def test_a_try_is_no_phone(small_world, boss, ids, rosa, page):
    await rosa.opens(page)
    await rosa.taps("Send me the code")
    assert (await boss.get(f"/v1/clients/{ids['client_id']}/owner-phones"))["data"] == []


async def test_who_may_record_answers_may_see_and_revoke_phones(small_world, boss, ids, rosa, page):
    await shows_who_it_is(small_world, rosa, page)
    [phone] = await small_world.rows(OwnerPhone)
    path = f"/v1/clients/{ids['client_id']}/owner-phones"
    revoke = f"/v1/owner-phones/{encode('phn', phone.id)}/revoke"
    async with await program(small_world, boss, "approvals:read", "approvals:write") as web:
        assert (await web.get(path)).status_code == 403
        assert (await web.post(revoke, headers=pressed())).status_code == 403
    async with await program(small_world, boss, "approvals:record", client_ids=[]) as web:
        assert (await web.post(revoke, headers=pressed())).status_code == 404


@pytest.mark.parametrize(
    "facts", [{"phone": "+43 660 999 99 99"}, {"phone": None}, {"email": "new@bistro.example"}]
)
async def test_another_number_makes_its_phones_strangers(small_world, boss, ids, rosa, page, facts):
    await change_contact(boss, ids["contact_id"], email="rosa@bistro.example")
    await shows_who_it_is(small_world, rosa, page)
    await change_contact(boss, ids["contact_id"], **facts)
    await rosa.opens(page)
    rosa.does_not_see("Yes, take it down")


async def test_another_name_or_a_first_address_changes_nothing(small_world, boss, ids, rosa, page):
    await shows_who_it_is(small_world, rosa, page)
    await change_contact(boss, ids["contact_id"], name="Rosa", email="rosa@bistro.example")
    await rosa.opens(page)
    rosa.sees("Yes, take it down")


async def test_whoever_was_deleted_or_may_not_approve_any_more_is_a_stranger(
    small_world, boss, ids, rosa, page
):
    await shows_who_it_is(small_world, rosa, page)
    paolo = {"name": "Paolo", "phone": "+43 660 222 22 22", "may_approve": True}
    await boss.post(f"/v1/clients/{ids['client_id']}/contacts", paolo)
    await change_contact(boss, ids["contact_id"], may_approve=False)
    await rosa.opens(page)
    rosa.sees("We text a code to …22 to be sure that it is you.")
    await change_contact(boss, ids["contact_id"], may_approve=True)
    await rosa.opens(page)
    rosa.sees("Yes, take it down")
    gone = await boss.web.delete(f"/v1/contacts/{ids['contact_id']}", headers=pressed())
    assert gone.status_code == 204
    await rosa.opens(page)
    rosa.does_not_see("Yes, take it down")
    assert [one.revoked_at for one in await small_world.rows(OwnerPhone)] == [small_world.at]
