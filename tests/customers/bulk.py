"""Many customers at once, by COPY, as the search meets them in a large company."""

import random

from django.db import connection

from callout.accounts.models import Branch
from callout.core.text import fold
from callout.customers import keys
from callout.customers.models import Customer, SearchKey

FIRST = "Anna Luca Giulia Marco Sara Paolo Elena Andrei Ioana Mihai Radu Chiara Davide Irene Ștefan Łukasz Zoë".split()
LAST = (
    "Rossi Bianchi Ferrari Esposito Russo Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano Mancini "
    "Popescu Ionescu Dumitru Stan Gheorghe Rusu Matei Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso"
).split()
TRADE = "Impianti Trattoria Officina Hotel Studio Farmacia Autotrasporti Panificio Cantina Edilizia Cooperativa".split()
FORM = ["Srl", "SpA", "Snc", "& figli", "di Rossi", "SA", ""]
CITY = "Milano Roma Torino Napoli Bologna Firenze Genova Verona București Cluj-Napoca Iași Timișoara".split()
STREET = "Roma Garibaldi Mazzini Dante Verdi Cavour Marconi Università Unirii Victoriei".split()


def rows(count: int, seed: int = 1):
    """(customer values, its keys) for `count` customers, always the same ones."""
    pick = random.Random(seed)
    for number in range(1, count + 1):
        last, city = pick.choice(LAST), pick.choice(CITY)
        name = f"{pick.choice(TRADE)} {last}{number % 977 or ''} {pick.choice(FORM)}".strip()
        phone = f"+39{pick.choice(('02', '06', '011', '333', '347'))}{pick.randrange(10**6, 10**7)}"
        tax = f"{pick.randrange(10**10, 10**11)}"
        address = f"Via {pick.choice(STREET)} {pick.randrange(1, 200)}"
        person = f"{pick.choice(FIRST)} {pick.choice(LAST)}"
        own = keys.customer_keys(code=f"C{number:06}", name=name, phone=phone, tax_code=tax)
        more = [
            *keys.site_keys(name="Sede", address=address, postal_code=f"{pick.randrange(10000, 99999)}", city=city),
            *keys.contact_keys(name=person, mobile=f"+39338{pick.randrange(10**6, 10**7)}"),
            *keys.asset_keys(serial=f"SN{pick.randrange(10**6, 10**7)}"),
        ]
        yield (number, f"C{number:06}", name, phone, tax, city), [*own, *more]


def load(count: int, branch: Branch) -> None:
    """Fill the tables; what is found by is made by the same functions that the commands use."""
    with connection.cursor() as cursor:
        _copy_customers(cursor, count)
        _copy_sites(cursor, count, branch)
        _copy_keys(cursor, count)
        for table in ("customers_customer", "customers_site", "customers_searchkey"):
            cursor.execute(f"ANALYZE {table}")


def _copy_customers(cursor, count: int) -> None:
    columns = (
        "id, code, name, folded, priority, tax_code, vat_number, phone, email, language, currency, notes, active, "
        "created_at, version"
    )
    with cursor.copy(f"COPY {Customer._meta.db_table} ({columns}) FROM STDIN") as copy:
        for (pk, code, name, phone, tax, _), _keys in rows(count):
            created = "2026-01-01 00:00:00+00"
            copy.write_row((pk, code, name, fold(name), 2, tax, "", phone, "", "it", "EUR", "", True, created, 1))


def _copy_sites(cursor, count: int, branch: Branch) -> None:
    columns = (
        "customer_id, name, address, postal_code, city, county, country, time_zone, branch_id, is_main, is_billing, "
        "notes, version"
    )
    with cursor.copy(f"COPY customers_site ({columns}) FROM STDIN") as copy:
        for (pk, _code, _name, _phone, _tax, city), _keys in rows(count):
            copy.write_row((pk, "Sede", "", "", city, "", "IT", "Europe/Rome", branch.pk, True, False, "", 1))


def _copy_keys(cursor, count: int) -> None:
    columns = "customer_id, source, source_id, kind, shown, folded, grams"
    with cursor.copy(f"COPY {SearchKey._meta.db_table} ({columns}) FROM STDIN") as copy:
        for (pk, *_), found in rows(count):
            for key in found:
                copy.write_row((pk, "customer", pk, key.kind, key.shown, key.folded, key.grams))
