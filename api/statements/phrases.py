"""Turns of phrase that make it worse, in English and German: what they do, and what to say instead.

Each is a pattern over one sentence. They are few and plain: a warning too many is read by nobody.
"""

import re
from typing import NamedTuple


class Phrase(NamedTuple):
    """One turn of phrase; `also` has to stand in the same sentence."""

    code: str
    pattern: re.Pattern[str]
    said: str
    instead: str
    also: re.Pattern[str] | None = None


def _words(*alternatives: str) -> re.Pattern[str]:
    """Whole words alone, in any case."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


_SO_MANY = r"(?:\d+|an|one|two|three|a few|einer?|zwei|drei)"
_DAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day", "montag", "dienstag", "mittwoch", "donnerstag",
    "freitag", "samstag", "sonntag", "tomorrow", "tonight", "today", "noon", "midnight", "morgen",
    "mittag", "heute", r"\d{1,2}[:.]\d{2}", r"\d{1,2} ?(?:am|pm|o.clock|uhr)",
    rf"{_SO_MANY} (?:hours?|days?|weeks?|stunden?|tagen?|wochen?)",
    r"(?:the )?end of (?:the |this )?(?:day|week|month)", "ende der woche", "next week",
)  # fmt: skip
_A_TIME = _words(*_DAYS)
_WILL = (
    "by", "until", "no later than", "within", "in the next", "we will", "we.ll", "we shall",
    "we speak", "we publish", "we answer", "bis", "spätestens", "innerhalb", "wir werden",
    "wir melden",
)  # fmt: skip
_A_REVIEW = _words(
    "reviews?", "ratings?", "stars?", "posts?", "bewertung(?:en)?", "rezension(?:en)?", "sterne?"
)
_GO = _words(
    "delete[sd]?", "deleting", "remove[sd]?", "removing", "take (?:it |them |this )?(?:down|back)",
    "change[sd]?", "changing", "edit(?:ed|s)?", "withdraw", "löschen", "löscht", "gelöscht",
    "entfernen", "entfernt", "ändern", "ändert", "zurückziehen",
)  # fmt: skip
_MONEY = _words(
    "refunds?", "refunded", "vouchers?", "discounts?", "gift cards?", "compensation", "money",
    "pay", "free (?:meal|dinner|lunch|drink|night|stay|treatment)s?", "gutscheine?", "rabatt",
    "erstattung", "geld", "entschädigung", "gratis",
)  # fmt: skip
_PEOPLE = (
    "you", "they", "he", "she", "these people", "those people", "the (?:writers?|reviewers?)",
    "sie", "er", "diese leute",
)  # fmt: skip

PHRASES = (
    Phrase(
        "says_invented",
        _words(
            "fakes?", "faked", "bogus", "fraudulent", "made[- ]up", "invented", "bots?",
            "gefälschte?[rsnm]?", "fälschung(?:en)?", "erfundene?[rsnm]?", "erfunden",
        ),
        "It calls reviews untrue. A name can differ, and a wrong accusation makes it worse.",
        "Say: “we cannot match these to a visit”.",
    ),
    Phrase(
        "never_a_customer",
        _words(
            rf"(?:{'|'.join(_PEOPLE)}) (?:(?:was|were|is|are|have|has)(?: not|n.t)?(?: never)?"
            r"(?: been)?|never (?:was|were|came|ate|visited|booked)) "
            r"(?:(?:our|a|real|here)\s?)+(?:customers?|guests?|clients?|patients?|visitors?)?",
            r"(?:has|have|had) never (?:been|eaten|stayed|visited)(?: (?:here|us|with us))?",
            "not (?:our|real|a real|actual) (?:customers?|guests?|clients?|patients?)",
            "no (?:real|actual) (?:customers?|guests?|clients?|patients?)",
            "(?:nie|niemals) (?:unsere?|bei uns|ein)(?: (?:gast|gäste|kunden?|patient))?",
            "keine? (?:echten? |wirklichen? )?(?:gäste?|kunden?|kundin)",
        ),
        "It says that somebody was not there. You cannot know that.",
        "Say: “we cannot match this to a visit”.",
    ),
    Phrase(
        "blames_reviewers",
        _words(
            "liars?", "lies", "lying", "lied", "haters?", "trolls?", "mob", "slander(?:ous)?",
            "defam(?:ation|atory)", "libel", "malicious", "jealous", "envious", "hysterical",
            "witch[- ]hunt", "smear(?: campaign)?", "hate campaign",
            "so-called (?:guests?|customers?)",
            "lügner(?:in(?:nen)?)?", "lügen", "gelogen", "hetze", "neider", "rufmord",
            "verleumdung(?:en)?", "verleumderisch", "hasskampagne", "bösartig",
        ),
        "It blames those who wrote. Everybody else reads it as anger.",
        "Say what you know, and what you do about it.",
    ),
    Phrase(
        "threatens",
        _words(
            "lawyers?", "attorneys?", "solicitors?", "legal (?:action|steps|consequences|advice)",
            "sue", "suing", "lawsuits?", "(?:take|see) (?:you|them) (?:to|in) court",
            "press charges", "prosecut(?:e|ed|ion)", "anw[aä]lte?(?:in)?", "rechtsanw[aä]lte?",
            "rechtliche schritte", "verklagen", "klage", "strafanzeige",
        ),
        "It threatens with the law. That is what people will share.",
        "Leave it out. Let a lawyer write where a lawyer is needed.",
    ),
    Phrase(
        "pays_for_silence", _MONEY,
        "It offers something for a review that goes. The platforms forbid that.",
        "Offer help to everybody alike, and ask for nothing.", also=_GO,
    ),
    Phrase(
        "repeats_it",
        _words(
            r"we (?:are|were) not \w+", r"we (?:did|do|have|would) (?:not|never)",
            r"we (?:didn.t|don.t|haven.t|aren.t|weren.t|never)", "we deny", "we reject",
            "it is not true that", "the (?:claim|allegation|accusation|rumou?r)s? that",
            "nobody was ever", "wir (?:sind|waren|haben) (?:nicht|keine?|niemals|nie)",
            "es stimmt nicht", "wir weisen", "die behauptung(?:en)?", "der vorwurf",
        ),
        "It repeats what you are accused of. Who had not heard it hears it now.",
        "Say what is so, without the accusation.",
    ),
    Phrase(
        "promises_a_time", _A_TIME,
        "You promise a time.", "Keep it, or leave it out.", also=_words(*_WILL),
    ),
)  # fmt: skip
HONEST = _words(r"we (?:do|did) not (?:yet )?know(?: yet)?", "wir wissen (?:noch )?nicht")
"""What a three-part statement has to say; it denies nothing."""

ABOUT_A_REVIEW = _A_REVIEW
