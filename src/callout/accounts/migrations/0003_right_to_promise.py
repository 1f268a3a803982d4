
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_first_access'),
    ]

    operations = [
        migrations.AlterField(
            model_name='grant',
            name='right',
            field=models.CharField(choices=[('customer.read', 'See customers, sites, contacts and assets'), ('customer.write', 'Change customers, sites, contacts and assets'), ('catalog.read', 'See products and rate cards'), ('catalog.write', 'Change products and rate cards'), ('ticket.read', 'See tickets and work orders'), ('ticket.write', 'Take calls and change tickets'), ('board.read', 'See the planner'), ('board.plan', 'Plan, move and unplan work'), ('slot.book', 'Promise a free time to a customer who calls'), ('own.work', "See and report one's own work orders"), ('report.write', 'Report work orders: hours, expenses, parts, notes'), ('verify.write', 'Verify reported work and approve it for billing'), ('billing.read', 'See invoices'), ('billing.write', 'Bill verified work and cancel invoices'), ('import.run', 'Import files'), ('planning.admin', 'Set up activity types, states, resources and working hours'), ('people.admin', 'Administer people, teams and rights'), ('settings.admin', 'Change the settings of the installation'), ('audit.read', 'Read the history of every record')], max_length=40, verbose_name='right'),
        ),
    ]
