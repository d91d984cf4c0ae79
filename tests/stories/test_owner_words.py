"""The owner agrees to words: held until it is quiet, void by one letter, sent back to the desk."""

from api.models import Approval, Statement
from tests.stories.owners_night import is_known

WORDS = "We know that a glass broke. We do not know yet how. We speak again here."


async def test_words_are_agreed_held_and_changed_by_one_letter(
    world, mia, night, graph, outside, rosa
):
    link = await is_known(world, mia, night, outside, rosa)
    await rosa.taps("Not now")
    await rosa.taps("Tell Mia: not now")
    statement = await mia.post("/v1/statements", {"incident_id": night["id"], "text": WORDS})
    await mia.post("/v1/approvals", {"statement_id": statement["id"]})
    await rosa.opens(link)
    rosa.sees(WORDS, "We suggest: these words, by hand.")
    await rosa.taps("Approve")
    rosa.sees(WORDS, "Nothing goes out by itself.")
    await rosa.taps("Yes, these words")
    rosa.sees("Approved. Nothing goes out by itself.")
    held = {"until": {"quiet_for": "PT48H"}}
    await mia.post(f"/v1/statements/{statement['id']}/hold", held)
    await rosa.opens(link)
    rosa.sees("Approved. We are holding it until things are quiet.", "of 48 hours so far")
    [given] = await world.rows(Approval, subject="statement")
    changed = await mia.web.patch(
        f"/v1/statements/{statement['id']}", json={"text": WORDS.replace("how.", "hov.")},
        headers={"If-Match": "*"},
    )  # fmt: skip
    assert changed.is_success, changed.text
    await rosa.opens(link)
    rosa.sees(
        f"Replaced by a newer version. Your yes ({given.code}) does not count any more. "
        "The words were changed after your yes."
    )
    assert [one.state for one in await world.rows(Statement)] == ["draft"]
    await mia.post("/v1/approvals", {"statement_id": statement["id"]})
    await rosa.opens(link)
    rosa.sees("hov.", f"Your yes ({given.code}) does not count any more.", "Approve")


async def test_other_words_go_back_to_the_desk(world, mia, night, graph, outside, rosa):
    link = await is_known(world, mia, night, outside, rosa)
    await rosa.taps("Not now")
    await rosa.taps("Tell Mia: not now")
    statement = await mia.post("/v1/statements", {"incident_id": night["id"], "text": WORDS})
    await mia.post("/v1/approvals", {"statement_id": statement["id"]})
    await rosa.opens(link)
    await rosa.taps("Approve")
    await rosa.taps("I want other words")
    rosa.types("words", "Leave the glass out.")
    await rosa.taps("Send to Mia")
    rosa.sees("You asked for other words at")
    [asked] = await world.rows(Approval, subject="statement")
    assert (asked.state, asked.words) == ("changes_requested", "Leave the glass out.")
    assert [one.state for one in await world.rows(Statement)] == ["draft"]
    await world.works()
    mia.reads("Rosa wants other words")
