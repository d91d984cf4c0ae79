"""The public counter of a place on Google Maps (Places API, New): how many reviews, which mean.

Only the two numbers are asked for: Google bills by the field, and words may not be kept.
"""

from workers.platforms import counted, google_errors
from workers.platforms.calls import Calls
from workers.platforms.connector import Checked, Fetched, Place, SourceTrouble

PLACES = "https://places.googleapis.com/v1/places"
FIELDS = "id,rating,userRatingCount"
# Google shows 4.6 for everything from 4.55 to 4.65.
STEP = 0.1
judge = google_errors.judge
read = counted.read


async def fetch(calls: Calls, place: Place) -> Fetched:
    """The counter now; items for what it proves. A place without reviews shows no counter."""
    url = f"{PLACES}/{place.ids['place_id']}"
    shown = (await calls.get(url, headers=_signed(place, FIELDS))).object
    if "id" not in shown:
        raise SourceTrouble("bad_content", "The answer has another shape than agreed.")
    count = counted.whole(shown.get("userRatingCount", 0))
    mean = counted.average(shown.get("rating"))
    if count is None or (count and mean is None):
        raise SourceTrouble("bad_content", "Google’s counter cannot be read.")
    return counted.fetched(place, count, mean, STEP)


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the key opens the place; its id alone is free of charge."""
    url = f"{PLACES}/{place.ids['place_id']}"
    await calls.get(url, headers=_signed(place, "id"))
    return Checked()


def _signed(place: Place, fields: str) -> dict[str, str]:
    return {"X-Goog-Api-Key": str(place.secrets.get("key", "")), "X-Goog-FieldMask": fields}
