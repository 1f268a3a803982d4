
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_general_cards'),
        ('documents', '0001_initial'),
        ('workorders', '0004_fewer_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='workorder',
            name='rate_card',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalog.ratecard', verbose_name='rate card'),
        ),
        migrations.AlterField(
            model_name='workorder',
            name='signature',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.attachment'),
        ),
    ]
