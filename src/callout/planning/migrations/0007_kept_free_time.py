
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_code_sequence'),
        ('planning', '0006_calendars_and_tasks'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='freetime',
            name='free_time_by_start',
        ),
        migrations.AddField(
            model_name='resource',
            name='free_from',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='resource',
            name='free_until',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='freetime',
            index=django.contrib.postgres.indexes.GistIndex(models.Func(models.F('starts'), models.F('ends'), models.Value('[)'), function='tstzrange'), name='free_time_by_time'),
        ),
    ]
