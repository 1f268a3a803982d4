"""Copy the category of each appointment's state, and let it decide whether the appointment blocks its time."""

from django.db import migrations

FILL = """
update planning_appointment appointment
   set category = state.category, blocks = state.category not in ('missed', 'superseded', 'cancelled')
  from planning_activitystate state
 where state.id = appointment.state_id
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0002_category")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
