"""Every sentence about a statement: its state, its timeline, and the question at the end."""

STATE = {
    "draft": "Draft",
    "in_review": "With the owner",
    "approved": "Approved",
    "held": "Held",
    "publishing": "Going out",
    "published": "Out",
    "failed": "Did not go out",
    "retracted": "Taken back",
    "discarded": "Thrown away",
}
# Every kind of timeline entry about a statement, as the manager reads it.
ENTRY = {
    "statement_drafted": "{actor} began a statement. Code {code}.",
    "statement_changed": "{actor} changed the words. Now {code}: a yes before this is void.",
    "statement_asked": "{actor} is asking the owner about the words {code}.",
    "statement_approved": "The words {code} are approved.",
    "statement_may_go": "The owner agreed to take the words {code} back.",
    "statement_held": "{actor} holds the words {code} {until_words}.",
    "statement_despite": "{actor} holds them although people speak of {heard}.",
    "statement_due": "Time to ask: publish {code}, hold it longer, or throw it away.",
    "statement_not_due": "It is not quiet any more. The hold of {code} counts from the beginning.",
    "statement_counting": "{actor}: the words {code} go out in 30 seconds.",
    "statement_stopped": "{actor} stopped it. Nothing went out.",
    "statement_published": "The words {code} are out on {places}.",
    "statement_failed": "The words {code} did not go out. {detail}",
    "statement_retracted": "{actor} took the words {code} back from {places}.",
    "statement_discarded": "{actor} threw the words {code} away.",
}
# What the owner may read of it.
ENTRY_FOR_THE_OWNER = {
    "statement_asked": "We ask you about the words {code}.",
    "statement_approved": "The words {code} are approved.",
    "statement_changed": "The words were changed. A yes before this counts no more.",
    "statement_held": "Approved. We are holding the words {code} {until_words}.",
    "statement_not_due": "It is not quiet any more. The words {code} wait.",
    "statement_published": "Your statement is out on {places}.",
    "statement_retracted": "Your statement was taken back from {places}.",
    "statement_discarded": "We do not use the words {code}.",
}
RELEASE_CHOICES = "Publish, hold longer, or throw away? Sometimes the best statement is none."
ASK_FIRST = "The yes is older than 72 hours: the owner is asked again first."
NOT_THERE_ANY_MORE = "There is no such version."
TAKE_IT_DOWN = "Open each link, delete the post there, then say here that it is done."


def until(kind: str, hours: int | None, at: str) -> str:
    """For how long it is held; `at` is by the client’s own clock."""
    if kind == "quiet":
        return f"until it is quiet for {hours} hours"
    return f"until {at}" if kind == "time" else "until somebody says so"


def release_title(client: str, hours: int | None) -> str:
    """The condition is met: a person decides."""
    if hours is None:
        return f"{client}: the time of your statement has come"
    return f"{client}: quiet for {hours} h. Publish?"


def release_body(*, yes_holds: bool) -> str:
    """What can be done, and what has to come first."""
    return RELEASE_CHOICES if yes_holds else f"{RELEASE_CHOICES} {ASK_FIRST}"


def clock(hours: int, nights: int, wanted: int) -> str:
    """“34 of 48 quiet hours, 1 whole night”."""
    whole = "1 whole night" if nights == 1 else f"{nights} whole nights"
    return f"{min(hours, wanted)} of {wanted} quiet hours, {whole}"
