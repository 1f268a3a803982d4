
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_first_access'),
        ('catalog', '0002_general_cards'),
        ('customers', '0002_code_sequence'),
        ('documents', '0001_initial'),
        ('planning', '0005_default_states'),
        ('tickets', '0002_monitor'),
        ('workorders', '0002_one_clock_per_person'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='workorder',
            index=models.Index(condition=models.Q(('status__in', ('foreseen', 'planned', 'under_way', 'done', 'reported', 'verified'))), fields=['status', 'branch'], name='work_order_unsettled'),
        ),
    ]
