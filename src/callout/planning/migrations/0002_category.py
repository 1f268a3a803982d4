"""The category of an appointment's state, copied beside the state; versions of sectors and states."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
        ("planning", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="category",
            field=models.CharField(
                choices=[
                    ("open", "open"),
                    ("planned", "planned"),
                    ("confirmed", "confirmed"),
                    ("under_way", "under way"),
                    ("done", "done"),
                    ("missed", "missed"),
                    ("superseded", "superseded"),
                    ("cancelled", "cancelled"),
                ],
                db_default="planned",
                default="planned",
                editable=False,
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="activitystate",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="sector",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="resource",
            name="position",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="position"),
        ),
        migrations.AlterField(
            model_name="sector",
            name="position",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="position"),
        ),
        migrations.AddConstraint(
            model_name="activitystate",
            constraint=models.UniqueConstraint(fields=("id", "category"), name="state_with_category"),
        ),
    ]
