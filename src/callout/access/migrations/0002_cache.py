"""The table of Django's database cache, where limits on sign-in are counted for all processes."""

from django.db import migrations

FORWARD = """
create table cache (
    cache_key varchar(255) primary key,
    value text not null,
    expires timestamp with time zone not null
);
create index cache_expires on cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, "drop table cache")]
