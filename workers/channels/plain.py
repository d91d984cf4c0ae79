"""Text made fit for any provider: no control signs, nothing unseen, never too long."""

import unicodedata

# Joiners shape Arabic and Indic words; everything else of category C is unseen or is no text.
_JOINERS = frozenset("\u200c\u200d")


def plain(text: str, longest: int) -> str:
    """The text with its line breaks, at most `longest` characters; a cut ends with “…”."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(sign for sign in text if sign == "\n" or _is_seen(sign)).strip()
    return kept if len(kept) <= longest else f"{kept[: longest - 1].rstrip()}…"


def one_line(text: str, longest: int) -> str:
    """The same in one line, for titles, headers and speech."""
    spaced = "".join(" " if _is_space(sign) else sign for sign in text)
    seen = "".join(sign for sign in spaced if _is_seen(sign))
    return plain(" ".join(seen.split()), longest)


def _is_space(sign: str) -> bool:
    return sign in "\t\n\r" or unicodedata.category(sign)[0] == "Z"


def _is_seen(sign: str) -> bool:
    category = unicodedata.category(sign)
    return sign in _JOINERS or (category[0] != "C" and category not in {"Zl", "Zp"})
