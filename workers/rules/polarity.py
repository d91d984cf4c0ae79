"""Judges from its words how likely the writer of a text without stars is clearly negative."""

import math
import re
import unicodedata
from typing import Final

from vader import SentimentIntensityAnalyzer

LOOKED_AT: Final = 1_000
"""Characters: what comes later is not read, so that no text costs more than a long one."""

SLOPE: Final = -4.0
OFFSET: Final = -1.0
"""The chance is logistic(OFFSET + SLOPE * compound); docs/decisions/0011 tells where from."""

ENOUGH_ENGLISH: Final = 0.25
"""The share of a text's telling words that must be known as English before it is read."""

# How strongly a word speaks, from -4 to 4, as in the paper by Hutto and Gilbert (2014). The lexicon
# comes from everyday chat: it lacks what guests complain of and takes slang for violence.
WORDS: Final = {
    word: strength
    for strength, words in (
        (0.0, "fire honestly insane killer wicked"),
        (0.5, "like"),
        (-0.8, "cold dry frozen raw smelled sour spilled tough waited waiting"),
        (-1.3, "blamed burnt chewy flooded greasy refund rubbery slow soggy"),
        (-1.3, "hopeless sticky stingy understaffed unwelcome watery yelled"),
        (-2.0, "bland bleeding disgraceful mediocre nuisance ripoff stale"),
        (-2.0, "flavorless flavourless tasteless unhelpful unprofessional"),
        (-2.0, "overcharged overcooked overpriced undercooked wrecked"),
        (-2.6, "appalling atrocious filthy grimy revolting smelly vile yuck"),
        (-2.6, "mold moldy mould mouldy rats scammers unhygienic vomiting"),
        (-3.0, "cockroach cockroaches inedible maggot maggots roaches"),
        (1.5, "attentive comfy courteous cosy cozy crispy spotless tender"),
        (2.0, "flavorful flavourful gem tasty unbeatable yummy"),
    )
    for word in words.split()
}
PHRASES: Final = {
    phrase: strength
    for strength, phrases in (
        (-3.0, "never again | zero stars | food poisoning | rip off"),
        (-2.5, "stay away | do not go | don't go | don't waste | waste of"),
        (-2.5, "never going back | not going back | not coming back"),
        (-2.3, "hair in my | gone downhill | went downhill | go elsewhere"),
        (-2.0, "couldn't care less | nobody cares | no one cares | don't care"),
        (-2.0, "save your money | not worth | wasn't worth | isn't worth"),
        (-2.0, "joke of a | worst enemy"),
        (1.8, "be back | come again | no complaints | can't go wrong"),
        (1.8, "hands down | worth every | blown away | blew us away | spot on"),
    )
    for phrase in phrases.split(" | ")
}
SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("😡🤬", " furious "),
        **dict.fromkeys("🤮🤢💩", " disgusting "),
        **dict.fromkeys("👎", " bad "),
        **dict.fromkeys("🙄😤", " annoying "),
        **dict.fromkeys("👍👌", " good "),
        **dict.fromkeys("🔥💀☠", " "),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
        **dict.fromkeys(map(chr, [*range(32), *range(127, 160)]), " "),
    }
)

# Small words that nearly every text in the language has.
ENGLISH: Final = """
    about across after again ago always and another any anybody anything are around asked back
    because been before best both but came can can't come could couldn't day days did didn't does
    doesn't don't down each eight ever every everybody everyone everything exactly few first five
    food four from get go going good got he's here his hour hours how i'll i'm i've if inside into
    isn't it it's its know last left let long looking made make makes many minutes money month more
    much near need needs never new next night nine nobody not nothing off old only open our out
    outside people place really right said same say seven she she's should since six some somebody
    someone something staff still such table take ten than that that's the their them then there
    there's these they they're thing things think this those three time times today told tomorrow
    too took two until use used very wasn't way we'll we're we've week weeks well went were what
    when where which while who who's why with without won't work works would year years yesterday
    you you'll you're you've your
"""
FOREIGN: Final = """
    das dem den der des ein eine einen es ich im ist mit nicht sehr sich sind und uns von wir zu
    con del el en era esta fue la las lo los mas muy nada para pero por que se su un una y
    alle au aux avec ce dans du elle est et il je le les mais ne nous ont pas plus pour qui sur
    che della di e gli ho ma mai molto non per più questo sono tutto
    dat de een erg heel het maar niet van voor wat zijn
    com da foi mais muito não nunca o os uma
    av det inte jag och som är att på bardzo bir bu czy jest nie się çok ve w z
"""
# Words that English shares with a neighbour, often with another meaning: they tell nothing.
SHARED: Final = """
    a all am arm at be bland brand brave brutal by care certain chance chat die dire do even
    excellent fan fatal favor fine fire for fort gift god grand grave gross ha had haha has have he
    hell her i in is just kind like loose lust me mega mia miss mist most my no of ok okay on one
    or over pain pest pure rate sale sang sensible sin so sob stop super to toll top tout under up
    us vain want war was we will
"""

_words = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_known = SentimentIntensityAnalyzer(extra_lexicon=WORDS)
_reader = SentimentIntensityAnalyzer(extra_lexicon=WORDS, multiword={**_known.multiword, **PHRASES})
_foreign = frozenset(FOREIGN.split())
_shared = frozenset(SHARED.split())
_english = frozenset([*ENGLISH.split(), *_known.lexicon]) - _foreign - _shared


def negative(text: str) -> float | None:
    """The chance (0 to 1) that the writer is clearly negative; None if the text cannot be read.

    Only English, emoji and emoticons can be read; anything else is None, never a guess. The same
    text always gets the same answer. Irony is not understood: this is weak evidence, by its
    figures in docs/decisions/0011, and meant for texts of which one in three is negative.
    """
    plain = _plain(text)
    words = _words.findall(plain.casefold())
    if words and not _is_english(words):
        return None
    compound = _reader.polarity_scores(plain)["compound"]
    if not words and not compound:
        return None
    return 1 / (1 + math.exp(-(OFFSET + SLOPE * compound)))


def _plain(text: str) -> str:
    """The start of a text, without control characters, letters in disguise and curly quotes."""
    start = unicodedata.normalize("NFKC", text[:LOOKED_AT])[:LOOKED_AT]
    return start.replace("’", "'").translate(SIGNS)


def _is_english(words: list[str]) -> bool:
    """Whether enough words are English, and more than twice as many as speak for another tongue."""
    telling = [word for word in words if word not in _shared]
    english = sum(word in _english for word in telling)
    foreign = sum(word in _foreign for word in telling)
    return english >= ENOUGH_ENGLISH * len(telling) and english > 2 * foreign
