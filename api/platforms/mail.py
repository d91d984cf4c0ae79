"""Notification mails: the way in for platforms that let no program read them."""

from api.platforms.entry import Asked, Capability, Entry, Verb, never, real

_BY_HAND = "An e-mail changes nothing there. Follow its link and act on the platform."
_ACTS: tuple[Verb, ...] = (
    "reply", "hide", "delete", "block", "report", "close_comments", "take_down",
)  # fmt: skip
_CAN: tuple[Capability, ...] = (
    real("read", "E-mails of Google, Facebook, Yelp, Tripadvisor, Trustpilot. Others as mentions."),
    real("hear", "An e-mail is read within seconds, where the mail server tells of it."),
    *(never(verb, _BY_HAND) for verb in _ACTS),
)

MAIL = Entry(
    kind="mail",
    name="Notification e-mails",
    family="mail",
    way="mailbox",
    asked=(
        Asked("host", "Mail server, like imap.agency.example"),
        Asked("port", "Port, 993 if you do not know", optional=True),
        Asked("user", "Name to sign in with"),
        Asked("password", "Password, best one for this app alone", secret=True),
        Asked("folder", "Folder, the inbox if empty", optional=True),
        Asked("plus", "This client’s word after the + in reviews+word@…", optional=True),
        Asked("own_mx", "Your server’s name in “Authentication-Results”", optional=True),
    ),
    capabilities=_CAN,
    note="A mailbox for this alone is best. Nightdesk reads it and changes nothing in it.",
)

ENTRIES = (MAIL,)
