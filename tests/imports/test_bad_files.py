"""What is wrong with a file or a row is told before anything is imported."""

import io

import openpyxl
import pytest

from callout.core.errors import Invalid, Many
from callout.core.tabular import BadFile
from callout.customers.models import Customer
from callout.imports import commands
from callout.imports.errors import FileTooLarge
from callout.imports.models import ImportRow, ImportRun, Stage
from tests import builders
from tests.builders import MONDAY
from tests.imports.support import HEADER, carry_out, counts, customers_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    builders.branch()
    return builders.actor("sales_office")


@pytest.mark.parametrize(
    "data",
    [b"", b"   \n", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, b"PK\x03\x04 not a workbook", b"\x00" * 5000],
)
def test_what_is_no_table_is_refused_at_the_upload(office, data):
    with pytest.raises(BadFile):
        commands.upload(kind_code="customers", data=data, name="f.csv", actor=office, now=MONDAY)
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_is_refused(office):
    with pytest.raises(FileTooLarge):
        commands.upload(kind_code="customers", data=b"a" * (50 * 2**20 + 1), name="f.csv", actor=office, now=MONDAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_encoding(office, encoding):
    text = HEADER + "a,Caffè Perù,Milano,IT,02 1234567,Žofia\n".replace("Ž", "Z" if encoding == "cp1252" else "Ž")
    data = text.encode(encoding)
    if encoding == "utf-16-le":
        data = b"\xff\xfe" + data
    assert counts(carry_out(data, office)) == (1, 0, 0, 0, 0)
    assert Customer.objects.get().name == "Caffè Perù"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator(office, separator):
    data = customers_csv(3).replace(b",", separator.encode())
    assert counts(carry_out(data, office)) == (3, 0, 0, 0, 0)


def test_an_unclosed_quote_and_a_wrong_number_of_cells_cost_their_own_row_only(office):
    text = HEADER + 'a,"One,Milano,IT,,\nb,Two,Milano,IT,,\nc,Three,Milano,IT,,,,,more\nd,Four,Milano,IT,,\n'
    done = carry_out(text.encode(), office, stage=Stage.CHECKING)
    assert counts(done) == (2, 0, 0, 2, 0)
    lines = list(ImportRow.objects.filter(outcome="refused").order_by("line").values_list("line", flat=True))
    assert lines == [2, 4]
    assert not Customer.objects.exists()


def test_formulas_of_a_workbook_are_read_as_their_results_and_errors_refuse_their_row(office):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["id", "name", "city"], ["a", "One", "Milano"], ["b", "=1/0", "Roma"], ["c", "Three", "Torino"]):
        sheet.append(row)
    sheet["B3"].data_type = "e"
    sheet["B3"].value = "#DIV/0!"
    box = io.BytesIO()
    book.save(box)
    done = carry_out(box.getvalue(), office, name="f.xlsx")
    assert counts(done)[0] + counts(done)[3] == 3
    assert ImportRow.objects.get(outcome="refused").line == 3
    assert set(Customer.objects.values_list("name", flat=True)) == {"One", "Three"}


def test_a_file_without_the_needed_column_is_refused_before_it_starts(office):
    uploaded = commands.upload(kind_code="customers", data=b"x,y\n1,2\n", name="f.csv", actor=office, now=MONDAY)
    with pytest.raises(Many) as refused:
        commands.start(import_id=uploaded.pk, stage=Stage.CHECKING, actor=office, now=MONDAY)
    assert [part.code for part in refused.value.errors] == ["not_mapped"]


def test_an_unknown_kind_is_refused(office):
    with pytest.raises(Invalid) as refused:
        commands.upload(kind_code="planets", data=b"a\n1\n", name="f.csv", actor=office, now=MONDAY)
    assert refused.value.code == "unknown_import_kind"


def test_cells_that_were_made_harmless_in_an_export_come_back_as_they_were(office):
    done = carry_out(b"id,name\na,'=HYPERLINK\nb,+Studio\n", office)
    assert counts(done) == (2, 0, 0, 0, 0)
    assert set(Customer.objects.values_list("name", flat=True)) == {"=HYPERLINK", "+Studio"}
