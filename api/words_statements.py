"""Every sentence about a statement: its state, its hold, and the question at the end."""

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
RELEASE_CHOICES = "Publish, hold longer, or throw away? Sometimes the best statement is none."
ASK_FIRST = "The yes is older than 72 hours: the owner is asked again first."
NOT_THERE_ANY_MORE = "There is no such version."


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
