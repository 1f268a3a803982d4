"""What an activity type's layout is made of, and where appointments of work orders are carried out."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.planning.registry import LayoutField
from callout.workorders import queries

FIELDS = (
    LayoutField("description", _("What the customer says"), True, _("The boiler loses pressure since yesterday.")),
    LayoutField("contact", _("Contact person"), True, "Anna Verdi, 02 555 0199"),
    LayoutField("priority", _("Priority"), True, _("medium")),
    LayoutField("objects", _("What it is about"), True, "TermoPlus 24, SN 100234"),
    LayoutField("channel", _("Channel"), True, _("phone")),
    LayoutField("place", _("Address of the site"), False, "Via Garibaldi 12, Milano"),
    LayoutField("phone", _("Phone of the customer"), False, "02 555 0100"),
    LayoutField("email", _("E-mail of the customer"), False, "info@verdi.example"),
    LayoutField("tax_code", _("Tax code"), False, "IT00743110157"),
    LayoutField("classification", _("Classification"), False, _("North, gold")),
    LayoutField("due_at", _("Due"), True, "12.30"),
    LayoutField("planned", _("Planned"), False, "09:00 – 10:30"),
    LayoutField("verifier", _("Verifier"), False, "Vera Neri"),
    LayoutField("contract", _("Contract"), True, _("Full service")),
    LayoutField("vehicle", _("Vehicle"), False, "AB 123 CD"),
    LayoutField("emails", _("Messages go to"), True, "anna@verdi.example"),
    LayoutField("confirmed_real", _("Confirmed as real"), False, _("yes")),
    LayoutField("solution", _("What solved it"), False, _("Valve replaced.")),
    LayoutField("notes", _("Notes for colleagues"), True, _("Ring twice.")),
)


def pages(ids: Iterable[int], actor: Actor) -> dict[int, str]:
    """The page of the work order of each appointment that the actor may see: a technician's on site, else the ticket's.

    Two statements.
    """
    page = "work_order" if actor.may("ticket.read") else "my_work"
    rows = queries.behind(list(ids), actor=actor)
    return {appointment_id: reverse(page, args=[pk]) for appointment_id, pk, _code in rows}
