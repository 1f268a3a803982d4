from django.db import migrations


class Migration(migrations.Migration):
    """The sequence that codes of new customers are taken from."""

    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE customer_code", "DROP SEQUENCE customer_code"),
    ]
