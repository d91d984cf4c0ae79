"""A phone belongs to one person, rings at a known push service only, and proves that it rang."""

import pytest

from api.lifecycle import device as lifecycle
from api.models import Device, Event
from tests.routes.places import changed, everything, phone_ids, pressed

# The base point of P-256: a key that anybody may have.
P256DH = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
KEYS = {"p256dh": P256DH, "auth": "Zm9y-his_phone_alone_0"}
REFUSED = [
    "https://evil.example/push/1", "http://fcm.googleapis.com/fcm/send/1",
    "https://fcm.googleapis.com.evil.example/1", "https://fcm.googleapis.com:8443/1",
    "https://evil@fcm.googleapis.com/1", "https://push.apple.com.evil.example/1",
    "https://.push.apple.com/1", "https://169.254.169.254/latest", "https://127.0.0.1/push",
    "https://localhost/push", "https://[::1]/push", "file:///etc/passwd", "javascript:alert(1)",
    "", "fcm.googleapis.com", "https://fcm.googleapis.com\\@evil.example/", "https://x" * 300,
]  # fmt: skip
KNOWN = [
    "https://fcm.googleapis.com/fcm/send/1", "https://updates.push.services.mozilla.com/wpush/v2/1",
    "https://web.push.apple.com/1", "https://wns2-par02p.notify.windows.com/w/?token=1",
]  # fmt: skip


async def register(person, endpoint, *, key="", **facts):
    key = key or (await person.get("/v1/push-key"))["id"]
    subscription = {"endpoint": endpoint, "keys": KEYS}
    body = {"subscription": subscription, "push_key_id": key, "label": "Phone", **facts}
    return await person.web.post("/v1/me/devices", json=body, headers=pressed())


async def test_only_known_push_services_are_taken(small_world, boss):
    for endpoint in REFUSED:
        answer = await register(boss, endpoint)
        assert answer.status_code == 422, endpoint
        assert [e["pointer"] for e in answer.json()["errors"]] == ["/subscription/endpoint"]
    assert await small_world.rows(Device) == []
    for endpoint in KNOWN:
        assert (await register(boss, endpoint)).status_code == 201, endpoint


async def test_the_same_phone_again_is_the_same_phone(small_world, boss):
    first = await register(boss, KNOWN[0])
    again = await register(boss, KNOWN[0], label="My phone", installed=True)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert (again.json()["label"], again.json()["installed"]) == ("My phone", True)
    assert len(await small_world.rows(Device)) == 1


async def test_a_phone_moves_to_whoever_signed_in_on_it_last_and_the_log_says_so(small_world, boss):
    other = await small_world.hires("Other")
    first = await register(boss, KNOWN[0])
    moved = await register(other, KNOWN[0])
    assert moved.json()["id"] == first.json()["id"]
    assert (await boss.get("/v1/me/devices"))["data"] == []
    assert len((await other.get("/v1/me/devices"))["data"]) == 1
    assert [event.type for event in await small_world.rows(Event)] == ["device.moved"]


async def test_a_phone_that_was_taken_off_comes_back_when_it_is_registered_again(boss):
    made = (await register(boss, KNOWN[0])).json()
    path = f"/v1/me/devices/{made['id']}"
    assert (await boss.web.delete(path, headers=pressed())).status_code == 204
    off = (await boss.get("/v1/me/devices"))["data"][0]
    assert (off["state"], off["retired_reason"]) == ("retired", "removed")
    back = (await register(boss, KNOWN[0])).json()
    assert (back["id"], back["state"], back["retired_reason"]) == (made["id"], "live", None)


async def test_a_push_key_that_is_not_ours_is_refused(boss):
    answer = await register(boss, KNOWN[0], key="vap_" + "0" * 26)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")


async def test_nothing_that_is_told_of_a_phone_can_ring_it(small_world, boss):
    made = (await register(boss, KNOWN[0])).json()
    told = str([made, await boss.get("/v1/me/devices")])
    assert made["endpoint_tail"] == KNOWN[0][-8:]
    assert KNOWN[0] not in told
    assert KEYS["auth"] not in str(await small_world.rows(Device))


async def test_a_test_alarm_is_shown_and_its_seconds_are_known(world, mia):
    phone = await mia.gets_a_phone()
    device = (await mia.get("/v1/me/devices"))["data"][0]
    assert device["last_test"] is None
    test = await mia.post(f"/v1/me/devices/{device['id']}/test", expect=202)
    assert (test["kind"], test["state"]) == ("test", "queued")
    await world.works()
    mia.buzzed(1)
    assert phone.receipts == [204]
    shown = await mia.get(f"/v1/notifications/{test['id']}")
    assert (shown["state"], shown["seconds"], shown["error"]) == ("confirmed", 0.0, None)
    device = (await mia.get("/v1/me/devices"))["data"][0]
    assert device["last_confirmed_at"] == shown["confirmed_at"]
    assert device["last_test"]["seconds"] == 0.0


@pytest.fixture
async def sent(small_world, boss):
    """A test alarm that was sent, and whose phone keeps its receipt for itself."""
    ids = await phone_ids(small_world, boss)
    assert boss.phone is not None
    boss.phone.sends_receipts = False
    await small_world.works()
    receipt = boss.phone.shown[0].notification["data"]["receipt"]
    return ids, receipt


async def confirm(world, notification, receipt):
    async with world.web() as web:
        path = f"/v1/notifications/{notification}/seen"
        return await web.post(path, json={"receipt": receipt})


async def test_a_forged_receipt_is_refused_and_changes_nothing(small_world, boss, sent):
    ids, receipt = sent
    before = await everything()
    forged = ["", "x", "🌙", receipt[:-1], receipt[1:], receipt.swapcase(), f"{receipt}="]
    for one in forged:
        answer = await confirm(small_world, ids["notification_id"], one)
        assert (answer.status_code, answer.json()["code"]) == (401, "bad-signature"), one
    nothing = await confirm(small_world, f"ntf_{'0' * 26}", receipt)
    assert nothing.status_code == 401
    assert await changed(before) == []
    assert (await confirm(small_world, ids["notification_id"], receipt)).status_code == 204


async def test_the_receipt_of_another_phone_or_another_alarm_is_refused(small_world, boss, sent):
    ids, receipt = sent
    other = await small_world.hires("Other")
    others = await phone_ids(small_world, other)
    again = (await boss.post(f"/v1/me/devices/{ids['device_id']}/test"))["id"]
    device = (await small_world.rows(Device, user_id=other.user.id))[0]
    row = await small_world.rows(Device, user_id=boss.user.id)
    assert row[0].id != device.id
    before = await everything()
    for alarm in (others["notification_id"], again):
        assert (await confirm(small_world, alarm, receipt)).status_code == 401
    alarm_row = (await small_world.rows(Device, id=device.id))[0].id
    swapped = lifecycle.receipt(alarm_row, row[0].id)
    assert (await confirm(small_world, ids["notification_id"], swapped)).status_code == 401
    assert await changed(before) == []


async def test_a_receipt_counts_once_and_its_repeat_changes_nothing(small_world, boss, sent):
    ids, receipt = sent
    assert (await confirm(small_world, ids["notification_id"], receipt)).status_code == 204
    before = await everything()
    assert (await confirm(small_world, ids["notification_id"], receipt)).status_code == 204
    assert await changed(before) == []
