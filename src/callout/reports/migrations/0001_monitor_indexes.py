"""Indexes on which the monitor reads the work orders and tickets of every branch without looking at settled ones."""

from django.db import migrations

INDEXES = {
    "monitor_open_orders": (
        "workorders_workorder (status, branch_id) "
        "WHERE status IN ('foreseen', 'planned', 'under_way', 'done', 'reported', 'verified')"
    ),
    "monitor_due": (
        "tickets_ticket (due_at) WHERE due_at IS NOT NULL AND status IN ('received', 'assigned', 'accepted')"
    ),
    "monitor_finalised": "tickets_ticket (finalised_at) WHERE finalised_at IS NOT NULL",
    "monitor_cancelled": "tickets_ticket (cancelled_at) WHERE cancelled_at IS NOT NULL",
}


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial"), ("workorders", "0001_initial")]
    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {on}", f"DROP INDEX {name}") for name, on in INDEXES.items()
    ]
