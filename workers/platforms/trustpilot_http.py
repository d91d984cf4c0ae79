"""How Trustpilot is asked: the key in a header, or a token that is fetched for the occasion."""

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls
from workers.platforms.connector import Place
from workers.platforms.given import given, needed

API = "https://api.trustpilot.com/v1"
TOKENS = f"{API}/oauth/oauth-business-users-for-applications/accesstoken"


def answers(place: Place) -> bool:
    """Whether the private side is open: somebody entered the secret of the key."""
    return bool(given(place, "secret"))


async def signed(calls: Calls, place: Place) -> dict[str, str]:
    """The headers that open the list: a token where there is a secret, else the key."""
    key = needed(given(place, "key"), "The API key")
    if not answers(place):
        return {"apikey": key}
    told = await calls.ask(
        "POST", TOKENS, auth=(key, given(place, "secret")),
        data={"grant_type": "client_credentials"},
    )  # fmt: skip
    token = told.object.get("access_token")
    if not isinstance(token, str) or not token:
        raise SourceTrouble("bad_content", "Trustpilot gave no token for this key.")
    return {"Authorization": f"Bearer {token}"}
