"""Which encoding a text file has.

Bytes that are valid UTF-8 are that. Else the letters decide: each 8-bit encoding is judged by how well the letters
that it yields fit the alphabet of one of its languages, because Società in Windows-1252 is also a valid Societŕ in
Windows-1250. What fits none of them (Cyrillic, Greek and others) is left to charset-normalizer.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNS = "€‘’‚“”„–—…«»°§®©™·•²³\u00a0ªº½"
_WESTERN = {
    "it": "àèéìíîòóùú",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "de": "äöüßé",
    "es": "áéíóúüñ¿¡",
    "pt": "áâãàçéêíóôõúü",
    "nordic": "åäöæøéü",
    "nl": "ëïéèêöüá",
}
_CENTRAL = {
    "ro": "ăâîşţșțé",
    "hu": "áéíóöőúüű",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hr": "čćđšž",
}
_TURKISH = {"tr": "çğıİöşüâîû"}
_ENCODINGS = (
    ("cp1252", _WESTERN),
    ("iso8859-15", _WESTERN),
    ("cp1250", _CENTRAL),
    ("iso8859-2", _CENTRAL),
    ("cp1254", _TURKISH),
)
_TEXT_CODECS = re.compile(
    r"ascii|utf-(?:8|8-sig|16|16-le|16-be|32|32-le|32-be)|cp(?:125|85|86)[0-9]|cp437|cp(?:874|932|949|950)|iso8859-\d+"
    r"|koi8-[rtu]|mac-[a-z]+|big5|gb2312|gbk|gb18030|shift_jis|euc_(?:jp|kr)|tis-620"
)
_HIGH = re.compile(rb"[\x80-\xff][^\r\n]{0,16384}")
_SAMPLE = 64 * 1024
_GOOD_FIT = 0.9
# What names of several western languages in one file weigh less than those of a single one.
_MIXTURE = 0.02


def is_known(encoding: str) -> bool:
    """Whether text files can be read with the codec of that name."""
    try:
        return _TEXT_CODECS.fullmatch(codecs.lookup(encoding).name) is not None
    except (LookupError, ValueError):
        return False


def guess(data: bytes) -> str:
    """The name of the codec to read the bytes with; never fails, and may be wrong for a few letters of a short file."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    nuls = data[:_SAMPLE].count(0)
    if nuls * 50 > len(data[:_SAMPLE]):
        return "utf-16-le" if data[1:_SAMPLE:2].count(0) * 2 > nuls else "utf-16-be"
    telling = _telling(data)
    return "utf-8" if _is_utf8(telling) else _by_letters(telling)


def _telling(data: bytes) -> bytes:
    """The first lines that hold anything but ASCII, each from the first such byte on."""
    lines: list[bytes] = []
    size = 0
    match = _HIGH.search(data)
    while match is not None and size < _SAMPLE:
        lines.append(match[0])
        size += len(match[0])
        match = _HIGH.search(data, match.end())
    return b"\n".join(lines)


def _is_utf8(telling: bytes) -> bool:
    """Whether the bytes are UTF-8, a few broken places (which become errors of their rows) allowed."""
    text = telling.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return broken == 0 or broken * 10 < sum(not c.isascii() for c in text)


def _by_letters(telling: bytes) -> str:
    best, best_fit = "cp1252", 0.0
    for encoding, languages in _ENCODINGS:
        text = telling.decode(encoding, errors="replace")
        high = [c for c in text if not c.isascii()]
        fits = [_fit(high, alphabet) for alphabet in languages.values()]
        if languages is _WESTERN:
            fits.append(_fit(high, "".join(languages.values())) - _MIXTURE)
        if max(fits) > best_fit:
            best, best_fit = encoding, max(fits)
    if best_fit >= _GOOD_FIT:
        return best
    found = from_bytes(telling[: _SAMPLE // 2]).best()
    return codecs.lookup(found.encoding).name if found is not None and is_known(found.encoding) else "cp1252"


def _fit(high: list[str], alphabet: str) -> float:
    allowed = set(alphabet) | set(alphabet.upper()) | set(_SIGNS)
    return sum(c in allowed for c in high) / max(len(high), 1)
