import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.text import (
    clean_name,
    fold,
    grams,
    has_forbidden,
    holds,
    neutralise_cell,
    query_grams,
    restore_cell,
    safe_filename,
    words,
)

ANY = st.text(st.characters(exclude_categories=()), max_size=40)
FEW = st.text("abAB ’'éßșłØ.-1\u200b", max_size=14)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Straße", "strasse"),
        ("Ærø Øl", "aero ol"),
        ("Łódź", "lodz"),
        ("Đorđević", "dordevic"),
        ("Ştefan Ţepeş / Ștefan Țepeș", "stefan tepes / stefan tepes"),
        ("  D’Angelo \t &\n Figli ", "d'angelo & figli"),
        ("İstanbul Iğdır", "istanbul igdir"),
        ("re\u200bsume\u0301\u00ad", "resume"),
        ("\u202eevil\u202c\x00\x07", "evil"),
        ("Cafe\u0301 CAFÉ", "cafe cafe"),
        ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
        ("Ⅷ ﬁn ①", "viii fin 1"),
        ("한글", "한글"),
    ],
)
def test_folding_leaves_what_people_mean(text, folded):
    assert fold(text) == folded


@given(ANY)
def test_folding_twice_changes_nothing(text):
    once = fold(text)
    assert fold(once) == once
    assert once == once.strip()
    assert "  " not in once
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in once)


@given(ANY)
def test_case_and_composition_do_not_matter(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(text.casefold()) == fold(text)


def test_case_and_composition_do_not_matter_for_any_letter():
    for code in range(0x3000):
        char = chr(code)
        forms = {char, char.casefold(), char.lower(), char.upper()}
        forms |= {unicodedata.normalize(form, char) for form in ("NFC", "NFD")}
        assert len({fold(f"x{form}x") for form in forms}) == 1, hex(code)


@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_the_short_way_for_plain_text_gives_the_same(text):
    assert fold(text) == fold(text + "\u200b")


def test_words_are_split_at_everything_else():
    assert words("O'Neil & Sons, Ltd. (2026) — VIA_Pô") == ["o", "neil", "sons", "ltd", "2026", "via", "po"]
    assert words("हिन्दी भाषा") == ["हिनदी", "भाषा"]


def test_grams_and_their_query():
    assert grams("Anna an") == ["  a", " an", "ann", "nna"]
    assert query_grams("ANN") == ["ann"]
    assert query_grams("an a") == ["  a", " an"]
    assert query_grams(" -. ") == []
    assert holds("Mario Rossi", "ross mar")
    assert holds("Mario Rossi", "ossi")
    assert not holds("Mario Rossi", "si")
    assert not holds("Mario Rossi", "")


@given(FEW, FEW)
def test_a_text_that_holds_the_term_has_all_its_grams(text, term):
    if holds(text, term):
        assert query_grams(term)
        assert set(query_grams(term)) <= set(grams(text))


@given(ANY, st.data())
def test_every_piece_of_a_word_finds_its_text(text, data):
    found = words(text)
    if not found:
        return
    word = data.draw(st.sampled_from(found))
    start = data.draw(st.integers(0, max(0, len(word) - 3)))
    piece = word[start : data.draw(st.integers(start + 3, start + 8))] if len(word) >= 3 else word
    assert holds(text, piece)
    assert set(query_grams(piece)) <= set(grams(text))


@given(ANY)
def test_a_clean_name_is_one_visible_line(text):
    clean = clean_name(text)
    assert clean_name(clean) == clean
    assert not has_forbidden(clean)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in clean)
    assert fold(clean) == fold(text)


def test_a_clean_name_keeps_case_and_accents():
    assert clean_name(" Ștefan\u200b  O’Brien\r\n\u202e") == "Ștefan O’Brien"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\foto 1.jpg", "foto 1.jpg"),
        ("a\u200bb\u202egpj.exe", "abgpj.exe"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("com¹ .log", "_com¹ .log"),
        ("console.log", "console.log"),
        (".htaccess", "htaccess"),
        ("trailing. . ", "trailing"),
        ('a<b>:"c"|?*.txt', "a_b___c____.txt"),
        ("line\r\nX-Header: 1.txt", "line X-Header_ 1.txt"),
        ("", "file"),
        ("...", "file"),
        ("dir/", "file"),
        ("\ud800\x00", "file"),
    ],
)
def test_file_names_are_made_safe(name, safe):
    assert safe_filename(name) == safe


@given(st.text(st.characters(exclude_categories=()), max_size=400), st.integers(20, 200))
def test_every_file_name_is_safe(name, limit):
    safe = safe_filename(name, max_bytes=limit)
    assert 0 < len(safe.encode()) <= limit + 1  # a reserved name may get its underscore
    assert not set(safe) & set('/\\<>:"|?*\0')
    assert safe[0] not in ". "
    assert safe[-1] not in ". "
    assert safe_filename(safe, max_bytes=limit + 1) == safe


def test_a_long_file_name_keeps_its_extension():
    assert safe_filename("è" * 300 + ".jpeg", max_bytes=50) == "è" * 22 + ".jpeg"
    assert safe_filename("a." + "b" * 300, max_bytes=50) == "a." + "b" * 48


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", " =", "\t", "\r", "\n", " \t@", "\u00a0=", "＝", "'=", "\ufeff="]
)
def test_what_a_spreadsheet_could_run_is_neutralised(start):
    assert neutralise_cell(start + "1+1") == "'" + start + "1+1"


@pytest.mark.parametrize("text", ["", "a=b", "12", "'quoted'", "x\t=1", "’=1", "'"])
def test_other_text_stays_as_it_is(text):
    assert neutralise_cell(text) == text
    assert restore_cell(text) == text


@given(st.text("'=+-@ \ta1\n", max_size=6) | ANY)
def test_neutralised_text_is_harmless_and_comes_back(text):
    safe = neutralise_cell(text)
    assert restore_cell(safe) == text
    assert safe.lstrip(" \u00a0\u200b\ufeff")[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}


def test_what_the_database_cannot_keep_is_seen():
    assert has_forbidden("a\0")
    assert has_forbidden("\ud83d alone")
    assert not has_forbidden("😀 whole \n\x07")
