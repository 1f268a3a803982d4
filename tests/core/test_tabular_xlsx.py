import io
import random
import struct
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.tabular import (
    BadFile,
    BadRow,
    DamagedWorkbook,
    Dialect,
    NoHeaders,
    NoSuchSheet,
    NotATable,
    TooManyColumns,
    WorkbookTooBig,
    read,
    sniff,
    text_of,
    write_xlsx,
)

from .support import at, explained, refused

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def rels(*related):
    listed = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(related)
    )
    return f'<Relationships xmlns="{RELS}">{listed}</Relationships>'


def book(sheet="", texts="", styles="", workbook="", extra=(), rows=True):
    """A workbook of one sheet with the given XML inside its parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", rels(("officeDocument", "xl/workbook.xml")))
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            rels(
                ("worksheet", "/xl/worksheets/one.xml"),
                ("sharedStrings", "sharedStrings.xml"),
                ("styles", "styles.xml"),
            ),
        )
        archive.writestr(
            "xl/workbook.xml",
            workbook
            or f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="One" r:id="r0"/></sheets></workbook>',
        )
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{texts}</sst>')
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
        inner = f"<sheetData>{sheet}</sheetData>" if rows else sheet
        archive.writestr("xl/worksheets/one.xml", f'<worksheet xmlns="{MAIN}">{inner}</worksheet>')
        for name, content in extra:
            archive.writestr(name, content)
    return data.getvalue()


def row(number, *cells):
    return f'<row r="{number}">{"".join(cells)}</row>'


def text(place, content):
    return f'<c r="{place}" t="inlineStr"><is><t>{content}</t></is></c>'


HEADER = row(1, text("A1", "a"), text("B1", "b"))


def saved(rows, **options):
    """A workbook as openpyxl makes it."""
    made = openpyxl.Workbook(**options)
    for cells in rows:
        made.active.append(cells)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12)
CELLS = st.one_of(
    st.just(""),
    PLAIN,
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.decimals(min_value=-(10**9), max_value=10**9, places=3),
    st.dates(date(1900, 3, 1), date(9999, 12, 31)),
    st.datetimes(at("1900-03-01"), at("9999-12-31")).map(lambda moment: moment.replace(microsecond=0)),
    st.times().map(lambda clock: clock.replace(microsecond=0)),
)


def shown(cell):
    """What is equal when a workbook has kept it: a whole decimal is a whole number, a moment at midnight stays one."""
    if isinstance(cell, Decimal) and cell == int(cell):
        return int(cell)
    return cell.normalize() if isinstance(cell, Decimal) else cell


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(lambda c: any(v != "" for v in c)), max_size=5))
def test_what_is_written_is_read_back_with_its_types(rows):
    table = read(b"".join(write_xlsx(["a", "b", "c"], rows)))
    assert table.headers == ["a", "b", "c"]
    found = list(table.rows)
    assert [r.error for r in found] == [None] * len(rows)
    assert [[shown(c) for c in r.cells] for r in found] == [[shown(c) for c in cells] for cells in rows]
    assert [[type(shown(c)) for c in r.cells] for r in found] == [[type(shown(c)) for c in cells] for cells in rows]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2).filter(lambda c: any(v != "" for v in c)), max_size=5))
def test_openpyxl_and_we_read_the_same(rows):
    data = b"".join(write_xlsx(["a", "b"], rows))
    theirs = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2, values_only=True))
    for cells, other in zip(rows, theirs, strict=True):
        for cell, value in zip(cells, other, strict=True):
            if isinstance(cell, date) and not isinstance(cell, datetime):
                assert value.date() == cell
            elif isinstance(cell, str):
                assert (value or "").lstrip("'") == cell.lstrip("'")
            else:
                assert value == (float(cell) if isinstance(cell, Decimal) else cell)


@given(
    st.lists(
        st.lists(
            st.one_of(PLAIN.filter(lambda t: t[:1] not in "='" and "_x" not in t), st.integers(-999, 999)),
            min_size=2,
            max_size=2,
        )
    )
)
def test_what_openpyxl_writes_is_read(rows):
    table = read(saved([["a", "b"], *rows]))
    expected = [cells for cells in rows if any(cell != "" for cell in cells)]
    assert [r.cells for r in table.rows] == expected


def test_dates_times_and_numbers_of_other_programs():
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["kind", "value"])
    examples = [
        ("date", date(2026, 2, 28), "dd/mm/yyyy"),
        ("upper", at("2026-02-28"), "DD.MM.YYYY"),
        ("moment", at("2026-02-28T08:30:15"), "yyyy-mm-dd hh:mm:ss"),
        ("midnight", at("2026-02-28"), "yyyy-mm-dd hh:mm"),
        ("clock", time(8, 30), "hh:mm"),
        ("duration", timedelta(hours=30, minutes=5), "[h]:mm"),
        ("percent", 0.22, "0%"),
        ("money", 1234.5, '#,##0.00 "days"'),
        ("month", at("2026-02-01"), "mmm-yy"),
    ]
    for name, value, shape in examples:
        sheet.append([name, value])
        sheet.cell(sheet.max_row, 2).number_format = shape
    data = io.BytesIO()
    made.save(data)
    values = {r.cells[0]: r.cells[1] for r in read(data.getvalue()).rows}
    assert values == {
        "date": date(2026, 2, 28),
        "upper": date(2026, 2, 28),
        "moment": at("2026-02-28T08:30:15"),
        "midnight": at("2026-02-28T00:00"),
        "clock": time(8, 30),
        "duration": "30:05",
        "percent": Decimal("0.22"),
        "money": Decimal("1234.5"),
        "month": date(2026, 2, 1),
    }
    assert type(values["date"]) is date
    assert type(values["midnight"]) is datetime


def test_the_epoch_of_old_macs():
    workbook = (
        f'<x:workbook xmlns:x="{MAIN}" xmlns:rel="{OFFICE}"><x:workbookPr date1904="1"/>'
        '<x:sheets><x:sheet name="One" rel:id="r0"/></x:sheets></x:workbook>'
    )
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    data = book(HEADER + row(2, '<c r="A2" s="1"><v>0</v></c>', '<c r="B2" s="1"><v>366</v></c>'), "", styles, workbook)
    assert next(read(data).rows).cells == [time(0), date(1905, 1, 1)]


def test_cells_of_every_kind():
    texts = "<si><t>plain</t></si><si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>reading</t></rPh></si><si/>"
    data = book(
        HEADER
        + row(2, '<c r="A2" t="s"><v>0</v></c>', '<c r="B2" t="s"><v>1</v></c>')
        + row(3, '<c r="A3" t="b"><v>1</v></c>', '<c r="B3" t="str"><f>A1&amp;"x"</f><v>ax</v></c>')
        + row(4, '<c r="A4" t="d"><v>2026-02-28</v></c>', '<c r="B4" t="d"><v>2026-02-28T08:30:00Z</v></c>')
        + row(5, '<c r="A5"><f>1/3</f><v>0.33333333333333331</v></c>', '<c r="B5"><v>1.2E1</v></c>')
        + row(6, text("A6", "line_x000D_end"), text("B6", "_x005F_x0041_"))
        + "<row><c><v>7</v></c><c><v>8</v></c></row>",
        texts,
    )
    rows = list(read(data).rows)
    assert [r.error for r in rows] == [None] * 6
    assert [r.cells for r in rows] == [
        ["plain", "rich"],
        [True, "ax"],
        [date(2026, 2, 28), at("2026-02-28T08:30")],
        [Decimal("0.3333333333333333"), 12],
        ["line\rend", "_x0041_"],
        [7, 8],
    ]
    assert rows[-1].line == 7


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A2" t="e"><v>#N/A</v></c>',
        '<c r="A2" t="s"><v>99</v></c>',
        '<c r="A2" t="s"><v>x</v></c>',
        '<c r="A2"><v>abc</v></c>',
        '<c r="A2"><v>1e999</v></c>',
        '<c r="A2"><v>NaN</v></c>',
        '<c r="A2" s="1"><v>1e12</v></c>',
        '<c r="A2" s="1"><v>-5</v></c>',
        '<c r="A2" s="2"><v>-5</v></c>',
        '<c r="A2" t="d"><v>2026-02-30</v></c>',
        '<c r="A2" t="?"><v>1</v></c>',
        text("A2", "x_x0000_"),
        text("A2", "x" * 200_000),
        '<c r="ZZZ2"><v>1</v></c>',
        '<c r="C2"><v>1</v></c>',
    ],
)
def test_a_bad_cell_is_an_error_of_its_row(cell):
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="46"/></cellXfs>'
    rows = list(read(book(HEADER + row(2, cell) + row(3, text("A3", "fine")), "", styles)).rows)
    assert isinstance(rows[0].error, BadRow)
    assert "ine 2" in explained(rows[0].error)
    assert (rows[1].line, rows[1].cells, rows[1].error) == (3, ["fine", ""], None)


def test_gaps_are_empty_and_empty_rows_are_left_out():
    data = book(
        '<row r="3"><c r="B3" t="inlineStr"><is><t>b</t></is></c></row>'
        '<row r="5"/><row r="1000000"><c r="B1000000"><v>5</v></c><c r="C1000000"/></row>'
    )
    table = read(data)
    assert table.headers == ["#1", "b"]
    assert [(r.line, r.cells) for r in table.rows] == [(1_000_000, ["", 5])]


def test_only_visible_sheets_are_offered():
    made = openpyxl.Workbook()
    made.active.title = "Hidden"
    made.active.sheet_state = "hidden"
    made.create_sheet("Clienti & C.").append(["a"])
    made.create_sheet("Altri").append(["b"])
    made.create_chartsheet("Chart")
    data = io.BytesIO()
    made.save(data)
    dialect = sniff(data.getvalue())
    assert dialect == Dialect("xlsx", sheet="Clienti & C.", sheets=("Clienti & C.", "Altri"))
    assert read(data.getvalue()).headers == ["a"]
    assert read(data.getvalue(), dialect=Dialect("xlsx", sheet="Altri")).headers == ["b"]
    refused(NoSuchSheet, read, data.getvalue(), dialect=Dialect("xlsx", sheet="Hidden"))


def archive_of(**entries):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_other_archives_are_no_tables():
    refused(NotATable, read, archive_of(mimetype="application/vnd.oasis.opendocument.spreadsheet"))
    refused(
        NotATable,
        read,
        archive_of(**{"[Content_Types].xml": "<Types/>", "_rels/.rels": rels(("officeDocument", "w.xml"))}),
    )
    document = archive_of(
        **{
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": rels(("officeDocument", "word/document.xml")),
            "word/document.xml": "<document/>",
            "word/_rels/document.xml.rels": rels(),
        }
    )
    refused(NotATable, read, document)
    refused(DamagedWorkbook, read, b"PK\x03\x04" + bytes(100))


def test_bombs_are_refused_before_they_unpack():
    refused(WorkbookTooBig, read, book(HEADER, extra=[("xl/media/zeros.bin", bytes(5 * 2**20))]))
    refused(WorkbookTooBig, read, book("<row>" + " " * 5 * 2**20 + "</row>"))
    refused(WorkbookTooBig, read, book(HEADER, extra=[(f"x{n}", b"") for n in range(2_001)]))
    noise = random.Random(1).randbytes(2**15)
    refused(WorkbookTooBig, read, book(HEADER, extra=[(f"x{n}", noise + bytes(2**20)) for n in range(400)]))


def test_entities_are_refused():
    entities = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    workbook = f'{entities}<workbook xmlns="{MAIN}"><sheets>&b;</sheets></workbook>'
    refused(DamagedWorkbook, read, book(HEADER, workbook=workbook))
    refused(DamagedWorkbook, read, archive_of(**{"[Content_Types].xml": "", "_rels/.rels": entities + "<x/>"}))


@pytest.mark.parametrize(
    "sheet",
    [
        row(2, text("A2", "x")) + row(2, text("A2", "y")),
        row(5, text("A5", "x")) + row(4, text("A4", "y")),
        row(9**9, text("A1", "x")),
        row("x", text("A1", "x")),
        row(2, text("22", "x")),
        row(2, text("ABCD2", "x")),
        row(2, "<c r='A2'><v>1</c>"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(sheet):
    with pytest.raises(DamagedWorkbook):
        list(read(book(HEADER + sheet)).rows)


def test_an_empty_sheet_has_no_headers():
    refused(NoHeaders, read, saved([]))
    refused(NoHeaders, read, book(rows=False))


def test_a_header_in_a_far_column_is_refused():
    refused(TooManyColumns, read, book(row(1, text("A1", "a"), text("ZZ1", "b"))))


def test_a_protected_workbook_is_refused():
    data = bytearray(book(HEADER))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            (flags,) = struct.unpack_from("<H", data, start + offset)
            struct.pack_into("<H", data, start + offset, flags | 1)
            start += 4
    refused(DamagedWorkbook, read, bytes(data))


GOOD = saved([["a", "b"]] + [[f"text {n}", n] for n in range(30)])


@given(st.integers(4, len(GOOD) - 1))
def test_half_a_workbook_is_refused(length):
    with pytest.raises(BadFile):
        list(read(GOOD[:length]).rows)


@given(st.lists(st.tuples(st.integers(4, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_damage_is_refused_or_harmless(changes):
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    try:
        assert all(r.error is None or isinstance(r.error, BadRow) for r in read(bytes(data)).rows)
    except BadFile as error:
        assert explained(error)


XML = st.lists(
    st.sampled_from(
        [
            "<row>",
            "</row>",
            "<c>",
            "</c>",
            '<c r="B2">',
            '<c t="s">',
            "<v>",
            "</v>",
            "1",
            "x",
            "<is>",
            "</is>",
            "<t>",
            "</t>",
        ]
        + ['<row r="3">', "<rPh>", "</rPh>", "<f>", "</f>", "&amp;", "&bad;", "<!-- -->", "<![CDATA[<]]>", "<?x?>"]
    ),
    max_size=30,
).map("".join)


@given(XML)
def test_any_sheet_is_a_table_or_refused(inner):
    try:
        rows = list(read(book(HEADER + inner)).rows)
    except BadFile as error:
        assert explained(error)
    else:
        assert all(r.error or len(r.cells) == 2 for r in rows)


def test_text_that_could_run_is_neutralised_and_numbers_are_not():
    rows = [["=1+1", -5, Decimal("-1.50")], ["+39 02", "@x", "\t="], ["#N/A", "_x0041_", "a\rb"]]
    data = b"".join(write_xlsx(["=h", "b", "c"], rows))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    values = list(sheet.iter_rows(values_only=True))
    assert values[0][0] == "'=h"
    assert values[1] == ("'=1+1", -5, -1.5)
    assert values[2] == ("'+39 02", "'@x", "'\t=")
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} == {"s", "n"}
    assert sheet["C2"].number_format == "#,##0.00"
    assert [r.cells for r in read(data).rows] == rows


def test_what_a_spreadsheet_cannot_hold_is_written_as_text():
    rows = [
        [10**20 + 1, Decimal("0.1234567890123456789"), date(1899, 1, 1)],
        [float("nan"), Decimal("Infinity"), "x\0\ud800y"],
    ]
    found = [r.cells for r in read(b"".join(write_xlsx(["a", "b", "c"], rows))).rows]
    assert found == [["1" + "0" * 19 + "1", "0.1234567890123456789", "1899-01-01"], ["", "", "xy"]]
    long = next(read(b"".join(write_xlsx(["a"], [["x" * 40_000]]))).rows)
    assert long.cells == ["x" * 32_767]


def test_a_moment_is_shown_by_its_own_clock():
    rows = [[datetime(2026, 7, 1, 8, 30, 59, 999_999, tzinfo=UTC)]]
    assert next(read(b"".join(write_xlsx(["a"], rows))).rows).cells == [at("2026-07-01T08:30:59")]


def test_more_rows_than_a_sheet_holds_get_further_sheets():
    rows = [[n] for n in range(7)]
    data = b"".join(write_xlsx(["n"], iter(rows), title="a/b: 'long'" * 5, sheet_rows=3))
    sheets = sniff(data).sheets
    assert len(sheets) == 3
    assert all(len(name) <= 31 and "/" not in name for name in sheets)
    read_back = [r.cells for name in sheets for r in read(data, dialect=Dialect("xlsx", sheet=name)).rows]
    assert read_back == rows
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == list(sheets)


def test_pieces_come_while_rows_come_in():
    taken = []

    def rows():
        for n in range(20_000):
            taken.append(n)
            yield [n, f"text {n}"]

    pieces = write_xlsx(["n", "t"], rows())
    first = next(pieces)
    assert first
    assert len(taken) < 20_000
    data = first + b"".join(pieces)
    assert sum(1 for _ in read(data).rows) == 20_000


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("x", "x"),
        (True, "true"),
        (5, "5"),
        (Decimal("5.10"), "5.1"),
        (Decimal("500"), "500"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.00"), "0"),
        (date(2026, 2, 28), "2026-02-28"),
        (at("2026-02-28T00:00"), "2026-02-28"),
        (at("2026-02-28T08:30"), "2026-02-28T08:30:00"),
        (time(8, 30), "08:30:00"),
    ],
)
def test_cells_as_text(cell, text):
    assert text_of(cell) == text
