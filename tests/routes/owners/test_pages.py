"""The owner's pages: small, whole, private, and for exactly this client and this link."""

import gzip
import re

from api.ids import encode
from api.models import Approval
from tests.routes.owner_asked import (
    about_website,
    about_words,
    answer_at,
    attacked,
    can_write,
    fields_of,
    link_for,
    says,
    shows_who_it_is,
)
from tests.routes.owner_page import HOSTILE
from tests.routes.places import changed, everything
from tests.routes.test_client_page import (
    the_strict_policy_fits_the_one_style,
    what_a_messenger_previews_tells_nothing,
)

# NUL and signs that turn the direction are taken out where words come in.
SHOWN = HOSTILE.replace("\u202e", "")


async def test_a_link_that_only_reads_shows_the_same_and_answers_nothing(
    small_world, boss, ids, rosa
):
    asked = await about_website(boss, ids)
    link = await link_for(boss, ids["client_id"], "view")
    await rosa.opens(link)
    rosa.sees(f"code {asked.code}", "take down Website", "Ring Boss to answer.")
    rosa.does_not_see("Approve", "Not now")
    before = await everything()
    for page in ("answer", "not-now", "other-words", "not-right"):
        await rosa.opens(answer_at(link, asked, page))
        assert rosa.answer.status_code == 403
        rosa.sees("This link is only for reading.")
    for path in (answer_at(link, asked), f"{link}/verify", f"{link}/verify/confirm"):
        await rosa.sends(path, fields_of(asked, contact_id=ids["contact_id"], code="000000"))
        assert rosa.answer.status_code == 403
    assert await changed(before) == []
    [row] = await small_world.rows(Approval)
    assert (row.state, row.opened_at) == ("requested", None)


async def test_a_look_is_noted_and_changes_nothing_else(small_world, rosa, link, asked):
    before = await everything()
    for _ in range(3):
        for path in (link, answer_at(link, asked), answer_at(link, asked, "not-now")):
            await rosa.opens(path)
            assert rosa.answer.status_code == 200
    assert set(await changed(before)) == {"approval", "link"}
    [row] = await small_world.rows(Approval)
    assert row.opened_at == small_world.at
    assert row.model_dump(exclude={"opened_at"}) == asked.model_dump(exclude={"opened_at"})


async def test_questions_of_other_clients_are_as_unknown_as_none(
    small_world, boss, ids, rosa, known
):
    link, _ = known
    others = await attacked(small_world, boss, "Harbour")
    theirs = await about_website(boss, others)
    await rosa.opens(link)
    rosa.does_not_see("Harbour")
    before = await everything()
    seen = set()
    for page in ("answer", "not-now", "other-words", "not-right", "back"):
        kind = "act" if page == "back" else "apr"
        row = theirs.subject_id if page == "back" else theirs.id
        for named in (encode(kind, row), f"{kind}_{'0' * 26}", "apr_x", "x", "%00"):
            answer = await rosa.web.get(f"{link}/{page}/{named}")
            assert answer.status_code == 404
            seen.add(answer.text)
            if page in ("answer", "not-right", "back"):
                posted = await rosa.web.post(f"{link}/{page}/{named}", data=fields_of(theirs))
                assert posted.status_code == 404
    assert len(seen) == 1
    assert await changed(before) == []


async def test_a_dead_link_says_the_same_at_every_address(small_world, boss, ids, rosa, known):
    link, asked = known
    newest = (await boss.get(f"/v1/clients/{ids['client_id']}/links"))["data"][0]["id"]
    await boss.post(f"/v1/links/{newest}/revoke")
    before, seen = await everything(), set()
    action = encode("act", asked.subject_id)
    for dead in (link, f"{link}x", "/p/x"):
        paths = [answer_at(dead, asked, page) for page in ("answer", "not-now", "not-right")]
        for path in (dead, *paths, f"{dead}/back/{action}"):
            answer = await rosa.web.get(path)
            assert answer.status_code == 410
            seen.add(answer.text)
        for path in (paths[0], paths[2], f"{dead}/back/{action}", f"{dead}/verify"):
            answer = await rosa.web.post(path, data=fields_of(asked))
            assert answer.status_code == 410
            seen.add(answer.text)
    assert len(seen) == 1
    assert "This link was replaced." in seen.pop()
    assert await changed(before) == []


async def test_every_page_is_small_whole_private_and_escapes_what_people_wrote(
    small_world, boss, rosa
):
    can_write()
    ids = await attacked(small_world, boss, HOSTILE)
    link = await link_for(boss, ids["client_id"])
    site = await about_website(boss, ids)
    text = f"{HOSTILE} " + "A long word. " * 350
    words = await about_words(boss, ids, text)
    pages = [link, answer_at(link, site), "/p/x", f"{link}/answer/none"]
    for path in pages:
        await rosa.opens(path)
        is_whole_and_private(rosa.answer)
    await shows_who_it_is(small_world, rosa, answer_at(link, words))
    is_whole_and_private(rosa.answer)
    rosa.sees(SHOWN)
    for path in (answer_at(link, words, "other-words"), answer_at(link, site, "not-now")):
        await rosa.opens(path)
        is_whole_and_private(rosa.answer)
    await rosa.sends(answer_at(link, words), fields_of(words))
    await says(boss, ids, site)
    for path in (link, answer_at(link, words), answer_at(link, words, "not-right")):
        await rosa.opens(path)
        is_whole_and_private(rosa.answer)
        rosa.sees(SHOWN)


def is_whole_and_private(answer):
    html = answer.text
    assert len(gzip.compress(answer.content)) <= 25_000
    assert "<script" not in html.lower()
    assert "&lt;script&gt;alert(" in html or "alert(" not in html
    assert re.findall(r"\son[a-z]+=", html) == []
    assert "\u202e" not in html
    assert {one[:3] for one in re.findall(r'(?:href|action)="([^"]*)"', html)} <= {"tel", "/p/"}
    assert "Guest" not in html
    the_strict_policy_fits_the_one_style(answer.headers["content-security-policy"], html)
    what_a_messenger_previews_tells_nothing(html)
    for name, value in {
        "referrer-policy": "no-referrer", "cache-control": "private, no-store",
        "x-robots-tag": "noindex",
    }.items():  # fmt: skip
        assert answer.headers[name] == value


async def test_where_somebody_types_the_page_does_not_read_itself_anew(rosa, known):
    link, asked = known
    for page in ("answer", "not-now"):
        await rosa.opens(answer_at(link, asked, page))
        assert "refresh" not in rosa.answer.headers
    await rosa.opens(link)
    assert rosa.answer.headers["refresh"] == "60"
