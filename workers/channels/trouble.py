"""The one error that a channel raises."""

from datetime import timedelta


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
