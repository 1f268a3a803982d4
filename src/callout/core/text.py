"""Text of people and of files: folded for searching, cleaned for keeping, made harmless for spreadsheets."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not decompose into a plain letter and an accent; quotes and dashes by the keyboard's.
_PLAIN = {
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ı": "i",
    "ŋ": "n", "ĸ": "k", "ɓ": "b", "ɗ": "d", "ƒ": "f", "ɨ": "i",
} | dict.fromkeys("‘’‚‛ʼʹʻ`´\u1ffd′＇", "'") | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")  # fmt: skip
_LINE_SEPARATORS = "\u2028\u2029"
# Blank or joining characters that are no format characters by category: fillers, joiners, variation selectors.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_MEMORY = 20_000


def _is_invisible(char: str) -> bool:
    """Whether the character is a control, a format character, half a surrogate pair or otherwise never drawn."""
    if char in _INVISIBLE or unicodedata.category(char) in ("Cc", "Cf", "Cs"):
        return True
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _is_mark(char: str) -> bool:
    """Whether the character only changes the one before it: an accent, an enclosing circle."""
    return unicodedata.combining(char) != 0 or unicodedata.category(char) == "Me"


def _fold_char(char: str) -> str:
    if char.isspace():
        return " "
    if _is_invisible(char):
        return ""
    if char in _PLAIN:
        return _PLAIN[char]
    kept = (part for part in unicodedata.normalize("NFKD", char.casefold()) if not _is_mark(part))
    folded = "".join(kept)
    return folded if folded == char else "".join(map(_fold_char, folded))


class _Folding(dict[int, str]):
    """Code point to folded text, worked out when first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        if len(self) < _MEMORY:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """What is compared when searching and sorting: no case, no accents, single spaces, nothing invisible.

    Also ß æ ø ł đ ș ț and their like become plain letters, typographic quotes and dashes the keyboard's.
    Folding twice changes nothing. May be longer than the text (ß gives ss).
    """
    if text.isascii() and text.isprintable():
        folded = text.lower().replace("`", "'")
    else:
        folded = unicodedata.normalize("NFC", text.translate(_FOLDING))
    return " ".join(folded.split())


def words(text: str) -> list[str]:
    """The folded words in their order, repeated ones included: runs of letters, digits and vowel signs."""
    folded = fold(text)
    if folded.isascii():
        return re.findall(r"[a-z0-9]+", folded)
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded)
    return "".join(kept).split()


def grams(text: str) -> list[str]:
    """The distinct trigrams of the text's words, sorted, to be stored in an indexed `text[]` column.

    Besides the three letters in a row of each word there stand its beginnings, `"  a"` and `" ab"`, so that one or
    two letters find the words that begin with them.
    """
    found: set[str] = set()
    for word in words(text):
        padded = "  " + word
        found.update(padded[i : i + 3] for i in range(len(word)))
    return sorted(found)


def query_grams(term: str) -> list[str]:
    """The trigrams that a text must hold for every word of the term to occur in it, sorted.

    A word of three letters or more may occur anywhere in a word of the text, a shorter one only at the beginning of a
    word; the order of the words is free. Holding them all is necessary, not sufficient: see `holds`.
    Empty when the term has no letter and no digit, and then nothing should be searched for.
    """
    wanted: set[str] = set()
    for word in words(term):
        if len(word) < 3:
            wanted.add(word.rjust(3))
        else:
            wanted.update(word[i : i + 3] for i in range(len(word) - 2))
    return sorted(wanted)


def holds(text: str, term: str) -> bool:
    """Whether every word of the term occurs in the text as `query_grams` describes; false for an empty term."""
    wanted, present = words(term), words(text)
    if not wanted:
        return False
    return all(any(word in p if len(word) > 2 else p.startswith(word) for p in present) for word in wanted)


def clean_name(text: str) -> str:
    """A one-line name as it is kept: composed, single spaces, without control, format or half characters."""
    spaced = "".join(" " if c.isspace() or c in _LINE_SEPARATORS else c for c in text)
    visible = "".join(c for c in spaced if c == " " or not _is_invisible(c))
    return " ".join(unicodedata.normalize("NFC", visible).split())


_FORBIDDEN = re.compile("[\0\ud800-\udfff]")


def has_forbidden(text: str) -> bool:
    """Whether the text holds what the database cannot keep: NUL or half of a surrogate pair."""
    return _FORBIDDEN.search(text) is not None


_RESERVED_IN_NAMES = re.compile(r'[<>:"|?*]')
_RESERVED_NAME = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)


def safe_filename(name: str, *, default: str = "file", max_bytes: int = 150) -> str:
    """A file name without folders that any system accepts and that shows what it is.

    Drops everything up to the last slash or backslash, invisible and direction-changing characters, leading dots and
    trailing dots and spaces; replaces reserved characters by `_`; shortens to `max_bytes` of UTF-8 and keeps a short
    extension. Gives `default` when nothing is left.
    """
    base = re.split(r"[/\\]", name)[-1]
    base = _RESERVED_IN_NAMES.sub("_", clean_name(base)).lstrip(". ").rstrip(". ")
    if _RESERVED_NAME.match(base):
        base = "_" + base
    return _shorten(base, max_bytes).rstrip(". ") or default


def _shorten(name: str, max_bytes: int) -> str:
    if len(name.encode()) <= max_bytes:
        return name
    stem, dot, extension = name.rpartition(".")
    tail = dot + extension if stem and len(extension.encode()) <= min(16, max_bytes // 2) else ""
    stem = stem if tail else name
    room = max_bytes - len(tail.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + tail


_FORMULA = re.compile(r"'*[\s\u200b\ufeff]*[=+\-@＝＋－＠\t\r\n]")


def neutralise_cell(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet might run it as a formula.

    That is when it begins, spaces apart, with `= + - @` (full width too), a tab or a line break. Numbers are
    not text: give them to the writer as numbers. `restore_cell` undoes it exactly.
    """
    return "'" + text if _FORMULA.match(text) else text


def restore_cell(text: str) -> str:
    """What `neutralise_cell` was given; text that it would not have made comes back unchanged."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text[1:]) else text
