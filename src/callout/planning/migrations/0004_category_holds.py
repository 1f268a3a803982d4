"""An appointment's category is its state's, and decides whether it blocks; none is longer than 24 hours."""

import datetime

from django.db import migrations, models

FORWARD = """
alter table planning_appointment add constraint appointment_category_of_state
    foreign key (state_id, category) references planning_activitystate (id, category)
"""
BACKWARD = "alter table planning_appointment drop constraint appointment_category_of_state"


class Migration(migrations.Migration):
    dependencies = [("planning", "0003_fill_category")]

    operations = [
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("blocks", True), ("category__in", ("open", "planned", "confirmed", "under_way", "done"))
                    ),
                    models.Q(("blocks", False), ("category__in", ("missed", "superseded", "cancelled"))),
                    _connector="OR",
                ),
                name="appointment_blocks_by_category",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ends__lte",
                        models.expressions.CombinedExpression(
                            models.F("starts"), "+", models.Value(datetime.timedelta(days=1))
                        ),
                    )
                ),
                name="appointment_length",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
