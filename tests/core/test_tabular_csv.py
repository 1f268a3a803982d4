import codecs
import csv
import io
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.tabular import (
    MAX_BYTES,
    MAX_COLUMNS,
    BadDelimiter,
    BadFile,
    BadRow,
    CellTooLong,
    Dialect,
    EmptyFile,
    FileTooBig,
    NoHeaders,
    NotATable,
    TooManyColumns,
    TooManyRows,
    UnclosedQuote,
    UnknownEncoding,
    WrongColumns,
    read,
    sniff,
    write_csv,
)

from .support import at, explained, refused

ITALIAN = "Ragione sociale{0}Città{0}Note\nSocietà Elettrica{0}Forlì{0}perché è così\nCaffè Niccolò{0}Cantù{0}già più\n"
ROMANIAN = "Nume{0}Oraş{0}Judeţ\nŞerban Ţepeş{0}Bucureşti{0}Ilfov\nÎntreţinere SRL{0}Târgu Mureş{0}Mureş\n"
GERMAN = "Name{0}Straße{0}Preis\nMüller GmbH{0}Große Straße 5{0}12,50 €\nJörg Schäfer{0}Weg 1{0}3,00 €\n"
POLISH = "Nazwa{0}Miasto{0}Uwagi\nZakład Świętokrzyski{0}Łódź{0}zażółć gęślą jaźń\n"
RUSSIAN = "Имя{0}Город{0}Улица\nИванов Пётр{0}Москва{0}ул. Ленина\nПетров Иван{0}Санкт-Петербург{0}Невский проспект\n"
CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufffd"), max_size=12)
NAMES = st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=5, unique=True)


def kept(table):
    return [row.cells for row in table.rows if row.error is None]


def codes(table):
    return [(row.line, row.error.code) for row in table.rows if row.error]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (ITALIAN, ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
        (ITALIAN, ["cp1252", "iso8859-1", "iso8859-15"]),
        (GERMAN, ["utf-8", "cp1252", "iso8859-15", "cp1250"]),
        (ROMANIAN, ["utf-8", "utf-16", "cp1250", "iso8859-2"]),
        (POLISH, ["utf-8", "cp1250", "iso8859-2"]),
        (RUSSIAN, ["utf-8", "utf-16-le", "cp1251", "iso8859-5", "koi8-r"]),
    ],
)
def test_separator_and_encoding_are_found(text, encodings, delimiter, end):
    plain = text.format(delimiter).replace(",50", ".50").replace(",00", ".00")
    expected = [line.split(delimiter) for line in plain.splitlines()]
    for encoding in encodings:
        data = plain.replace("\n", end).encode(encoding)
        table = read(data, "customers.csv")
        assert table.dialect.delimiter == delimiter
        assert [table.headers, *kept(table)] == expected, encoding


def test_a_decimal_comma_does_not_hide_the_semicolon():
    data = b"code;price;tax\r\nA1;1,50;22,0\r\nA2;2,50;22,0\r\nA3;3;4\r\n"
    assert sniff(data).delimiter == ";"


def test_separators_within_quotes_do_not_count():
    data = b'name;note\n"a, b, c, d";"x, y, z, w"\n"e, f, g, h";"i, j, k, l"\n'
    assert sniff(data).delimiter == ";"
    assert kept(read(data)) == [["a, b, c, d", "x, y, z, w"], ["e, f, g, h", "i, j, k, l"]]


def test_the_line_that_names_the_separator_is_heeded():
    table = read(b"sep=|\nname|city, zip\nRossi|Milano, 20100\n")
    assert table.headers == ["name", "city, zip"]
    assert [row.line for row in read(b"sep=|\nname|city\nRossi|Milano\n").rows] == [3]


def test_one_column_needs_no_separator():
    table = read(b"name\nRossi\nVerdi\n", "list.txt")
    assert (table.headers, kept(table)) == (["name"], [["Rossi"], ["Verdi"]])


def test_the_name_of_the_file_decides_what_the_content_leaves_open():
    assert sniff(b"a\n", "x.tsv").delimiter == "\t"
    assert sniff(b"a\n", "x.csv").delimiter == ","


def test_quoted_texts_run_over_lines_and_lines_are_counted():
    data = b'name,note\r\n"Rossi","one\r\ntwo ""three"""\r\n\r\n  ,\r\nVerdi,x\r\n'
    rows = list(read(data).rows)
    assert [(row.line, row.cells) for row in rows] == [
        (2, ["Rossi", 'one\r\ntwo "three"']),
        (6, ["Verdi", "x"]),
    ]


def test_an_unclosed_quote_spoils_its_line_only():
    data = b'name,note\nRossi,ok\nVerdi,"open\nBianchi,"fine"\nNeri,ok\n'
    rows = list(read(data).rows)
    assert [(row.line, row.error and row.error.code) for row in rows] == [
        (2, None),
        (3, "unclosed_quote"),
        (4, None),
        (5, None),
    ]
    assert rows[2].cells == ["Bianchi", "fine"]
    assert "line 3" in explained(rows[1].error)


def test_an_unclosed_quote_at_the_end_is_a_row_error():
    assert codes(read(b'a,b\n1,2\n3,"4\n')) == [(3, "unclosed_quote")]
    assert codes(read(b'a,b\n"1,2\n' + b"3,4\n" * 2_000)) == [(2, "unclosed_quote")]


def test_many_unclosed_quotes_are_read_in_one_go():
    lines = 20_000
    data = b"a,b\n" + b'1,"x\n' * lines
    rows = list(read(data).rows)
    assert len(rows) == lines
    assert {row.error.code for row in rows} == {"unclosed_quote"}


def test_text_after_a_quoted_text_is_taken_as_it_stands():
    assert kept(read(b'a,b\n"1" ,2\n 3 , "4"\n')) == [["1 ", "2"], [" 3 ", ' "4"']]


def test_rows_of_another_width_are_errors():
    data = b"a,b,c\n1,2\n1,2,3\n1,2,3,\n1,2,3,4\n1,2,3,,,\n"
    rows = list(read(data).rows)
    assert [row.line for row in rows if row.error] == [2, 5]
    error = rows[0].error
    assert isinstance(error, WrongColumns)
    assert error.facts == {"line": 2, "found": 2, "expected": 3}


def test_a_few_broken_bytes_are_errors_of_their_rows_only():
    good = "Società Niccolò perché così".encode()
    data = b"name,city\n" + b"\n".join(good + b",Forl\xc3\xac" for _ in range(9)) + b"\nCaff\xe8,Milano\n"
    table = read(data)
    assert table.dialect.encoding == "utf-8"
    assert codes(table) == [(11, "bad_character")]


def test_bytes_that_an_encoding_does_not_have_are_row_errors():
    data = b"name,city\nok,Milano\nodd \x81,Roma\n"
    assert codes(read(data, dialect=Dialect("csv", encoding="cp1252", delimiter=","))) == [(3, "bad_character")]


def test_nul_is_a_row_error():
    assert codes(read(b"name,city\n" + b"abcdefgh,ijklmnop\n" * 20 + b"a\0b,c\n")) == [(22, "bad_character")]


def test_half_a_file_in_utf_16_is_read_up_to_the_break():
    data = "name,city\nRossi,Forlì\nVerdi,Roma".encode("utf-16")[:-1]
    table = read(data)
    assert [row.cells[0] for row in table.rows if row.error is None] == ["Rossi"]


def test_a_cell_without_end_is_a_row_error():
    data = b"a,b\n1," + b"x" * 200_000 + b"\n3,4\n"
    rows = list(read(data).rows)
    assert isinstance(rows[0].error, CellTooLong)
    assert rows[1].cells == ["3", "4"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", EmptyFile),
        (b"\n \r\n\t\n", EmptyFile),
        (codecs.BOM_UTF8, EmptyFile),
        (codecs.BOM_UTF16_LE, EmptyFile),
        (bytes(MAX_BYTES + 1), FileTooBig),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), NotATable),
        (b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\n", NotATable),
        (b"\n<html><table><tr><td>1</td></tr></table></html>", NotATable),
        (b",".join([b"x"] * (MAX_COLUMNS + 1)) + b"\n", TooManyColumns),
        (b",,,\n,,\n", NoHeaders),
        (b'"never closed\n', UnclosedQuote),
    ],
)
def test_what_is_no_table_is_refused(data, kind):
    refused(kind, read, data)


def test_an_impossible_dialect_is_refused():
    refused(UnknownEncoding, read, b"a,b\n", dialect=Dialect("csv", encoding="rot13", delimiter=","))
    refused(UnknownEncoding, read, b"a,b\n", dialect=Dialect("csv", encoding="no\0such", delimiter=","))
    for delimiter in ("", ",,", '"', "\n"):
        refused(BadDelimiter, read, b"a,b\n", dialect=Dialect("csv", encoding="utf-8", delimiter=delimiter))
    refused(NotATable, read, b"a,b\n", dialect=Dialect("xlsx"))


def test_headers_are_cleaned_and_made_unique():
    table = read("\ufeff Name\u200b ,city,,city,city (2),\n1,2,3,4,5\n".encode())
    assert table.headers == ["Name", "city", "#3", "city (2)", "city (2) (2)"]
    assert kept(table) == [["1", "2", "3", "4", "5"]]


def test_a_preview_stops_and_too_many_rows_are_said():
    data = b"a\n" + b"1\n" * 10
    assert len(list(read(data, limit=3).rows)) == 3
    rows = list(read(data, max_rows=8).rows)
    assert len(rows) == 9
    assert isinstance(rows[8].error, TooManyRows)
    assert [row.error for row in rows[:8]] == [None] * 8
    assert list(read(data, max_rows=10).rows)[-1].error is None


@given(NAMES, st.data())
def test_what_is_written_is_read_back(headers, data):
    row = st.lists(CELL, min_size=len(headers), max_size=len(headers))
    rows = data.draw(st.lists(row.filter(lambda cells: any(map(str.strip, cells))), max_size=6))
    delimiter = data.draw(st.sampled_from(",;\t|"))
    written = b"".join(write_csv(headers, rows, delimiter=delimiter))
    table = read(written, dialect=Dialect("csv", encoding="utf-8-sig", delimiter=delimiter))
    assert table.headers == headers
    assert [(row.cells, row.error) for row in table.rows] == [(cells, None) for cells in rows]


@given(NAMES, st.data())
def test_what_others_write_is_read_back(headers, data):
    row = st.lists(CELL.filter(lambda c: "'" not in c), min_size=len(headers), max_size=len(headers))
    rows = data.draw(st.lists(row.filter(lambda cells: any(map(str.strip, cells))), max_size=6))
    quoting = data.draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16", "utf-32"]))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=quoting, lineterminator="\r\n")
    writer.writerows([headers, *rows])
    table = read(text.getvalue().encode(encoding), dialect=Dialect("csv", encoding=encoding, delimiter=";"))
    assert [(row.cells, row.error) for row in table.rows] == [(cells, None) for cells in rows]


@given(st.text("ab1,;\"\r\n\t|'=\0é", max_size=80) | st.text(max_size=60))
def test_any_text_is_a_table_or_refused(text):
    check_any(text.encode(errors="surrogatepass"))


@given(st.binary(max_size=120))
def test_any_bytes_are_a_table_or_refused(data):
    check_any(data)


CODECS = ["utf-8", "utf-16", "UTF_16_LE", "utf-32", "cp1252", "shift_jis", "gb18030"]


@given(st.binary(max_size=60), st.sampled_from(CODECS))
def test_any_bytes_may_be_read_as_any_encoding(data, encoding):
    check_any(data, Dialect("csv", encoding=encoding, delimiter=","))


def check_any(data, dialect=None):
    try:
        table = read(data, "x.csv", dialect)
        rows = list(table.rows)
    except (BadFile, BadRow) as error:
        assert explained(error)
        return
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    assert len(set(table.headers)) == len(table.headers) > 0
    for row in rows:
        assert row.error is not None or len(row.cells) == len(table.headers)
        assert row.error is not None or not any("\0" in cell for cell in row.cells)


def test_written_cells_keep_their_types_and_harmful_text_is_neutralised():
    row = ["=1+1", -5, Decimal("-1.50"), 1e-7, True, None, date(2026, 2, 28), at("2026-02-28T08:30+01:00"), time(8, 30)]
    written = b"".join(write_csv(["+h", *"bcdefghi"], [row, [float("inf"), Decimal("NaN"), "a\0", *[""] * 6]])).decode()
    assert written.splitlines() == [
        "\ufeff'+h,b,c,d,e,f,g,h,i",
        "'=1+1,-5,-1.50,0.0000001,true,,2026-02-28,2026-02-28 08:30:00+01:00,08:30:00",
        ",,a,,,,,,",
    ]


def test_pieces_of_a_long_file_come_while_rows_come_in():
    taken = []

    def rows():
        for n in range(20_000):
            taken.append(n)
            yield [n, "text"]

    pieces = write_csv(["n", "t"], rows())
    first = next(pieces)
    assert len(taken) < 20_000
    assert len(kept(read(first + b"".join(pieces)))) == 20_000
