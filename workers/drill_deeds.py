"""The deeds of a drill: the yes on the phone, the page down and back, the owner told, the report.

All of it over the doors that the app uses. What is told as done is looked at on the page itself.
"""

from typing import Any

from workers.drill_desk import Desk, DrillFailed, moment

_JUDGED = ("incident.created", "incident.grown")
# In writing what was agreed, and that it is down.
_TELLINGS = 2
_ENDED_BADLY = ("failed", "partially_succeeded")


async def act(desk: Desk) -> None:
    """From the call to a page that stands as before; DrillFailed names what did not come.

    Only once the whole attack is judged: after a decision a doubling rings as at the first time.
    """
    await desk.until("the attack to be judged", lambda: _all_is_judged(desk))
    desk.say("The owner is called. The page goes down and comes back.")
    incident = await desk.the_incident()
    action = await _says_yes(desk, incident)
    await _takes_down(desk, action)
    await desk.until("the owner to be told", lambda: _owner_is_told(desk, incident))
    await _puts_back(desk, action)


async def report(desk: Desk) -> None:
    """After the end: every step is in the report, and nothing is down any more."""
    incident = await desk.the_incident()
    told = await desk.get(f"/v1/incidents/{incident['id']}/report")
    missing = [one["words"] for one in told["times"] if one["seconds"] is None]
    missing += [f"{name} is still down." for name in told["down"]]
    if missing:
        message = f"The report says: {' '.join(missing)}"
        raise DrillFailed(message)
    desk.timeline.note("report")


async def _all_is_judged(desk: Desk) -> bool:
    """Whether everything was read, and nothing came since the last judgement."""
    met = (*_JUDGED, "review.received")
    kinds = [one["type"] for one in await desk.events() if one["type"] in met]
    return kinds[-1] in _JUDGED and await desk.everything_is_read()


async def _says_yes(desk: Desk, incident: dict[str, Any]) -> dict[str, Any]:
    """The call sheet is read out, and its suggestion is agreed to."""
    path = f"/v1/incidents/{incident['id']}"
    sheet = await desk.get(f"{path}/call-sheet")
    chosen = [one["key"] for one in sheet["options"]["goes"] if one["suggested"]]
    if not chosen or sheet["contact"] is None:
        message = "The call sheet names nobody to call, or nothing that can be taken down."
        raise DrillFailed(message)
    call = {
        "contact_id": sheet["contact"]["contact_id"],
        "outcome": "said_yes",
        "read_out": "\n".join(line["text"] for line in sheet["lines"]),
        "chosen": chosen,
    }
    action: dict[str, Any] = (await desk.post(f"{path}/calls", call))["action"]
    desk.timeline.note("owner said yes", moment(action["approval"]["decided_at"]))
    return action


async def _takes_down(desk: Desk, action: dict[str, Any]) -> None:
    await desk.post(f"/v1/actions/{action['id']}/execute", {})
    done = await _ended(desk, action, "succeeded", "The page did not go down.")
    if desk.stage.page.shown:
        message = "The page was called down, and it still stands."
        raise DrillFailed(message)
    _note(desk, "taken down, read back", done)


async def _puts_back(desk: Desk, action: dict[str, Any]) -> None:
    await desk.post(f"/v1/actions/{action['id']}/revert", {})
    done = await _ended(desk, action, "reverted", "The page did not come back.")
    if not desk.stage.page.shown:
        message = "The page was called back, and it is still down."
        raise DrillFailed(message)
    _note(desk, "put back, read back", done)


async def _ended(desk: Desk, action: dict[str, Any], well: str, else_say: str) -> dict[str, Any]:
    """The action once it has ended well; DrillFailed with the reason of the place otherwise."""

    async def look() -> dict[str, Any] | None:
        seen = await desk.get(f"/v1/actions/{action['id']}")
        if seen["state"] in _ENDED_BADLY:
            reasons = " ".join(one["detail"] for one in seen["results"])
            message = f"{else_say} {reasons}"
            raise DrillFailed(message)
        return seen if seen["state"] == well else None

    done: dict[str, Any] = await desk.until(f"the page to be read back as {_SHOWN[well]}", look)
    return done


_SHOWN = {"succeeded": "down", "reverted": "up"}


async def _owner_is_told(desk: Desk, incident: dict[str, Any]) -> bool:
    """Whether both messages left: the one about the yes and the one about the page."""
    entries = (await desk.get(f"/v1/incidents/{incident['id']}/timeline?limit=100"))["data"]
    for one in entries:
        if one["kind"] == "owner_not_told":
            raise DrillFailed(one["sentence"])
    told = [moment(one["at"]) for one in entries if one["kind"] == "owner_told"]
    if len(told) < _TELLINGS:
        return False
    desk.timeline.note("owner told", max(told))
    return True


def _note(desk: Desk, step: str, action: dict[str, Any]) -> None:
    """A step with the moment at which the last place was read back."""
    desk.timeline.note(step, max(moment(one["seen_at"]) for one in action["results"]))
