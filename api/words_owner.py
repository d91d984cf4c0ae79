"""Every sentence of the owner's page that asks, confirms and tells what was done."""

from collections.abc import Sequence

NO_ANSWER = "No answer is not a yes."
NOTHING_DONE = "Nothing was done."
NOTHING_BY_ITSELF = "Nothing goes out by itself."
YES = {
    "take_down": "Yes, take it down",
    "words": "Yes, these words",
    "take_back": "Yes, take it back",
    "other": "Yes, do it",
}
UNDO = "You can have it put back any time."
NO_UNDO = "Only your yes to exactly this counts."

_IS = {
    "take_down": "{is} hidden", "hide": "{is} hidden", "close_comments": "{is} closed",
    "restore": "can be seen again", "unhide": "can be seen again",
    "open_comments": "{is} open again",
}  # fmt: skip
# These are done to a place as a whole; the others to so many comments of it.
_ONE = ("take_down", "restore")
# What was done at a place, by what is asked of the platform.
DONE = {
    "take_down": "Hidden", "hide": "Hidden", "close_comments": "Comments closed",
    "restore": "Can be seen again", "unhide": "Can be seen again",
    "open_comments": "Comments open again", "publish": "Out", "reply": "Answered",
    "report": "Reported",
}  # fmt: skip
STATES = {
    "planned": "Not begun.",
    "preparing": "Begun. We keep what stood there.",
    "sending": "Begun.",
    "looking": "Done there? We are looking.",
    "by_hand": "By hand. {manager} does it.",
}
ACTION = {
    "proposed": "Not begun.",
    "awaiting_approval": "Not begun.",
    "ready": "Not begun yet.",
    "counting_down": "It begins in half a minute.",
    "executing": "We began at {at}.",
    "succeeded": "Done {at}.",
    "partially_succeeded": "Partly done.",
    "failed": "Not done.",
    "reverting": "We are putting it back.",
    "reverted": "Put back {at}.",
    "cancelled": "It was not done.",
}
HAND = "It takes a hand. {manager} does it."
LOST = "We do not know yet. We look again."
REFUSED = {"there": "Not done.", "back": "Not put back yet."}

ENDED = {
    "expired": f"{NO_ANSWER} {NOTHING_DONE}",
    "withdrawn": f"The question was taken back. {NOTHING_DONE}",
    "lapsed": "Your yes grew too old before it was used. " + NOTHING_DONE,
    "revoked": "The yes was taken back. It does not count any more.",
}
CHANGED_AFTER = "The words were changed after your yes."
CHANGED = "The words were changed."
JUST_CHANGED = "This changed a moment ago."
NEW_VERSION = "Here is the new version."
ASKED_ANEW = "You will be asked again."

STATEMENT = {
    "draft": f"Approved once, then changed. {NOTHING_BY_ITSELF}",
    "in_review": "You are asked about a newer version.",
    "approved": f"Approved. {NOTHING_BY_ITSELF}",
    "publishing": "Approved. It goes out now.",
    "failed": "Approved. It did not go out yet. Your manager is told.",
    "retracted": "It was taken back.",
    "discarded": "It was thrown away. Nothing went out.",
}
HELD = {
    "quiet": "Approved. We are holding it until things are quiet.",
    "time": "Approved. We are holding it until {at}.",
    "hand": "Approved. We are holding it.",
}
MAY_BE_TAKEN_BACK = "You agreed that it may be taken back."

ASKED_BACK = "{name} asks to put it back"
ASKED_BACK_URGENT = "{name} asks to put it back now"
TAP_TO_DECIDE = "{client}. Tap to decide."
NIGHT = "It is night. We put it back in the morning unless it is urgent."
DAY = "{manager} is told at once."

NOT_FOR_THIS_LINK = "This link is only for reading."
NOT_FOR_THIS_LINK_HINT = "Answer by the link that we sent to you, or ring us."
RING_TO_ANSWER = "Ring {manager} to answer."
NOT_THERE = "This is not here any more."
NOT_THERE_HINT = "The page shows what is true now."
FOREIGN = "This came from another page."
FOREIGN_HINT = "Open your private page and tap there."
TOO_LONG = "That was too long."
TOO_LONG_HINT = "Go back and write it in fewer words."

WRONG_CODE = "That was not the code."
CODE_OVER = "That code does not count any more."
NOT_SENT = "The code could not be sent."
NO_WAY = "We cannot write to you from here."
SAY_IT = "Say your yes on the phone."
YOUR_MANAGER = "your manager"
YOU = "You"


def listed(names: Sequence[str]) -> str:
    """“Facebook”, “Facebook and Website”; each name once."""
    found = list(dict.fromkeys(names))
    return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)


def deed(kind: str, places: Sequence[str]) -> str:
    """What would be done: “take down Facebook and Website”."""
    where = listed(places)
    if kind == "take_back":
        return f"take back the statement on {where}"
    if kind == "words":
        return f"these words on {where}" if where != "By hand" else "these words, by hand"
    return f"take down {where}" if kind == "take_down" else f"act on {where}"


def begins(text: str) -> str:
    """The same as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def stays(names: Sequence[str]) -> str:
    """What we cannot switch off."""
    if not names:
        return ""
    verb = "stays" if len(set(names)) == 1 else "stay"
    return f"{listed(names)} {verb} up; we cannot switch that off."


def agreed(who: str, at: str, how: str, what: str) -> str:
    """Who said yes, when, how, and to what."""
    way = {
        "page": "on this page", "phone": "by phone", "in_person": "in person",
        "standing": "in daylight",
    }.get(how, "")  # fmt: skip
    return f"{who} agreed at {at} {way}: {what}."


def agreed_to(who: str, code: str) -> str:
    """Which version it was."""
    return f"{who} agreed to {code}."


def is_done(verb: str, places: Sequence[str], *, looked: bool) -> str:
    """What is true there now, and that somebody looked."""
    one = len(set(places)) == 1 and (verb in _ONE or places[0].startswith("1 "))
    said = (
        f"{listed(places)} {_IS.get(verb, '{is} done').format(**{'is': 'is' if one else 'are'})}."
    )
    return f"{said} We looked." if looked else said


def not_done(places: Sequence[str]) -> str:
    """What did not work, plainly."""
    return f"Not done: {listed(places)}."


def at_and_looked(done: str, sent: str, seen: str) -> str:
    """When it was done, and when it was read back."""
    return f"{done} {sent}. We looked {seen}." if sent else f"{done}. We looked {seen}."


def done_of(done: int, count: int) -> str:
    """Many single acts under one name."""
    return f"{done} of {count} done."


def by_a_hand(done: str, who: str, at: str) -> str:
    """Nothing was read back, so whoever did it is named."""
    return f"{done} by hand: {who}, {at}."


def said_no(who: str, at: str) -> str:
    """The answer, and what follows."""
    return f"{who} said no at {at}. Nothing is done."


def wants_words(who: str, at: str) -> str:
    """The same for other words."""
    return f"{who} asked for other words at {at}."


def replaced(code: str, *, given: bool) -> str:
    """A newer version is there; whatever was said about the older counts no more."""
    if given:
        return f"Replaced by a newer version. Your yes ({code}) does not count any more."
    return f"Replaced by a newer version. The question {code} is over."


def quiet_so_far(hours: int, wanted: int) -> str:
    """Measured, not guessed."""
    return f"Quiet for {hours} of {wanted} hours so far."


def out(at: str, places: Sequence[str]) -> str:
    """It can be read."""
    return f"Your statement is out on {listed(places)}, {at}."


def asked_back(who: str, at: str, manager: str, *, waits: bool) -> str:
    """A wish that was passed on, or waits for the morning."""
    told = "is told in the morning" if waits else "was told"
    return f"{who} asked at {at} to put it back. {manager} {told}."


def objected(at: str, manager: str) -> str:
    """“Not right”, heard."""
    return f"Noted at {at}: this is not right. {manager} was told."


def to_whom(way: str, name: str, masked: str) -> str:
    """Where a code would go."""
    return f"{name}, {masked}" if way == "sms" else f"{name}, by mail to {masked}"


def we_send(way: str, masked: str) -> str:
    """Before a code goes out."""
    does = "text" if way == "sms" else "mail"
    return f"We {does} a code to {masked} to be sure that it is you."


def sent_to(masked: str, at: str, ends: str) -> str:
    """Where a code went, and how long it counts."""
    return f"We sent 6 figures to {masked} at {at}. They count until {ends}."


def tries_left(count: int) -> str:
    """How often it may still be typed."""
    return f"{count} more {'try' if count == 1 else 'tries'}."


def next_code(at: str) -> str:
    """Not so fast."""
    return f"The next code can be sent at {at}."


def masked_number(number: str) -> str:
    """“…67”: enough to know the own number again, too little to learn it."""
    return f"…{''.join(sign for sign in number if sign.isdigit())[-2:]}"


def masked_mail(address: str) -> str:
    """“r…@bistro.example”."""
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host}"
