"""Says when silence is no choice: words of illness, injury, discrimination, a child, the police.

Whole words, in English and German. A wrong objection costs one more tap, a missing one may cost
trust or hurt somebody: so it reads widely, but for turns of phrase that mean nothing of the kind.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MINE = "(?:my|his|her|their|our)"
_STEMS = {
    "illness": (
        "sick", "sickness", "ill", "illness(?:es)?", r"poison\w*", "vomit(?:ed|ing|s)?",
        "threw up", "throwing up", r"diarrh?o?ea", r"salmonell\w*", "norovirus", "e coli",
        r"allerg\w+", r"anaphyla\w+", "fever", "infection", "hospital(?:i[sz]ed)?",
        "emergency room", "health (?:department|inspectors?|inspection|authorit(?:y|ies))",
        r"krank(?:heit(?:en)?|e[rsnm]?)?", "erkrankt", r"\w*vergift\w*", "erbrochen",
        "übergeben müssen", "übelkeit", "durchfall", r"salmonell\w*", "krankenhaus", "notarzt",
        "fieber", "gesundheitsamt", "lebensmittelbehörde",
    ),
    "injury": (
        r"injur\w+", "hurt", "wounded", "bled", "bleeding", "ambulance", "concussion", "stitches",
        r"(?:burn(?:ed|t)?|scalded|broke|cut) (?:my|his|her|their|our) \w+",
        "broken (?:arm|leg|bone|tooth|foot|wrist)",
        "slipped", "fell down", "assault(?:ed|s)?", "attacked (?:me|us|him|her|them)",
        "hit (?:me|us|him|her|them)", "punched", "groped", "raped?",
        r"verletz\w*", "verbrüht", "verbrannt", "blutete?", "geblutet", "gestürzt",
        "ausgerutscht", "rettungswagen", "krankenwagen", "geschlagen", "angegriffen", "gebrochen",
    ),
    "discrimination": (
        r"racis[tm]\w*", r"discriminat\w+", r"sexis[tm]\w*", r"homophob\w+", r"transphob\w+",
        r"anti-?semiti\w+", r"xenophob\w+", r"islamophob\w+", "slurs?", "swastikas?", "nazis?",
        r"harass\w*", rf"because of {_MINE} (?:skin|colou?r|race|religion|faith|hijab|headscarf)",
        rf"because of {_MINE} (?:wheelchair|disability|accent|gender)",
        r"rassis\w+", r"diskriminier\w*", r"sexist\w*", r"antisemit\w*", r"ausländerfeind\w*",
        r"frauenfeind\w*", r"behindertenfeind\w*", r"hakenkreuz\w*", "kopftuch", "hautfarbe",
        r"belästig\w*",
    ),
    "a child": (
        "child", "children", "kids?", "bab(?:y|ies)", "toddlers?", "infants?", "schoolgirls?",
        "schoolboys?", "(?:my|our|his|her|their) (?:son|daughter)s?", r"\d{1,2}[- ]year[- ]olds?",
        "a minor", "minors", "pregnant", "(?-i:Kind(?:er[ns]?|es)?)", "babys", "säugling(?:e|s)?",
        "kleinkind(?:er)?", "(?:mein|unser|sein|ihr)e?n? (?:sohn|tochter)", r"minderjährig\w*",
        "schwangere?",
    ),
    "the police": (
        "police", "policem[ae]n", "cops?", "arrest(?:ed|s)?", "press(?:ed)? charges",
        "criminal (?:complaint|charges?|investigation)", "prosecutors?",
        r"polizei\w*", r"polizist\w*", "strafanzeige", "angezeigt", "anzeige erstattet",
        "festgenommen", "verhaftet", r"staatsanw[aä]lt\w*",
    ),
}  # fmt: skip
# What means nothing of the kind. A German child is written large, as is a kind word that begins.
_HARMLESS = re.compile(
    r"(?<!\w)(?:sick (?:of|and tired)|kids?.? menus?|children.s menus?|child(?:ren)?[- ]friendly|"
    r"kids?[- ]friendly|ill[- ]mannered|hurt (?:my|the|your) wallet|"
    r"kind (?:of|words?|to|and|regards|people|reply|staff|service|enough|person|reviews?))(?!\w)",
    re.IGNORECASE,
)
_HEARD = {
    subject: re.compile(rf"(?<!\w)(?:{'|'.join(stems)})(?!\w)", re.IGNORECASE)
    for subject, stems in _STEMS.items()
}
_MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """What some words tell of, and the words; `in_statement` where the statement itself says so."""

    subject: str
    words: tuple[str, ...]
    in_statement: bool


@dataclass(frozen=True, slots=True)
class Objection:
    """Why holding back is not the quiet choice here, in a sentence that a person can judge."""

    heard: tuple[Heard, ...]

    @property
    def sentence(self) -> str:
        """What was heard, with the words that made it say so, and the question."""
        told = " ".join(_told(one) for one in self.heard)
        return f"{told} Silence can cost trust, or hurt somebody. Hold anyway?"


def objection(reviews: Sequence[str], statement: str = "") -> Objection | None:
    """Whether these words forbid to wait without a second thought; None where nothing does."""
    own, others = _cleared(statement), [_cleared(review) for review in reviews]
    found = [
        heard
        for subject in _HEARD
        for heard in (_hear(subject, others), _hear(subject, [own], in_statement=True))
        if heard
    ]
    return Objection(tuple(found)) if found else None


def _cleared(text: str) -> str:
    return _HARMLESS.sub(" ", text)


def _hear(subject: str, texts: Sequence[str], *, in_statement: bool = False) -> Heard | None:
    words: dict[str, None] = {}
    for text in texts:
        words |= dict.fromkeys(match[0].lower() for match in _HEARD[subject].finditer(text))
        if len(words) >= _MOST_WORDS:
            break
    return Heard(subject, tuple(words)[:_MOST_WORDS], in_statement) if words else None


def _told(one: Heard) -> str:
    quoted = ", ".join(f"“{word}”" for word in one.words)
    who = "The statement speaks" if one.in_statement else "Some reviews speak"
    return f"{who} of {one.subject} ({quoted})."
