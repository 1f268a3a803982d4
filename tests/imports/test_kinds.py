"""Customers, sites, contacts, assets and products from files."""

import pytest

from callout.catalog.models import Product
from callout.customers import search
from callout.customers.commands import create_customer
from callout.customers.models import Asset, Classification, Contact, Customer, Site, Zone
from callout.imports import commands, work
from callout.imports.models import ImportRow, ImportRun, Stage
from callout.jobs.commands import start_run
from tests import builders
from tests.builders import MONDAY
from tests.imports.support import carry_out, counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    builders.branch()
    return builders.actor("administrator")


def reasons(run):
    rows = ImportRow.objects.filter(import_run=run, outcome="refused")
    return {error["field"] for row in rows for error in row.errors}


def test_customers_with_everything(office):
    builders.payment_term(30)
    Zone.objects.create(code="N", name="Nord")
    builders.user("agent", name="Gino Vendite")
    data = (
        b"id,name,vat number,priority,zone,payment terms,agent,city,latitude,longitude,active\n"
        b"a,One,IT00743110157,high,nord,30 days,gino vendite,Milano,45.46420351,9.19,yes\n"
        b"b,Two,IT00743110158,urgent,sud,99 days,nobody,Milano,,,no\n"
    )
    done = carry_out(data, office)
    assert counts(done) == (1, 0, 0, 1, 0)
    one = Customer.objects.select_related("zone", "agent", "payment_term").get()
    assert (one.zone.code, one.agent.display_name, one.payment_term.days, one.priority) == ("N", "Gino Vendite", 30, 3)
    assert str(one.sites.get().latitude) == "45.464204"
    assert reasons(done) == {"priority"}


def test_words_that_are_not_there_are_refused_or_made_when_asked(office):
    data = b"id,name,zone,classification 1\na,One,Centro,Hotel\n"
    refused = carry_out(data, office)
    assert reasons(refused) == {"zone", "classification_1"}
    uploaded = commands.upload(kind_code="customers", data=data, name="f.csv", actor=office, now=MONDAY)
    commands.choose_columns(
        import_id=uploaded.pk, columns=uploaded.columns, options={"create_vocabulary": True}, actor=office, now=MONDAY
    )
    started = commands.start(import_id=uploaded.pk, stage=Stage.IMPORTING, actor=office, now=MONDAY, queue=False)
    start_run(run_id=started.run_id, now=MONDAY)
    done = work.carry_on(ImportRun.objects.select_related("run").get(pk=started.pk))
    assert done.created == 1
    assert (Zone.objects.get().code, Classification.objects.get().name) == ("Centro", "Hotel")


def test_sites_contacts_and_assets_find_their_customer(office):
    carry_out(b"id,code,name,city\nc1,ONE,One,Milano\n", office)
    sites = b"customer id,id,name,city,country\nc1,s1,Magazzino,Cluj,RO\nnobody,s2,Deposito,Roma,IT\n"
    done = carry_out(sites, office, kind="sites")
    assert (counts(done), reasons(done)) == ((1, 0, 0, 1, 0), {"customer_external_id"})
    assert Site.objects.get(external_id="s1").time_zone == "Europe/Bucharest"
    people = "customer code,name,mobile,site\nONE,Žofia Nová,0721 234567,Magazzino\nONE,Luca,,Cantina\n".encode()
    done = carry_out(people, office, kind="contacts")
    assert (counts(done), reasons(done)) == ((1, 0, 0, 1, 0), {"site"})
    assert Contact.objects.get().mobile == "+40721234567"
    product = builders.product("Boiler")
    assets = f"customer code,product,serial,installed on,site\nONE,{product.code},SN-1,2026-01-31,s1\nONE,NONE,SN-2,,\n"
    done = carry_out(assets.encode(), office, kind="assets")
    assert (counts(done), reasons(done)) == ((1, 0, 0, 1, 0), {"product"})
    assert Asset.objects.get().site.external_id == "s1"
    files = ((sites, "sites"), (people, "contacts"), (assets.encode(), "assets"))
    again = [carry_out(data, office, kind=kind) for data, kind in files]
    assert [(run.created, run.updated, run.unchanged) for run in again] == [(0, 0, 1)] * 3
    assert [hit.name for hit in search.find("sn1", actor=office)] == ["One"]


def test_products_by_external_id_or_code(office):
    rate = builders.vat("10")
    data = b'id,code,name,price,vat,kind\np1,A,Filtro,"1.234,50",10%,part\np2,B,Boiler,5,99,part\n'
    done = carry_out(data, office, kind="products")
    assert (counts(done), reasons(done)) == ((1, 0, 0, 1, 0), {"vat_rate"})
    product = Product.objects.get()
    assert (str(product.price), product.vat_rate) == ("1234.50", rate)
    renamed = carry_out(b"id,code,name\np1,A2,Filtro\n", office, kind="products")
    assert counts(renamed) == (0, 1, 0, 0, 0)
    product.refresh_from_db()
    assert (product.code, str(product.price)) == ("A2", "1234.50")


def test_a_code_of_another_record_is_not_taken_over(office):
    carry_out(b"id,code,name\na,ONE,One\n", office)
    done = carry_out(b"id,code,name\nb,ONE,Other\n", office)
    assert (counts(done), reasons(done)) == ((0, 0, 0, 1, 0), {"code"})
    assert Customer.objects.get().name == "One"


def test_a_customer_of_the_screen_is_adopted_by_its_code(office):
    create_customer(name="One", code="ONE", actor=office, now=MONDAY)
    done = carry_out(b"id,code,name,phone\na,ONE,One,02 1234567\n", office)
    assert counts(done) == (0, 1, 0, 0, 0)
    assert Customer.objects.get().external_id == "a"
