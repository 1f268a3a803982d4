"""Bringing a file in on screen: upload, columns, check, import, result."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.customers.models import Customer
from callout.imports import tasks
from callout.imports.models import ImportRun, Mapping, Stage
from tests import builders
from tests.imports.support import customers_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    builders.branch()
    client.force_login(builders.user("sales_office"))
    return client


def upload(client, data, name="clienti.csv", kind="customers"):
    return client.post("/imports/new/", {"kind": kind, "file": SimpleUploadedFile(name, data)})


def work():
    """Do what waits in the queue, as the worker does."""
    job = ProcrastinateJob.objects.filter(task_name="imports.run").latest("pk")
    tasks.run(**job.args)


MAPPED = {"name.source": "column:name", "external_id.source": "column:id", "city.source": "column:city"}


def test_the_whole_way(office):
    answer = upload(office, customers_csv(3) + b"c9,,Milano,IT,,\n")
    run = ImportRun.objects.get()
    assert answer.url == f"/imports/{run.pk}/mapping/"
    page = office.get(answer.url).content.decode()
    assert "Ditta 1" in page
    assert 'value="column:name" selected' in page
    answer = office.post(answer.url, {**MAPPED, "save_as": "my customers"})
    assert answer.status_code == 302, answer.content.decode()
    assert Mapping.objects.get().columns["city"] == {"column": "city"}
    assert f"/runs/{ImportRun.objects.get().run_id}/" in office.get(answer.url).content.decode()
    work()
    page = office.get(answer.url).content.decode()
    assert "Import it" in page
    assert "A value is needed here." in page
    assert not Customer.objects.exists()
    assert office.post(f"/imports/{run.pk}/start/").status_code == 302
    work()
    assert Customer.objects.count() == 3
    rows = office.get(f"/imports/{run.pk}/rows/").content.decode()
    assert f"/customers/{Customer.objects.first().pk}/" in rows
    only = office.get(f"/imports/{run.pk}/rows/?outcome=refused").content.decode()
    assert "Ditta 1" not in only
    refused = b"".join(office.get(f"/imports/{run.pk}/refused/").streaming_content).decode("utf-8-sig")
    assert refused.splitlines()[0] == "id,name,city,country,phone,contact,Line,Reason"
    assert refused.splitlines()[1].startswith("c9,,Milano,IT,,,5,")
    assert len(refused.splitlines()) == 2
    assert "clienti.csv" in office.get("/imports/").content.decode()


def test_the_refused_rows_can_be_mended_and_brought_again(office):
    upload(office, b"id,name,country\na,=One,Atlantis\n")
    run = ImportRun.objects.get()
    office.post(f"/imports/{run.pk}/mapping/", {"name.source": "column:name", "country.source": "column:country"})
    work()
    refused = b"".join(office.get(f"/imports/{run.pk}/refused/").streaming_content).decode("utf-8-sig")
    assert "'=One" in refused
    upload(office, refused.replace("Atlantis", "IT").encode())
    run = ImportRun.objects.latest("pk")
    assert run.headers[:3] == ["id", "name", "country"]
    office.post(f"/imports/{run.pk}/mapping/", {"name.source": "column:name", "country.source": "column:country"})
    office.post(f"/imports/{run.pk}/start/")
    assert ImportRun.objects.latest("pk").stage in (Stage.CHECKING, Stage.IMPORTING)


@pytest.mark.parametrize("data", [b"", b"\x00\x01" * 900, b"PK\x03\x04x"])
def test_a_file_that_cannot_be_read_is_told_beside_the_field(office, data):
    answer = upload(office, data)
    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_details_of_a_mapping_survive_the_screen(office):
    columns = {
        "name": {"template": "{name} {city?}", "else": {"value": "nobody"}},
        "country": {"column": "country", "values": {"Italien": "IT"}, "default": "IT"},
        "phone": {"column": "phone", "blank": "clear"},
    }
    options = {"create_vocabulary": True, "filter": [{"column": "city", "in": ["Milano", "Roma"]}]}
    Mapping.objects.create(kind="customers", name="rich", columns=columns, options=options)
    upload(office, customers_csv(2))
    run = ImportRun.objects.get()
    page = office.get(f"/imports/{run.pk}/mapping/?mapping=rich")
    form = page.context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    answer = office.post(f"/imports/{run.pk}/mapping/?mapping=rich", data)
    assert answer.status_code == 302, answer.content.decode()
    run.refresh_from_db()
    assert (run.columns, run.options) == (columns, options)


def test_what_is_wrong_with_a_mapping_stands_beside_its_field(office):
    upload(office, customers_csv(2))
    run = ImportRun.objects.get()
    page = office.post(f"/imports/{run.pk}/mapping/", {"city.source": "template", "city.text": "{Nowhere}"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "id_city.source_error" in text
    assert "id_name.source_error" in text
    taken = office.post(f"/imports/{run.pk}/mapping/", {**MAPPED, "save_as": "northwind"})
    assert (taken.status_code, "id_save_as_error" in taken.content.decode()) == (422, True)


def test_others_cannot_see_an_import(client, office):
    upload(office, customers_csv(2))
    run = ImportRun.objects.get()
    client.force_login(builders.user("dispatcher"))
    for path in ("", "mapping/", "rows/", "refused/"):
        assert client.get(f"/imports/{run.pk}/{path}").status_code == 404, path
    assert client.post(f"/imports/{run.pk}/start/").status_code == 404
    assert "clienti.csv" not in client.get("/imports/").content.decode()


def test_work_that_stopped_can_be_taken_up_again(office):
    upload(office, customers_csv(3))
    run = ImportRun.objects.get()
    office.post(f"/imports/{run.pk}/mapping/", MAPPED)
    run.refresh_from_db()
    run.run.status, run.run.error = "failed", "The lights went out."
    run.run.save()
    page = office.get(f"/imports/{run.pk}/").content.decode()
    assert "The lights went out." in page
    assert office.post(f"/imports/{run.pk}/resume/").status_code == 302
    work()
    run.refresh_from_db()
    assert run.stage == Stage.CHECKED


def test_without_its_file_an_import_still_shows_what_became_of_the_rows(office):
    answer = upload(office, customers_csv(2) + b"c9,,Milano,IT,,\n")
    run = ImportRun.objects.get()
    office.post(answer.url, MAPPED)
    work()
    office.post(f"/imports/{run.pk}/start/")
    work()
    ImportRun.objects.update(path="")
    page = office.get(f"/imports/{run.pk}/").content.decode()
    assert "The file itself was deleted" in page
    assert f"/imports/{run.pk}/refused/" not in page
    assert "Ditta 1" in office.get(f"/imports/{run.pk}/rows/").content.decode()
    assert office.get(f"/imports/{run.pk}/refused/").status_code == 409
