"""App Store Connect: the contract, the key, replies as good as their publication."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.app_store_vendor import AppStoreVendor
from tests.platforms.contract import Contract
from tests.platforms.vendor import NOW, calls_to
from workers.platforms import app_store
from workers.platforms.connector import Action, Place

KEY = ec.generate_private_key(ec.SECP256R1())
P8 = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
SECRETS = {"issuer": "issuer-1", "key_id": "KEY1", "key": P8}
PLACE = Place(ids={"app": "123"}, now=NOW, secrets=SECRETS)


@pytest.fixture
async def vendor():
    async with AppStoreVendor(KEY) as running:
        yield running


class TestAppStore(Contract):
    connector = app_store
    place = PLACE
    without = ("title", "reviewerNickname", "territory")
    unknown = ("territory", "MARS")

    @pytest.fixture
    async def vendor(self):
        async with AppStoreVendor(KEY) as running:
            yield running

    async def test_our_reply_comes_with_the_review(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        await acts(vendor, REPLY)
        [item] = self.items(await self.asks(vendor, self.later(first))).values()
        assert item.reply == {"text": "We are sorry.", "state": "PUBLISHED"}


async def acts(vendor, action, what=app_store.act):
    async with calls_to(vendor, app_store.judge) as calls:
        return await what(calls, PLACE, action)


async def seen(vendor, action):
    return await acts(vendor, action, app_store.observe)


REPLY = Action("reply", "a1", {"text": "We are sorry."})
BACK = Action("unreply", "a1")


@pytest.mark.parametrize(
    ("state", "outcome"), [("PUBLISHED", "done"), ("PENDING_PUBLISH", "pending")]
)
async def test_a_reply_is_as_good_as_its_publication(vendor, state, outcome):
    vendor.writes("a1")
    vendor.state = state
    assert (await seen(vendor, REPLY)).state == "rejected"
    assert (await acts(vendor, REPLY)).state == outcome
    assert (await seen(vendor, REPLY)).state == outcome
    assert (await seen(vendor, BACK)).state == "pending"
    assert (await acts(vendor, BACK)).state == "done"
    assert (await seen(vendor, BACK)).state == "done"
    assert (await acts(vendor, BACK)).state == "done"


async def test_a_reply_whose_answer_was_lost_is_read_back(vendor):
    vendor.writes("a1")
    vendor.misbehave(illnesses.reset, method="POST", delivers=True)
    with pytest.raises(SourceTrouble) as told:
        await acts(vendor, REPLY)
    assert told.value.health == "outcome_unknown"
    assert (await seen(vendor, REPLY)).state == "done"
    assert len([one for one in vendor.log if one.method == "POST"]) == 1


async def test_a_reply_taken_back_by_another_hand_is_gone(vendor):
    vendor.writes("a1")
    await acts(vendor, REPLY)
    vendor.misbehave(vendor_says_gone, method="DELETE", delivers=True)
    assert (await acts(vendor, BACK)).state == "done"
    assert not vendor.responses


vendor_says_gone = illnesses.reply(404)


async def test_what_apple_does_not_take_is_said(vendor):
    assert (await acts(vendor, REPLY)).state == "rejected"
    sent = len(vendor.log)
    assert (await acts(vendor, replace(REPLY, params={"text": "x" * 5971}))).state == "rejected"
    assert len(vendor.log) == sent
    assert (await acts(vendor, Action("hide", "a1"))).state == "by_hand"
    assert (await seen(vendor, Action("hide", "a1"))).state == "by_hand"


@pytest.mark.parametrize(
    "pasted", [P8, P8.replace("\n", " "), P8.replace("\n", ""), f"\n{P8}\n", P8.split("-----")[2]]
)
async def test_a_key_may_be_pasted_anyhow(vendor, pasted):
    vendor.writes("a1")
    place = replace(PLACE, secrets=SECRETS | {"key": pasted})
    async with calls_to(vendor, app_store.judge) as calls:
        assert (await app_store.fetch(calls, place)).body is not None


@pytest.mark.parametrize("key", ["nonsense", "", "-----BEGIN PRIVATE KEY-----\nMIGH\n"])
async def test_what_is_no_key_is_said_before_anything_is_asked(vendor, key):
    async with calls_to(vendor, app_store.judge) as calls:
        with pytest.raises(SourceTrouble) as told:
            await app_store.fetch(calls, replace(PLACE, secrets=SECRETS | {"key": key}))
    assert told.value.permanent
    assert not vendor.log


async def test_another_key_is_refused(vendor):
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    async with calls_to(vendor, app_store.judge) as calls:
        with pytest.raises(SourceTrouble) as told:
            await app_store.check(calls, replace(PLACE, secrets=SECRETS | {"key": pem}))
        await app_store.check(calls, PLACE)
    assert told.value.health == "auth_expired"
