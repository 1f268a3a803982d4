"""One activity state for each category, so that work can be planned before anybody has set anything up."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STATES = (
    ("open", "#667382", "Open", "Aperto", "Deschis"),
    ("planned", "#4299e1", "Planned", "Pianificato", "Planificat"),
    ("confirmed", "#066fd1", "Confirmed", "Confermato", "Confirmat"),
    ("under_way", "#f76707", "Under way", "In corso", "În lucru"),
    ("done", "#2fb344", "Done", "Eseguito", "Efectuat"),
    ("missed", "#d63939", "Missed", "Mancato", "Ratat"),
    ("superseded", "#a8d4f5", "Superseded", "Sostituito", "Înlocuit"),
    ("cancelled", "#929dab", "Cancelled", "Annullato", "Anulat"),
)


def add_states(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Add the state of each category that has none yet."""
    states = apps.get_model("planning", "ActivityState").objects
    for category, colour, name, italian, romanian in STATES:
        if not states.filter(category=category, is_default=True).exists():
            names = {"it": italian, "ro": romanian}
            states.create(category=category, is_default=True, colour=colour, name=name, names=names)


class Migration(migrations.Migration):
    dependencies = [("planning", "0004_category_holds")]
    operations = [migrations.RunPython(add_states, migrations.RunPython.noop)]
