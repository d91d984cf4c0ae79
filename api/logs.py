"""What is written to the log: ours as wished, a library only when something is wrong."""

import logging

from api.settings import settings

OURS = ("nightdesk", "api", "workers")


def begin() -> None:
    """Set the levels of this process.

    Libraries are kept at warnings whatever is wished: at lower levels they write statements,
    addresses with their queries and whole bodies, and with them tokens and people's words.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level.upper())
