"""Several technicians on one work order: helpers, each in an appointment of the own calendar, each with an own clock."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
create function workorders_refuse_other_calendar(helper_appointment bigint) returns void language plpgsql as $$
begin
    if exists (
        select 1 from workorders_helper h join planning_appointment a on a.id = h.appointment_id
        where h.appointment_id = helper_appointment and h.resource_id <> a.resource_id
    ) then
        raise exception 'appointment % is on another calendar than its helper', helper_appointment
            using errcode = 'check_violation', constraint = 'helper_on_own_calendar', table = 'workorders_helper';
    end if;
end $$;
create function workorders_check_helper() returns trigger language plpgsql as $$
begin
    perform workorders_refuse_other_calendar(new.appointment_id);
    return null;
end $$;
create function workorders_check_appointment() returns trigger language plpgsql as $$
begin
    perform workorders_refuse_other_calendar(new.id);
    return null;
end $$;
create constraint trigger helper_on_own_calendar
    after insert or update of resource_id, appointment_id on workorders_helper
    deferrable initially deferred for each row execute function workorders_check_helper();
create constraint trigger appointment_of_helper
    after update of resource_id on planning_appointment
    deferrable initially deferred for each row
    when (old.resource_id is distinct from new.resource_id) execute function workorders_check_appointment();
"""
BACKWARD = """
drop trigger appointment_of_helper on planning_appointment;
drop trigger helper_on_own_calendar on workorders_helper;
drop function workorders_check_appointment();
drop function workorders_check_helper();
drop function workorders_refuse_other_calendar(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0009_tasks_made_once"),
        ("workorders", "0005_hardly_deleted"),
    ]

    operations = [
        migrations.CreateModel(
            name="Helper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helps",
                        to="planning.appointment",
                        verbose_name="appointment",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helps",
                        to="planning.resource",
                        verbose_name="technician",
                    ),
                ),
                (
                    "work_order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helpers",
                        to="workorders.workorder",
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddConstraint(
            model_name="helper",
            constraint=models.UniqueConstraint(fields=("work_order", "resource"), name="helper_once"),
        ),
        migrations.RemoveConstraint(model_name="worksession", name="work_session_one_open"),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
