"""A client with an incident and no words yet; drafts, and what a manager does with them."""

from tests.routes.places import push_source, pushes, review

WORDS = "We know that a glass broke. We do not know yet how. We speak again here."


async def a_night(world, boss, name):
    """The ids of a client with an owner, a place and an incident."""
    owner = {"name": f"{name} owner", "phone": "+43 660 111 11 11"}
    client = (await boss.post("/v1/clients", {"name": name, "owner": owner}))["id"]
    source = (await push_source(boss, client))["id"]
    await pushes(boss, source, *[review(number) for number in range(4)])
    await world.works()
    incident = (await boss.get("/v1/incidents", client_id=client))["data"][0]
    return {
        "client_id": client, "source_id": source, "incident_id": incident["id"],
        "contact_id": incident["owner"]["contact_id"],
    }  # fmt: skip


async def a_draft(boss, ids, **facts):
    body = {"incident_id": ids["incident_id"], "text": WORDS} | facts
    return await boss.post("/v1/statements", body)


async def look(boss, statement):
    return await boss.get(f"/v1/statements/{statement['id']}")


async def does(boss, statement, verb, body=None, *, expect=200):
    path = f"/v1/statements/{statement['id']}/{verb}"
    return await boss.post(path, body, expect=expect)


async def answers(boss, ids, statement, answer="yes"):
    asked = (await look(boss, statement))["approval"]["id"]
    body = {"answer": answer, "contact_id": ids["contact_id"]}
    return await boss.post(f"/v1/approvals/{asked}/record", body)


async def an_approved_one(boss, ids, **facts):
    draft = await a_draft(boss, ids, **facts)
    await does(boss, draft, "submit")
    await answers(boss, ids, draft)
    return await look(boss, draft)


async def patch(boss, statement, body, version="*"):
    path = f"/v1/statements/{statement['id']}"
    return await boss.web.patch(path, json=body, headers={"If-Match": version})
