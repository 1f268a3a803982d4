
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0005_default_states'),
        ('tickets', '0003_fewer_indexes'),
        ('workorders', '0003_unsettled'),
    ]

    operations = [
        migrations.AlterField(
            model_name='workorder',
            name='resource',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='work_orders', to='planning.resource', verbose_name='technician'),
        ),
        migrations.AlterField(
            model_name='workorder',
            name='ticket',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='work_orders', to='tickets.ticket', verbose_name='ticket'),
        ),
    ]
