"""`callout import`: counts on the terminal, exit status for scripts."""

import pytest

from callout.customers.models import Customer
from callout.imports import commandline
from callout.imports.models import ImportRun, Stage
from tests import builders
from tests.imports.support import customers_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    builders.branch()
    return builders.actor("administrator")


@pytest.fixture
def file(tmp_path):
    def write(data: bytes):
        path = tmp_path / "customers.csv"
        path.write_bytes(data)
        return path

    return write


def test_counts_and_status_zero_when_every_row_went_in(admin, file, capsys):
    assert commandline.run("customers", file(customers_csv(3)), None, False, admin) == 0
    printed = capsys.readouterr().out.split("\n")
    assert "        3  created" in printed
    assert Customer.objects.count() == 3
    done = ImportRun.objects.select_related("run").get()
    assert (done.stage, done.run.status, done.run.total) == (Stage.DONE, "done", 3)


def test_a_dry_run_changes_nothing(admin, file, capsys):
    assert commandline.run("customers", file(customers_csv(3)), None, True, admin) == 0
    assert "        3  created" in capsys.readouterr().out
    assert not Customer.objects.exists()


def test_status_one_and_the_reasons_when_a_row_was_refused(admin, file, capsys):
    data = customers_csv(2) + b"c9,,Milano,IT,,\n"
    assert commandline.run("customers", file(data), None, False, admin) == 1
    printed = capsys.readouterr()
    assert "        1  refused" in printed.out
    assert "Line 4: [name]" in printed.err
    assert Customer.objects.count() == 2


def test_only_the_first_reasons_are_printed(admin, file, capsys):
    data = b"id,name\n" + b"".join(b"%d,\n" % n for n in range(30))
    assert commandline.run("customers", file(data), None, False, admin) == 1
    errors = capsys.readouterr().err.strip().split("\n")
    assert len(errors) == 21
    assert "10" in errors[-1]


@pytest.mark.parametrize(
    ("kind", "data", "mapping"),
    [
        ("planets", b"a\n1\n", None),
        ("customers", b"a\n1\n", "nothing"),
        ("customers", b"a\n1\n", "northwind"),
        ("customers", b"a\n1\n", None),
        ("customers", b"", None),
        ("customers", b"\x00\x01\x02" * 999, None),
    ],
)
def test_status_two_when_it_cannot_begin(admin, file, capsys, kind, data, mapping):
    assert commandline.run(kind, file(data), mapping, False, admin) == 2
    assert capsys.readouterr().err.strip()
    assert not Customer.objects.exists()


def test_a_file_that_is_not_there(admin, tmp_path, capsys):
    assert commandline.run("customers", tmp_path / "none.csv", None, False, admin) == 2
    assert "none.csv" in capsys.readouterr().err


def test_missing_columns_are_named_together(admin, file, capsys):
    commandline.run("customers", file(b"a\n1\n"), "northwind", False, admin)
    errors = capsys.readouterr().err
    assert errors.count("CompanyName") == 1
    assert errors.count("\n") == 1


HEADERS = "CustomerID,CompanyName,ContactName,ContactTitle,Address,City,Region,PostalCode,Country,Phone,Fax"
TRADERS = (
    f"{HEADERS}\n"
    "NORDA,Nordanå  snabbköp,Kerstin Lind,Owner,Storgatan  9,Umeå,,S-903 26,Sweden,090-12 34 56,\n"
    'THAME,Thameside Foods,Tom Field,Agent,"12, Mill Lane",London,,SE1 9XX,UK,(171) 555-0199,(171) 555-0198\n'
    "Odd ,XX,Odd,XX,,,,,,,\n"
)


def test_a_mapping_that_fits_the_file_is_found_by_itself(admin, file, capsys):
    assert commandline.run("customers", file(TRADERS.encode()), None, False, admin) == 0
    assert "northwind" in capsys.readouterr().out
    swede = Customer.objects.get(code="NORDA")
    site = swede.sites.get()
    assert (swede.name, swede.phone, site.country, site.address) == (
        "Nordanå snabbköp", "+4690123456", "SE", "Storgatan 9",
    )  # fmt: skip
    briton = Customer.objects.get(code="THAME")
    assert (briton.phone, briton.notes, briton.sites.get().time_zone) == (
        "+441715550199", "Fax (171) 555-0198", "Europe/London",
    )  # fmt: skip
    assert Customer.objects.get(code="Odd").contacts.get().name == "Odd"
