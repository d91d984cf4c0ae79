"""Listens to everything that is logged in the tests' own process, for what must never be said."""

import logging
import re

# What every stand-in's reviewers write, what tokens of tests are made of, and any query at all.
SECRET = re.compile(r"Never again\.|canary7f3a|Bearer \S|https?://[^\s'\"]+\?[^\s'\"]")


class Telltale(logging.Handler):
    """Keeps each line, with its traceback, in which something secret stands."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        if SECRET.search(line):
            self.heard.append(line)


telltale = Telltale()
logging.getLogger().addHandler(telltale)
