"""A sign-in may see places of other businesses: an hour later only what was chosen is kept."""

from datetime import timedelta

from api.lifecycle import account as accounts
from api.models import Account, Connection
from tests.platforms.google_grant_vendor import location
from tests.stories.test_connecting import google, watches

__all__ = ["google"]


async def test_what_was_not_chosen_is_forgotten_after_an_hour(world, mia, google):
    google.accounts["accounts/1001"].append(location("2003", "Somebody else"))
    _, made = await watches(mia, world, google)
    [account] = await world.rows(Account)
    assert len(accounts.secrets_of(account)["places"]) == 2
    await world.waits(timedelta(hours=2))
    [account] = await world.rows(Account)
    [connection] = await world.rows(Connection)
    assert list(accounts.secrets_of(account)["places"]) == ["google:0"]
    assert connection.choices == []
    source = await mia.get(f"/v1/sources/{made['id']}")
    assert source["health"] == "ok"
