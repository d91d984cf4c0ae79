"""Reads a statement before others do, and says in plain words what may go wrong with it.

Two things alone stand in its way: a blank that is left, and words that do not fit a place.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from api.statements import names
from api.statements.fits import Fit
from api.statements.phrases import ABOUT_A_REVIEW, HONEST, PHRASES, Phrase
from api.statements.templates import blanks

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\w)[^.!?\n]+)*")
_LOUD = re.compile(r"(?<!\w)[A-ZÄÖÜ]{4,}(?!\w)")
_PHONE = re.compile(r"\+?\d[\d /().-]{5,}\d")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PRIVATE_MAIL = re.compile(
    r"@(?:gmail|googlemail|gmx|web|hotmail|outlook|yahoo|icloud|aol)\.", re.IGNORECASE
)
_SAME_DIGITS = 7
_SAME_WORDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the text: `where` it stands word for word, what it does, what to do instead."""

    code: str
    where: str
    said: str
    instead: str
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What has to be known of the client to read its words.

    `people` are named by nobody, but for `signer` in the last line and `speakers` anywhere.
    `private` are their numbers and addresses. `reviews` are texts that must not be quoted.
    """

    client: str = ""
    town: str = ""
    signer: str = ""
    speakers: Sequence[str] = ()
    people: Sequence[str] = ()
    reviewers: Sequence[str] = ()
    private: Sequence[str] = ()
    reviews: Sequence[str] = ()
    fits: Sequence[Fit] = ()


def check(text: str, about: About) -> list[Finding]:
    """What was found, what blocks first; the same place is said once."""
    found = [one for read in _READ for one in read(text, about)]
    once = {(one.code, one.where): one for one in found}
    return sorted(once.values(), key=lambda one: not one.blocks)


def _blanks(text: str, _: About) -> Iterator[Finding]:
    for blank in blanks(text):
        yield Finding(
            "blank_left", f"[{blank}]", "A blank is left.", f"Fill it in: {blank}.", blocks=True
        )


def _lengths(_: str, about: About) -> Iterator[Finding]:
    for one in about.fits:
        if one.over:
            unit = "bytes" if one.unit == "bytes" else "characters"
            said = f"{one.place} takes {one.most:,} {unit}. This has {one.length:,}."
            instead = f"Make it {one.over:,} shorter, or leave {one.place} out."
            yield Finding("too_long", "", said, instead, blocks=True)


def _people(text: str, about: About) -> Iterator[Finding]:
    said, instead = "It names a person.", "Take the name out. Say “one of us” or “a guest”."
    body = _unsigned(text, about.signer)
    ours = [person for person in about.people if person not in about.speakers]
    found = [*names.known(body, ours), *names.whole(body, about.reviewers)]
    found += names.addressed(body)
    for where in found:
        yield Finding("names_a_person", where, said, instead)
    not_names = [about.client, about.town, about.signer, *about.speakers, *found]
    for where in names.maybe(body, not_names):
        yield Finding("may_name_a_person", where, "This may be somebody’s name.", instead)


def _unsigned(text: str, signer: str) -> str:
    """Whoever speaks may put their name under it."""
    head, line, last = text.rstrip().rpartition("\n")
    return head + line + last.replace(signer, "") if signer else text


def _phrases(text: str, about: About) -> Iterator[Finding]:
    for sentence in _SENTENCE.findall(text):
        heard = HONEST.sub("", sentence)
        for phrase in PHRASES:
            match = _says(phrase, heard)
            if match and not (about.client and match[0].lower() in about.client.lower()):
                yield Finding(phrase.code, match[0].strip(), phrase.said, phrase.instead)


def _says(phrase: Phrase, sentence: str) -> re.Match[str] | None:
    if phrase.also and not phrase.also.search(sentence):
        return None
    if phrase.code == "pays_for_silence" and not ABOUT_A_REVIEW.search(sentence):
        return None
    return phrase.pattern.search(sentence)


def _quoted(text: str, about: About) -> Iterator[Finding]:
    """Five words in a row that stand in a bad review as well."""
    words = _plain(text)
    runs = {tuple(words[at : at + _SAME_WORDS]) for at in range(len(words) - _SAME_WORDS + 1)}
    for review in about.reviews:
        there = _plain(review)
        for at in range(len(there) - _SAME_WORDS + 1):
            if tuple(there[at : at + _SAME_WORDS]) in runs:
                where = " ".join(there[at : at + _SAME_WORDS])
                said = "It repeats the words of a review. Who had not read them reads them now."
                yield Finding("repeats_it", where, said, "Say it in your own words.")
                return


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _loud(text: str, about: About) -> Iterator[Finding]:
    for word in _LOUD.findall(text):
        if word not in f"{about.client} {about.town}":
            yield Finding("all_caps", word, "Capital letters read as shouting.", "Write it small.")
    if "!" in text:
        yield Finding(
            "exclamation",
            "!",
            "An exclamation mark sounds angry or cheerful.",
            "End with a full stop.",
        )


def _contacts(text: str, about: About) -> Iterator[Finding]:
    said = "This is how a person is reached in private."
    instead = "Give the number or address of the business."
    numbers = [digits for one in about.private if len(digits := _digits(one)) >= _SAME_DIGITS]
    for phone in _PHONE.findall(text):
        if any(_digits(phone)[-_SAME_DIGITS:] == own[-_SAME_DIGITS:] for own in numbers):
            yield Finding("private_contact", phone, said, instead)
    mails = {one.lower() for one in about.private}
    for mail in _MAIL.findall(text):
        if mail.lower() in mails or _PRIVATE_MAIL.search(mail):
            yield Finding("private_contact", mail, said, instead)


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())


_READ: tuple[Callable[[str, About], Iterator[Finding]], ...] = (
    _blanks, _lengths, _people, _phrases, _quoted, _loud, _contacts,
)  # fmt: skip
