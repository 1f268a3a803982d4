"""Files are checked without a trace and imported once, whatever happens meanwhile."""

import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.models import User
from callout.audit.models import Entry
from callout.core.errors import Forbidden, NotFound
from callout.customers.models import Contact, Customer, SearchKey, Site
from callout.imports import commands, queries, reading, registry, tasks, work
from callout.imports.errors import FileGone, NotReady
from callout.imports.models import ImportRow, ImportRun, Stage
from callout.jobs.commands import finish_run, request_cancel
from callout.jobs.errors import RunCancelled
from tests import builders
from tests.builders import MONDAY
from tests.imports.support import HEADER, begin, carry_out, counts, customers_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    builders.branch()
    return builders.actor("sales_office")


def test_every_row_becomes_a_customer_with_site_and_contact(office):
    done = carry_out(customers_csv(5), office)
    assert counts(done) == (5, 0, 0, 0, 0)
    assert done.stage == Stage.DONE
    assert (Customer.objects.count(), Site.objects.count(), Contact.objects.count()) == (5, 5, 5)
    row = ImportRow.objects.get(line=2)
    assert (row.outcome, row.label) == ("created", "Ditta 1")
    assert Customer.objects.get(pk=row.object_id).phone == "+39021000001"
    assert Entry.objects.get(action="import.done").facts["created"] == 5


def test_a_second_run_makes_no_doubles_and_says_what_changed(office):
    carry_out(customers_csv(5), office)
    assert counts(carry_out(customers_csv(5), office)) == (0, 0, 5, 0, 0)
    changed = customers_csv(5).replace(b"Ditta 3", b"Impresa 3").replace(b"Persona 4", b"Persona 44")
    assert counts(carry_out(changed, office)) == (0, 2, 3, 0, 0)
    assert Customer.objects.count() == 5
    assert Customer.objects.filter(name="Impresa 3").exists()


def test_a_check_changes_nothing_and_says_what_would_happen(office):
    data = customers_csv(3) + b"c9,,Milano,IT,,\n"
    done = carry_out(data, office, stage=Stage.CHECKING)
    assert counts(done) == (3, 0, 0, 1, 0)
    assert done.stage == Stage.CHECKED
    assert not Customer.objects.exists()
    assert not SearchKey.objects.exists()
    assert not Entry.objects.filter(subject_kind="customer").exists()
    refused = ImportRow.objects.get(outcome="refused")
    assert (refused.line, refused.errors[0]["field"], refused.errors[0]["column"]) == (5, "name", "name")


def test_a_check_finds_what_an_earlier_row_of_the_file_would_have_made(office):
    data = customers_csv(450)
    lines = data.decode().splitlines()
    again, changed, third = lines[3], lines[5].replace("Ditta 5", "Impresa 5"), lines[5].replace("Ditta 5", "Terza 5")
    data += f"{again}\n{changed}\n".encode() + b"".join(
        f"z{n},Altra {n},Roma,IT,,\n".encode() for n in range(200)
    ) + f"{third}\n{third}\n".encode()  # fmt: skip
    checked = carry_out(data, office, stage=Stage.CHECKING)
    assert not Customer.objects.exists()
    imported = carry_out(data, office)
    assert counts(checked) == counts(imported) == (650, 2, 2, 0, 0)


def test_a_check_that_goes_on_after_a_kill_finds_earlier_rows_too(office):
    started = begin(customers_csv(300) + customers_csv(3).partition(b"\n")[2], office, stage=Stage.CHECKING)
    first = list(reading.rows_of(started, limit=250))
    commands.take_rows(import_id=started.pk, rows=first, actor=office, now=MONDAY)
    done = work.carry_on(ImportRun.objects.select_related("run").get(pk=started.pk))
    done.refresh_from_db()
    assert counts(done) == (300, 0, 3, 0, 0)


def test_a_check_keeps_the_first_hundred_results_and_all_refusals(office):
    data = customers_csv(150) + b"c999,,Milano,IT,,\n"
    done = carry_out(data, office, stage=Stage.CHECKING)
    assert counts(done) == (150, 0, 0, 1, 0)
    assert ImportRow.objects.filter(import_run=done).count() == 101


def test_a_refused_row_leaves_nothing_behind_and_the_others_stay(office):
    data = (HEADER + "a,One,Milano,IT,,Anna\nb,Two,Milano,Atlantis,,Luca\nc,Three,Milano,IT,,\n").encode()
    done = carry_out(data, office)
    assert counts(done) == (2, 0, 0, 1, 0)
    assert set(Customer.objects.values_list("name", flat=True)) == {"One", "Three"}
    error = ImportRow.objects.get(outcome="refused").errors[0]
    assert (error["column"], error["value"]) == ("country", "Atlantis")
    assert "Atlantis" in error["message"]


def test_what_a_command_refuses_stands_at_its_cell(office):
    data = b"id,name,email,latitude\na,One,nobody,95\n"
    done = carry_out(data, office)
    fields = {error["field"]: error["value"] for error in ImportRow.objects.get(import_run=done).errors}
    assert fields["email"] == "nobody"


def test_after_a_kill_the_work_goes_on_behind_the_last_chunk(office):
    started = begin(customers_csv(450), office)
    first = list(reading.rows_of(started, limit=200))
    commands.take_rows(import_id=started.pk, rows=first, actor=office, now=MONDAY)
    started.refresh_from_db()
    assert (started.position, started.created) == (201, 200)
    done = work.carry_on(ImportRun.objects.select_related("run").get(pk=started.pk))
    done.refresh_from_db()
    assert counts(done) == (450, 0, 0, 0, 0)
    assert Customer.objects.count() == ImportRow.objects.count() == 450


def test_rows_that_were_dealt_with_are_passed_over(office):
    started = begin(customers_csv(10), office)
    rows = list(reading.rows_of(started))
    commands.take_rows(import_id=started.pk, rows=rows, actor=office, now=MONDAY)
    again = commands.take_rows(import_id=started.pk, rows=rows, actor=office, now=MONDAY)
    assert counts(again) == (10, 0, 0, 0, 0)


def test_stopping_keeps_whole_chunks_and_can_be_taken_up_again(office):
    started = begin(customers_csv(300), office)
    rows = list(reading.rows_of(started))
    commands.take_rows(import_id=started.pk, rows=rows[:200], actor=office, now=MONDAY)
    request_cancel(run_id=started.run_id, actor=office, now=MONDAY)
    with pytest.raises(RunCancelled):
        commands.take_rows(import_id=started.pk, rows=rows[200:], actor=office, now=MONDAY)


def test_going_on_is_offered_only_after_the_work_stopped(office):
    started = begin(customers_csv(3), office)
    with pytest.raises(NotReady):
        commands.resume(import_id=started.pk, actor=office, now=MONDAY)
    with pytest.raises(NotReady):
        commands.start(import_id=started.pk, stage=Stage.IMPORTING, actor=office, now=MONDAY)
    started.run.status = "failed"
    started.run.save()
    again = commands.resume(import_id=started.pk, actor=office, now=MONDAY)
    assert again.run_id != started.run_id
    job = ProcrastinateJob.objects.get(task_name="imports.run")
    assert (job.args, job.lock) == ({"import_id": started.pk, "run_id": again.run_id}, "imports.customers")


def test_an_imported_file_is_not_imported_again_by_mistake(office):
    done = carry_out(customers_csv(1), office)
    with pytest.raises(NotReady):
        commands.start(import_id=done.pk, stage=Stage.IMPORTING, actor=office, now=MONDAY)
    with pytest.raises(NotReady):
        commands.choose_columns(import_id=done.pk, columns={}, options={}, actor=office, now=MONDAY)


def test_the_file_of_an_import_is_deleted_a_month_after_it_was_done(office):
    done = carry_out(customers_csv(2) + b"c9,,Milano,IT,,\n", office)
    waits = begin(customers_csv(2), office)
    path = done.path
    finish_run(run_id=done.run_id, now=MONDAY)
    assert commands.delete_old_files(now=MONDAY + commands.KEPT) == 0
    assert default_storage.exists(path)
    later = MONDAY + commands.KEPT + timedelta(seconds=1)
    assert commands.delete_old_files(now=later) == 1
    assert not default_storage.exists(path)
    assert default_storage.exists(waits.path)
    assert Entry.objects.get(action="import.file_deleted").facts["file"] == "f.csv"
    done.refresh_from_db()
    assert (done.path, counts(done), ImportRow.objects.filter(import_run=done).count()) == ("", (2, 0, 0, 1, 0), 3)
    assert commands.delete_old_files(now=later) == 0
    with pytest.raises(FileGone):
        reading.rows_of(done)


def test_a_file_that_is_gone_already_does_not_stop_the_others(office):
    both = [carry_out(customers_csv(n), office) for n in (1, 2)]
    for done in both:
        finish_run(run_id=done.run_id, now=MONDAY)
    default_storage.delete(both[0].path)
    assert commands.delete_old_files(now=MONDAY + 2 * commands.KEPT) == 2


def test_a_job_deletes_old_files_every_night(office):
    done = carry_out(customers_csv(1), office)
    finish_run(run_id=done.run_id, now=MONDAY - 1000 * commands.KEPT)
    tasks.clean_up()
    done.refresh_from_db()
    assert done.path == ""


def test_tickets_are_taken_in_few_at_a_time():
    assert registry.kind("tickets").chunk == 25
    assert registry.kind("customers").chunk == 200


def test_rights_and_scope(office):
    with pytest.raises(Forbidden):
        commands.upload(kind_code="products", data=b"a\n1\n", name="f", actor=builders.actor("dispatcher"), now=MONDAY)
    with pytest.raises(Forbidden):
        commands.upload(kind_code="customers", data=b"a\n1\n", name="f", actor=builders.actor("operator"), now=MONDAY)
    mine = begin(customers_csv(1), office)
    other = builders.actor("dispatcher")
    assert list(queries.visible_to(other)) == []
    with pytest.raises(NotFound):
        commands.start(import_id=mine.pk, stage=Stage.CHECKING, actor=other, now=MONDAY)
    assert list(queries.visible_to(builders.actor("administrator"))) == [mine]


def test_somebody_who_lost_the_right_meanwhile_imports_nothing_more(office):
    started = begin(customers_csv(3), office)
    User.objects.filter(pk=office.user_id).update(roles=["agent"])
    with pytest.raises(Forbidden):
        work.carry_on(started)
    assert not Customer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_once_makes_no_doubles():
    builders.branch()
    office = builders.actor("sales_office")
    runs = [begin(customers_csv(300), office) for _ in range(2)]
    failures = []

    def carry_on(run):
        try:
            work.carry_on(run)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in the thread has to reach the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=carry_on, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failures == []
    assert Customer.objects.count() == Site.objects.count() == 300
    for run in runs:
        run.refresh_from_db()
    assert sum(run.created for run in runs) == 300
    assert sum(run.unchanged for run in runs) == 300
    assert sum(run.refused for run in runs) == 0
