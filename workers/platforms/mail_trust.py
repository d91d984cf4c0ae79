"""Whether a mail is proven to come from whom it names: by the word of the reader's own server.

DKIM (RFC 6376) survives forwarding, the sender's IP does not. The signature was checked by the
server that took the mail in, which writes so on top of it (RFC 8601) and removes what others wrote
in its name. Without the name of that server nothing is proven.
"""

import re
from collections.abc import Collection, Iterable, Iterator

# Texts that a sender chooses stand in quotes or comments; what is in there proves nothing.
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)')
_RESULT = re.compile(r"\s*dkim\s*=\s*(\w+)", re.IGNORECASE)
_DOMAIN = re.compile(
    r"\bheader\.(?:d\s*=\s*|i\s*=\s*[^\s;@]{0,64}@)([a-z0-9.-]{1,253})", re.IGNORECASE
)
LONGEST = 10_000
DEEPEST = 5


def proven(results: Iterable[str], own_server: str, domains: Collection[str]) -> bool:
    """Whether the own server saw a valid signature of one of these domains.

    `results` are the Authentication-Results fields, topmost first. Only the first field of the own
    server that speaks of DKIM counts: one below it may be forged.
    """
    for result in results:
        server, said = _parts(result[:LONGEST])
        if _is_own(server, own_server):
            signed = list(_dkim(said))
            if signed:
                return any(ok and _within(domain, domains) for ok, domain in signed)
    return False


def server_of(result: str) -> str:
    """The server that wrote a field: what a person has to enter as their own."""
    return _parts(result[:LONGEST])[0]


def _parts(result: str) -> tuple[str, list[str]]:
    plain = result
    for _ in range(DEEPEST):
        plain = _ASIDE.sub(" ", plain)
    if any(sign in plain for sign in '"()'):
        return "", []
    first, *said = plain.split(";")
    words = first.split()
    return (words[0].lower() if words and "=" not in words[0] else ""), said


def _is_own(server: str, own: str) -> bool:
    """`*.mx.example` stands for every server of a provider that has many."""
    names = own.lower().replace(",", " ").split()
    return bool(server) and any(
        server == name or (name.startswith("*.") and server.endswith(name[1:])) for name in names
    )


def _dkim(said: Iterable[str]) -> Iterator[tuple[bool, str]]:
    for one in said:
        result = _RESULT.match(one)
        if result:
            domain = _DOMAIN.search(one)
            yield result[1].lower() == "pass", domain[1].lower() if domain else ""


def _within(domain: str, domains: Collection[str]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in domains)
