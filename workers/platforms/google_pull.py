"""Asks Pub/Sub what Google has told of reviews, for a machine that nobody outside can call.

Pub/Sub delivers at least once: a message comes again until it is acknowledged. So keep what was
heard first, and acknowledge after that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from api.items.google_hint import GoogleHint, delivery_of
from workers.platforms import google_errors
from workers.platforms.calls import Calls
from workers.platforms.google_errors import listed

HOST = "https://pubsub.googleapis.com/v1"
SCOPE = "https://www.googleapis.com/auth/pubsub"
MOST = 100
judge = google_errors.judge


@dataclass(frozen=True, slots=True)
class Heard:
    """One message: its id, the same each time it comes, and the place that it speaks of.

    `hint` is None for a message that names no place; it is acknowledged like any other, for it
    would come for ever. `receipt` is for `acknowledge`, and another each time.
    """

    id: str
    hint: GoogleHint | None
    receipt: str


async def pull(calls: Calls, token: str, subscription: str) -> list[Heard]:
    """What waits at `subscription` (projects/…/subscriptions/…), a hundred at most.

    `token` needs the scope SCOPE. Raises SourceTrouble. The answer comes at once, also when it is
    empty: waiting would take longer than a reading may, and the next pull is soon.
    """
    url = f"{HOST}/{subscription}:pull"
    asked = {"maxMessages": MOST, "returnImmediately": True}
    answer = (await calls.ask("POST", url, json=asked, headers=_signed(token))).object
    heard = []
    for one in listed(answer, "receivedMessages", "ackId"):
        message = one.get("message")
        delivery = delivery_of(message) if isinstance(message, dict) else None
        name, hint = (delivery.id, delivery.hint) if delivery else (one["ackId"], None)
        heard.append(Heard(name, hint, one["ackId"]))
    return heard


async def acknowledge(calls: Calls, token: str, subscription: str, heard: Sequence[Heard]) -> None:
    """These were kept and need not come again. Lost or repeated, it does no harm."""
    if not heard:
        return
    url = f"{HOST}/{subscription}:acknowledge"
    told = {"ackIds": [one.receipt for one in heard]}
    await calls.ask("POST", url, json=told, headers=_signed(token))


def _signed(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


__all__ = ["SCOPE", "Heard", "acknowledge", "judge", "pull"]
