"""Every sentence that leaves by the API's door: states, timeline entries, the screen Now."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.pulse import Pulse

STATE = {
    "triage": "Checking",
    "active": "Dealing with it",
    "monitoring": "Watching",
    "resolved": "Over",
    "closed": "Over",
    "dismissed": "False alarm",
}
FOR_THE_OWNER = {
    "triage": "We are checking",
    "active": "We are dealing with it",
    "monitoring": "We are watching",
    "resolved": "It is over",
    "closed": "It is over",
    "dismissed": "False alarm, all quiet",
}
DISMISSED = {
    "good_press": "good press",
    "we_posted": "we posted something",
    "same_person": "the same person twice",
    "not_bad": "not bad",
}


class _Known(dict[str, Any]):
    """A fact that an old entry lacks leaves a gap in a sentence, never a broken page."""

    def __missing__(self, key: str) -> str:
        return "…"


def say(sentence: str, /, **facts: Any) -> str:
    """The sentence with its facts."""
    return sentence.format_map(_Known(facts))


def reviews(count: int) -> str:
    """“1 review”, “15 reviews”."""
    return f"{count} review" if count == 1 else f"{count} reviews"


def sources(count: int) -> str:
    """“1 source”, “34 sources”."""
    return f"{count} source" if count == 1 else f"{count} sources"


NO_HISTORY = "No history yet. Similar places are the measure until there is."


def usual(per_week: float, weeks: int) -> str:
    """What is normal, and from how much."""
    rate = f"{per_week:g} a week" if per_week >= 1 else f"{max(round(per_week * 4.3), 1)} a month"
    thin = " Thin history: a guess." if weeks < 4 else ""
    return f"About {rate} is normal, from {weeks} weeks.{thin}"


def growing(pulse: "Pulse") -> str | None:
    """How it moves, in numbers; no doubling time before there is enough to measure one."""
    if not pulse.growing or not pulse.last_ten_minutes:
        return None
    return f"Growing: {pulse.last_ten_minutes} in the last 10 minutes."


TOO_EARLY = "too early to say how fast it grows"
NOT_SAFE = "Not covered. Something needs you before you sleep."
NOTHING_READ = "No review source is read yet."
NO_DEVICE = "This account has no phone yet."
NEVER_PROVED = "Your phone has never confirmed an alarm. Test it."
AWAKE = "Nightdesk is awake: it reads and it can ring."
A_PHONE = "a phone"
NOT_CALLED = "No number of {name} can be called. Push alone may not get through."
CALLED = "{name} can be called."
BROKEN = "Tonight’s push is broken on {labels}."
PLAN_RINGS_NOBODY = "The ladder that you have set rings nobody."
BAD_HOURS = "The quiet hours of {name} cannot be read. Warnings come at any hour."
ASLEEP = "A part of Nightdesk has stopped working."


def on_call(name: str | None) -> str:
    """Who is on call, or that nobody is."""
    return f"{name} is on call." if name else "Nobody is on call."


def has_device(name: str | None, *, has: bool) -> str:
    """Whether there is a phone to ring."""
    return f"{name} has a phone that can be rung." if has else f"{name or 'Nobody'} has no phone."


def proved(name: str | None, *, proved: bool) -> str:
    """Whether that phone has shown an alarm before."""
    if proved:
        return f"{name}’s phone has shown an alarm."
    return "No phone has confirmed an alarm yet. Test it."


def live(clients: list[str]) -> str:
    """What burns."""
    if len(clients) == 1:
        return f"{clients[0]} needs you."
    return f"{len(clients)} clients need you."


def quiet(who_is: str) -> str:
    """The good answer."""
    return f"All quiet. {who_is} on call."


# What a call and a text message say back.
HEARD = "Good. You heard it. Good night."
NOTHING_RINGS = "This is over. Nothing is ringing any more."
NO_SUCH_KEY = "This key does nothing. Open Nightdesk on your phone."
NO_OWNER = "You are on it. There is no number of the owner here."
NOBODY_ELSE = "There is nobody else to wake. You are the last on the ladder."
ANSWER_1 = "Answer 1 if you are on it."
TEXT_LOST = "The text message did not arrive."
CALL_WENT = {
    "busy": "The line was busy.",
    "no-answer": "Nobody answered the call.",
    "failed": "The call could not be put through.",
    "canceled": "The call was stopped.",
}


def has_it(name: str | None, client: str, *, you: bool) -> str:
    """Who has it now, and what."""
    if you:
        return f"You have {client}. The others are told."
    return f"{name or 'Somebody'} has {client} already."


def putting_through(name: str) -> str:
    """Before the owner’s phone rings."""
    return f"You have it. Putting you through to {name}."


def waking(name: str) -> str:
    """Before somebody else is rung."""
    return f"Waking {name} now."


def device_off(label: str, by: str) -> str:
    """A way to reach somebody is gone."""
    return f"{by} took {label or 'a device'} off. It is not rung any more."


def order_changed(by: str, off: list[str]) -> str:
    """Who is rung no more, or that the order is another."""
    if off:
        return f"{by} took {' and '.join(off)} off the ladder."
    return f"{by} changed who is rung first."


def plan_changed(by: str, client: str | None) -> str:
    """Another ladder."""
    return f"{by} changed how {client or 'everybody'} is rung."


def rota_changed(by: str, rota: str) -> str:
    """Another rota."""
    return f"{by} changed the rota “{rota}”."


def device_moved(label: str, to: str) -> str:
    """A browser is signed in as somebody else now."""
    return f"{label or 'A device'} rings {to} now, and you no more."


def calmer(client: str, by: str) -> str:
    """It takes more to wake somebody."""
    return f"{by} set {client} to calm. It takes more to wake you."


def source_removed(client: str, source: str, by: str) -> str:
    """One place less is read."""
    return f"{by} removed {source} of {client}. It is not read any more."


def account_removed(client: str, account: str, by: str) -> str:
    """What it opened is not read any more."""
    return f"{by} removed the sign-in {account} of {client}. Its places cannot be read any more."


def account_expiring(client: str, account: str, days: int) -> tuple[str, str]:
    """A sign-in ends by itself; somebody has to renew it."""
    left = "today" if days < 1 else f"in {days} day" if days == 1 else f"in {days} days"
    title = f"{client}: {account} signs out {left}"
    return title, "Nothing of it can be read after that. Open the client and sign in again."


NOT_KNOWN = "We cannot read that site by its link."
NOT_KNOWN_HINT = (
    "If it has a feed, add it as a feed. If it sends e-mails about reviews, connect the mailbox. "
    "Else watch it by hand."
)
NO_LINK = "This is not a web address."
SIGN_IN_OVER = "This sign-in is over."
BEGIN_AGAIN = "Open Nightdesk and begin again from the client."
OTHER_PERSON = "This sign-in was begun by somebody else."
OTHER_PERSON_HINT = "Open Nightdesk on the phone on which you began, and begin again there."
A_PERSON_SIGNS_IN = "Signing in there takes a person. A key cannot do it."
NO_SIGN_IN = "Nobody signs in there. Enter the key, or only the link."
NO_ANSWER = "{platform} sent no answer. Begin again."
SAID_NO = "You said no at {platform}. Nothing was connected."
REFUSED_THERE = "{platform} refused: {code}."
NOT_SET_UP_HINT = (
    "Whoever runs Nightdesk has to enter the id and secret of its app there first. "
    "Until then use a key, the mailbox or the counter."
)


def not_set_up(platform: str) -> str:
    """The operator has no app there."""
    return f"Nightdesk has no app at {platform} yet."


def client_archived(client: str, by: str) -> str:
    """Nothing of it is read any more."""
    return f"{by} archived {client}. Nothing of it is read any more."


RINGING = "We are ringing your manager now."
WATCHED = "Your manager is watching this."
NOT_REACHED = "We have not reached anyone yet. Please ring the number below."


def on_it(name: str, at: str) -> str:
    """Who has it, since when."""
    return f"{name} has been on it since {at} and will ring you."
