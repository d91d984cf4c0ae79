"""An owner who is asked: about a website that a hand takes down, or about words."""

from typing import Any

from pydantic import SecretStr

from api.database import reading
from api.ids import decode, encode
from api.lifecycle.message import text_of
from api.models import Approval, Message
from tests.owner_browser import OwnersBrowser, path_of
from tests.routes.places import push_source, pushes, review
from tests.world import Person, World, configure

WORDS = "We know that a glass broke. We do not know yet how. We speak again here."
Ids = dict[str, str]


def can_write(*, texts: bool = True, mails: bool = False) -> None:
    """What the operator has set up; no message leaves, as nobody works here."""
    configure(
        twilio_account="AC5", twilio_token=SecretStr("t") if texts else None,
        twilio_number="+15005550006", mail_from="Nightdesk <desk@agency.example>",
        smtp_url=SecretStr("smtp://127.0.0.1:1") if mails else None,
    )  # fmt: skip


async def attacked(world: World, boss: Person, name: str) -> Ids:
    """A client in an incident, of whom nobody has asked anything yet."""
    owner = {"name": f"{name} owner", "phone": "+43 660 111 11 11"}
    about = {"name": name, "zone": "Europe/Vienna", "owner": owner}
    client = (await boss.post("/v1/clients", about))["id"]
    source = (await push_source(boss, client))["id"]
    await pushes(boss, source, *[review(number) for number in range(4)])
    await world.works()
    incident = (await boss.get("/v1/incidents", client_id=client))["data"][0]
    contact = incident["owner"]["contact_id"]
    return {"client_id": client, "incident_id": incident["id"], "contact_id": contact}


async def about_website(boss: Person, ids: Ids) -> Approval:
    """Asks whether the website may come down."""
    body = {"kind": "take_down", "chosen": ["website"]}
    action = await boss.post(f"/v1/incidents/{ids['incident_id']}/actions", body)
    return await _asked(boss, {"action_id": action["id"]})


async def about_words(boss: Person, ids: Ids, text: str = WORDS) -> Approval:
    """Asks about words that would go out by hand."""
    body = {"incident_id": ids["incident_id"], "text": text}
    statement = await boss.post("/v1/statements", body)
    return await _asked(boss, {"statement_id": statement["id"]})


async def _asked(boss: Person, about: dict[str, Any]) -> Approval:
    made = await boss.post("/v1/approvals", about)
    async with reading() as session:
        return await session.get_one(Approval, decode("apr", made["id"]))


async def says(boss: Person, ids: Ids, asked: Approval, answer: str = "yes") -> None:
    """Somebody at the client said so on the phone, and it was written down."""
    body = {"answer": answer, "contact_id": ids["contact_id"]}
    await boss.post(f"/v1/approvals/{encode('apr', asked.id)}/record", body)


async def link_for(boss: Person, client: str, capability: str = "approve") -> str:
    """The path of a new private page."""
    made = await boss.post(f"/v1/clients/{client}/links", {"capability": capability})
    return path_of(made["url"])


def answer_at(link: str, asked: Approval, page: str = "answer") -> str:
    """Where a question is answered."""
    return f"{link}/{page}/{encode('apr', asked.id)}"


def fields_of(asked: Approval, **more: str) -> dict[str, str]:
    """The form of an answer to a question: yes, unless `more` says otherwise."""
    return {"answer": "yes", "digest": asked.digest, **more}


async def change_contact(boss: Person, contact: str, **facts: Any) -> None:
    """The manager changes what is on record about somebody."""
    answer = await boss.web.patch(f"/v1/contacts/{contact}", json=facts, headers={"If-Match": "*"})
    assert answer.is_success, answer.text


async def newest_code(world: World) -> str:
    """The code in the newest message with one."""
    return text_of((await world.rows(Message, kind="code"))[-1]).split()[0]


async def types_code(world: World, owner: OwnersBrowser, code: str = "") -> None:
    """Types the newest code, or another one."""
    owner.types("code", code or await newest_code(world))
    await owner.taps("Continue")


async def shows_who_it_is(world: World, owner: OwnersBrowser, page: str) -> None:
    """Opens a page that asks, lets a code be sent and types it."""
    await owner.opens(page)
    await owner.taps("Send me the code")
    await types_code(world, owner)


async def states(world: World, table: Any) -> list[str]:
    """The states of all rows of a table."""
    return [one.state for one in await world.rows(table)]
