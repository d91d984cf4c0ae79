"""Time zones at the edge: IANA names, or a clear refusal."""

from zoneinfo import available_timezones


def known_zone(value: str) -> str:
    """An IANA name such as Europe/Vienna; ValueError otherwise."""
    if value not in available_timezones():
        message = "a time zone like Europe/Vienna is needed"
        raise ValueError(message)
    return value
