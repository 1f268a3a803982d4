"""A chain makes a task once for an activity; a task's category is its state's."""

from django.db import migrations, models

FORWARD = """
alter table planning_task add constraint task_category_of_state
    foreign key (state_id, category) references planning_activitystate (id, category)
"""
BACKWARD = "alter table planning_task drop constraint task_category_of_state"


class Migration(migrations.Migration):
    dependencies = [("planning", "0007_kept_free_time")]

    operations = [
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                fields=["chain", "subject_kind", "subject_id", "due_on"],
                condition=models.Q(follows__isnull=True),
                name="task_once_for_subject",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
