"""Every sentence about deciding and doing: to the owner by text, to the manager by push."""

from collections.abc import Sequence

WHATS = {
    "take_down": "Hidden in seconds. Can be put back.",
    "close_comments": "Nobody can comment for now. Can be opened again.",
    "hide": "Hidden from others. Can be shown again.",
    "by_hand": "By hand. We show how.",
}
WEBSITE = "Website"
WEBSITE_WHAT = "A short note instead, by hand. Can be put back."
WEBSITE_NOTE = "We are closed online for a moment. We will be back here soon. Please call us."
STAYS = "{name} stays up; we cannot switch that off."
NEVER_TRIED = "Never tried on this account."
WORKED_HERE = "Worked here before."
NOT_READY = "Would not work now: {detail}"
PRACTICE = "Practice. Nothing was touched."
NOT_READ_BACK = "Taken. It cannot be read back there."
YES_NOT_RIGHT = "{name} says that this is not right: the yes {code}."
NO_INCIDENT = "There is no incident to act in."

LINK_INTRO = "{name}, please look at this page: {link}"


def listed(names: Sequence[str]) -> str:
    """“Facebook”, “Facebook and Website”, “A, B and C”; each name once."""
    found = list(dict.fromkeys(names))
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"


def asks(name: str, client: str, code: str, link: str) -> str:
    """The owner is asked by a private link."""
    return f"{name}, {client} needs your answer. Code {code}. Look here: {link}"


def agreed(client: str, places: str, at: str, how: str, link: str) -> str:
    """What the owner said, at once, with a way to say that it is wrong."""
    way = {"phone": "by phone", "in_person": "in person", "page": "on your page"}.get(how, "")
    return f"{client}: you agreed at {at} {way}: take down {places}. Not right? {link}"


def agreed_words(client: str, code: str, at: str, link: str) -> str:
    """The same for words that go out."""
    return f"{client}: you agreed at {at} to the words {code}. Not right? {link}"


def is_down(client: str, places: str, at: str, link: str) -> str:
    """It was read back."""
    return f"{client}: {places} is down, {at}. We can put it back any time. {link}"


def are_down(client: str, places: str, at: str, link: str) -> str:
    """The same of several places."""
    return f"{client}: {places} are down, {at}. We can put them back any time. {link}"


def is_back(client: str, places: str, at: str, link: str) -> str:
    """It can be seen again."""
    return f"{client}: {places} can be seen again, {at}. {link}"


def went_out(client: str, places: str, at: str, link: str) -> str:
    """The words are public."""
    return f"{client}: your statement is out on {places}, {at}. {link}"


def code_is(code: str) -> str:
    """The code that shows whose phone it is; the number first, so that phones offer it."""
    return f"{code} is your code for the private page. Nobody else needs it."


def all_done(
    way: str, client: str, places: Sequence[str], by_hand: Sequence[bool]
) -> tuple[str, str]:
    """To the manager: what is down or back, and what proves it; a hand proves nothing."""
    proof = _READ_BACK if not any(by_hand) else _BY_HAND if all(by_hand) else _PARTLY
    if way == "back":
        return f"{client}: back, {listed(places)}", proof
    return f"{client}: down, {listed(places)}", f"{proof} You can put it back any time."


def not_all_title(client: str, places: str) -> str:
    """A hand is needed."""
    return f"{client}: not done at {places}"


NOT_ALL_BODY = "Tap to see why, try again, or do it by hand."
_READ_BACK = "Read back."
_BY_HAND = "Done by hand. Nothing was read back."
_PARTLY = "Read back, but for what a hand did."
OUT_BODY = "The words are out."
SAID_YES = "{name} said yes"
SAID_NO = "{name} said no"
WANTS_CHANGES = "{name} wants other words"
NOT_RIGHT = "{name} says: not right"
TAP_TO_SEE = "{client}. Tap to see."


def still_down(client: str, places: str, since: str) -> tuple[str, str]:
    """A clock asks for the way back."""
    return f"{client}: still down, {places}", f"Down since {since}. Put it back, or leave it down."


def calm_and_down(client: str, places: str, since: str) -> tuple[str, str]:
    """The same once it is measurably quiet."""
    return f"{client}: quiet since {since}", f"{places} can come back. Tap to decide."


def look_again(client: str) -> tuple[str, str]:
    """Waiting was a decision with an end."""
    return f"{client}: look again", "You wanted to look again now."


def comments_of(count: int, place: str) -> str:
    """Hidden one by one."""
    return f"{count} comment on {place}" if count == 1 else f"{count} comments on {place}"


def comments_under(place: str) -> str:
    """Closed for everybody."""
    return f"Comments on {place}"
