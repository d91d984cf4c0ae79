"""A night on which the owner is asked by text message, and shows whose phone it is."""

import re

from api.models import Approval


async def is_asked(world, mia, incident, outside):
    """Mia asks by link to take down what is suggested; gives the link that Rosa got."""
    found = await mia.get(f"/v1/incidents/{incident['id']}/options")
    chosen = [one["key"] for one in found["goes"] if one["suggested"]]
    body = {"kind": "take_down", "chosen": chosen}
    action = await mia.post(f"/v1/incidents/{incident['id']}/actions", body)
    await mia.post("/v1/approvals", {"action_id": action["id"]})
    await world.works()
    return newest_link(outside)


def newest_link(outside):
    return re.findall(r"http://\S+/p/\S+", outside.twilio.messages[-1].body)[-1]


def newest_code(outside):
    return re.findall(r"\b\d{6}\b", outside.twilio.messages[-1].body)[0]


async def types_the_code(world, outside, rosa):
    await rosa.taps("Send me the code")
    await world.works()
    rosa.types("code", newest_code(outside))
    await rosa.taps("Continue")


async def is_known(world, mia, incident, outside, rosa):
    """Rosa opens the link, and has shown once that it is her; gives the link."""
    link = await is_asked(world, mia, incident, outside)
    await rosa.opens(link)
    await rosa.taps("Approve")
    await types_the_code(world, outside, rosa)
    await rosa.opens(link)
    return link


async def the_approval(world):
    return (await world.rows(Approval))[-1]
