"""The one error that a channel raises, and how long a provider asked to be left alone."""

from datetime import timedelta

_LONGEST_NUMBER = 9


class ChannelTrouble(Exception):
    """It was not delivered. `permanent`: trying again is no use. `gone`: the device is no more."""

    def __init__(
        self,
        detail: str,
        *,
        permanent: bool = False,
        gone: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.permanent = permanent or gone
        self.gone = gone
        self.retry_after = retry_after


def asked_wait(header: str | None) -> timedelta | None:
    """Retry-After in seconds; a date is rare and counts as a minute."""
    if not header:
        return None
    if header.isascii() and header.isdigit() and len(header) <= _LONGEST_NUMBER:
        return timedelta(seconds=int(header))
    return timedelta(minutes=1)
