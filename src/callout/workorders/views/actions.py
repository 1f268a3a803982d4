"""What can be done on the pages: each action has its form, its command and its words. The commands check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.core.errors import NotFound
from callout.tickets import commands as tickets
from callout.tickets.models import Ticket
from callout.ui.forms import Form
from callout.workorders import commands
from callout.workorders.forms import lines as forms
from callout.workorders.forms import ticket as ticket_forms
from callout.workorders.forms.crew import CrewForm
from callout.workorders.models import WorkOrder

Made = Callable[..., Form]
Run = Callable[[Any, Any, Actor, datetime], Any]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `form(*data, subject=...)` makes its form, `run(subject, form, actor, now)` gives the command.

    A form that offers what only some people see is made `for_actor`, who is given to it by that name.
    `section` names the part of the page where its form opens; `rights`, one of which it is offered for.
    """

    form: Made
    run: Run
    title: Any
    submit: Any
    section: str = ""
    rights: tuple[str, ...] = ("report.write",)
    template: str = "workorders/_form.html"
    danger: bool = False
    for_actor: bool = False
    done: Any = ""

    def offered(self, actor: Actor) -> bool:
        """Whether to show it to this person."""
        return any(actor.may(right) for right in self.rights)


def _plain(form: type[Form]) -> Made:
    """A form that needs to know nothing of its subject but its version."""

    def make(*data: Any, subject: Any, **kwargs: Any) -> Form:
        return form(*data, initial={"version": subject.version}, **kwargs)

    return make


def _with(form: type[Form], name: str) -> Made:
    """A form that is given its subject under a name."""

    def make(*data: Any, subject: Any, **kwargs: Any) -> Form:
        return form(*data, initial={"version": subject.version}, **{name: subject}, **kwargs)

    return make


def _hours_line(*data: Any, subject: WorkOrder, line: int | None = None, **kwargs: Any) -> Form:
    """The form of one line of hours. Raises NotFound."""
    of = subject.hours.filter(pk=line).first() if line else None
    if line and of is None:
        raise NotFound
    return forms.HoursLineForm(*data, of=of, **kwargs)


def _order(command: Callable[..., Any], *names: str) -> Run:
    """A command on a work order that takes fields of the form as they are, the version among them when it has one."""

    def run(order: WorkOrder, form: Form, actor: Actor, now: datetime) -> Any:
        values = {name: form.cleaned_data[name] for name in names}
        return command(work_order_id=order.pk, **values, actor=actor, now=now)

    return run


def _ticket(command: Callable[..., Any], *names: str) -> Run:
    """A command on a ticket that takes fields of the form as they are, and its version."""

    def run(ticket: Ticket, form: Form, actor: Actor, now: datetime) -> Any:
        values = {name: form.cleaned_data[name] for name in ("version", *names)}
        return command(ticket_id=ticket.pk, **values, actor=actor, now=now)

    return run


def _line(command: Callable[..., Any]) -> Run:
    """A command that takes one line away."""

    def run(order: WorkOrder, form: Form, actor: Actor, now: datetime) -> Any:
        found = form.cleaned_data
        return command(work_order_id=order.pk, line_id=found["line"], version=found["version"], actor=actor, now=now)

    return run


def _change_ticket(ticket: Ticket, form: ticket_forms.TicketForm, actor: Actor, now: datetime) -> Any:
    version = form.cleaned_data["version"]
    return tickets.change_ticket(ticket_id=ticket.pk, values=form.values(), version=version, actor=actor, now=now)


def _place(*data: Any, subject: Ticket, actor: Actor, **kwargs: Any) -> Form:
    """The form for another customer or site, which offers what the actor sees."""
    return ticket_forms.PlaceForm(*data, initial={"version": subject.version}, ticket=subject, actor=actor, **kwargs)


def _relocate(ticket: Ticket, form: ticket_forms.PlaceForm, actor: Actor, now: datetime) -> Any:
    found = form.cleaned_data
    return commands.relocate_ticket(
        ticket_id=ticket.pk, site_id=found["site"].pk, contact_id=found["contact"].pk if found["contact"] else None,
        version=found["version"], actor=actor, now=now,
    )  # fmt: skip


def _message(ticket: Ticket, form: ticket_forms.MessageForm, actor: Actor, now: datetime) -> Any:
    found = form.cleaned_data
    return tickets.add_message(
        ticket_id=ticket.pk, text=found["text"], upload=form.upload(), register_entry=found["register_entry"],
        actor=actor, now=now,
    )  # fmt: skip


def _further(ticket: Ticket, form: ticket_forms.FurtherForm, actor: Actor, now: datetime) -> Any:
    found = form.cleaned_data
    return commands.add_work_order(
        ticket_id=ticket.pk, activity_type_id=found["activity_type"].pk, description=found["description"],
        minutes=found["minutes"], version=found["version"], actor=actor, now=now,
    )  # fmt: skip


def _crew(*data: Any, subject: WorkOrder, actor: Actor, **kwargs: Any) -> Form:
    """The form for one more technician, which offers whom the actor sees."""
    return CrewForm(*data, initial={"version": subject.version}, order=subject, actor=actor, **kwargs)


def _add_helper(order: WorkOrder, form: CrewForm, actor: Actor, now: datetime) -> Any:
    found = form.cleaned_data
    return commands.add_helper(
        work_order_id=order.pk, resource_id=found["resource_id"].pk, window=form.window, version=found["version"],
        actor=actor, now=now,
    )  # fmt: skip


def _member(command: Callable[..., Any]) -> Run:
    """A command about one helper."""

    def run(order: WorkOrder, form: Form, actor: Actor, now: datetime) -> Any:
        found = form.cleaned_data
        return command(
            work_order_id=order.pk, resource_id=found["line"], version=found["version"], actor=actor, now=now
        )

    return run


def _card(order: WorkOrder, form: forms.CardForm, actor: Actor, now: datetime) -> Any:
    found = form.cleaned_data
    return commands.choose_rate_card(
        work_order_id=order.pk, rate_card_id=found["rate_card"].pk, version=found["version"], actor=actor, now=now
    )


def _estimate(order: WorkOrder, form: forms.EstimateForm, actor: Actor, now: datetime) -> Any:
    return commands.change_estimate(work_order_id=order.pk, changes=form.changes(), actor=actor, now=now)


def _hours_change(order: WorkOrder, form: forms.HoursLineForm, actor: Actor, now: datetime) -> Any:
    found = form.cleaned_data
    return commands.change_hours(
        work_order_id=order.pk, line_id=found["line"], day=found["day"], worked=found["worked"],
        to_bill=found["to_bill"], version=found["version"], actor=actor, now=now,
    )  # fmt: skip


def _expense(order: WorkOrder, form: forms.ExpenseForm, actor: Actor, now: datetime) -> Any:
    found = dict(form.cleaned_data)
    receipt = ticket_forms.upload_of(found.pop("receipt"))
    return commands.add_expense(work_order_id=order.pk, **found, receipt=receipt, actor=actor, now=now)


def _part(order: WorkOrder, form: forms.PartForm, actor: Actor, now: datetime) -> Any:
    found = dict(form.cleaned_data)
    product = found.pop("product")
    return commands.add_part(work_order_id=order.pk, product_id=product.pk, **found, actor=actor, now=now)


def _photo(order: WorkOrder, form: forms.PhotoForm, actor: Actor, now: datetime) -> Any:
    upload = ticket_forms.upload_of(form.cleaned_data["photo"])
    return commands.add_photo(work_order_id=order.pk, upload=upload, actor=actor, now=now)


def _accept(order: WorkOrder, form: Form, actor: Actor, now: datetime) -> Any:
    return commands.accept(ticket_id=order.ticket_id, actor=actor, now=now)


def _confirm(order: WorkOrder, form: Form, actor: Actor, now: datetime) -> Any:
    return tickets.confirm_real(ticket_id=order.ticket_id, confirmed=True, actor=actor, now=now)


_OFFICE = ("ticket.write",)
_PLANS = ("board.plan",)
_STEP = _plain(forms.StepForm)
_BARE = _plain(ticket_forms.VersionForm)
_REMOVE = _plain(forms.LineForm)

TICKET: Mapping[str, Action] = {
    "change": Action(
        _with(ticket_forms.TicketForm, "ticket"), _change_ticket, _("Change the call"), _("Save"), "call", _OFFICE
    ),
    "relocate": Action(
        _place, _relocate, _("Change customer or site"), _("Save"), "call", _OFFICE, for_actor=True
    ),
    "message": Action(
        _plain(ticket_forms.MessageForm), _message, _("New remark"), _("Add"), "thread",
        ("ticket.write", "report.write"),
    ),
    "by-phone": Action(
        _plain(ticket_forms.PhoneForm), _ticket(commands.resolve_by_phone, "solution"), _("Resolved by phone"),
        _("Resolved by phone"), "top", _OFFICE, done=_("Resolved by phone."),
    ),
    "further": Action(
        _with(ticket_forms.FurtherForm, "ticket"), _further, _("Further work order"), _("Create"), "top", _OFFICE
    ),
    "cancel": Action(
        _plain(ticket_forms.CancelForm), _ticket(commands.cancel_ticket, "reason"), _("Cancel the ticket"),
        _("Cancel the ticket"), "top", _OFFICE, danger=True,
    ),
    "reopen": Action(_BARE, _ticket(commands.reopen), _("Reopen the ticket"), _("Reopen"), "top", _OFFICE),
    "accept": Action(
        _BARE, _ticket(commands.accept), _("Accept"), _("Accept"), "top", ("own.work", "board.plan")
    ),
}  # fmt: skip

ORDER: Mapping[str, Action] = {
    "card": Action(_with(forms.CardForm, "order"), _card, _("Rate card"), _("Estimate"), "estimate", _OFFICE),
    "estimate": Action(
        _with(forms.EstimateForm, "order"), _estimate, _("Quantities and prices"), _("Save"), "estimate", _OFFICE,
        template="workorders/_estimate_form.html",
    ),
    "estimate-new": Action(
        _plain(forms.NewEstimateLineForm),
        _order(commands.add_estimate_line, "kind", "description", "quantity", "unit", "price"),
        _("Line of the estimate"), _("Add"), "estimate", _OFFICE,
    ),
    "estimate-remove": Action(
        _REMOVE, _line(commands.remove_estimate_line), _("Delete the line"), _("Delete"), "estimate", _OFFICE
    ),
    "hours-take": Action(
        _BARE, _order(commands.take_proposed_hours), _("Take the hours of the clock"), _("Take over"), "hours"
    ),
    "hours-new": Action(
        _plain(forms.HoursForm), _order(commands.add_hours, "day", "worked", "to_bill"), _("Hours"), _("Add"), "hours"
    ),
    "hours-change": Action(_hours_line, _hours_change, _("Correct the hours"), _("Save"), "hours"),
    "hours-remove": Action(_REMOVE, _line(commands.remove_hours), _("Delete the line"), _("Delete"), "hours"),
    "expense-new": Action(_plain(forms.ExpenseForm), _expense, _("Travel or expense"), _("Add"), "hours"),
    "expense-remove": Action(_REMOVE, _line(commands.remove_expense), _("Delete the line"), _("Delete"), "hours"),
    "part-new": Action(_plain(forms.PartForm), _part, _("Part used"), _("Add"), "parts"),
    "part-remove": Action(_REMOVE, _line(commands.remove_part), _("Delete the line"), _("Delete"), "parts"),
    "notes": Action(
        _with(forms.NotesForm, "order"), _order(commands.write_notes, "version", "notes"), _("What was done"),
        _("Save"), "notes",
    ),
    "photo": Action(_plain(forms.PhotoForm), _photo, _("Picture"), _("Add"), "notes"),
    "sign": Action(
        _with(forms.SignatureForm, "order"), _order(commands.sign, "version", "signer_name", "signature"),
        _("Customer's signature"), _("Sign"), "notes", template="workorders/_signature_form.html",
    ),
    "start": Action(_STEP, _order(commands.start, "version", "at"), _("Start"), _("Start"), "work"),
    "pause": Action(_STEP, _order(commands.pause, "version", "at"), _("Pause"), _("Pause"), "work"),
    "resume": Action(_STEP, _order(commands.resume, "version", "at"), _("Resume"), _("Resume"), "work"),
    "end": Action(_STEP, _order(commands.end, "version", "at"), _("End"), _("End"), "work"),
    "report": Action(
        _BARE, _order(commands.report, "version"), _("Report"), _("Hand the report in"), "notes",
        done=_("Reported. The customer gets the service report."),
    ),
    "unplan": Action(
        _BARE, _order(commands.unplan, "version"), _("Unplan"), _("Unplan"), "work", ("board.plan",), danger=True
    ),
    "crew-add": Action(
        _crew, _add_helper, _("Add a technician"), _("Add"), "work", _PLANS, for_actor=True
    ),
    "crew-off": Action(_REMOVE, _member(commands.remove_helper), _("Take off"), _("Take off"), "work", _PLANS),
    "crew-lead": Action(_REMOVE, _member(commands.make_lead), _("Make the lead"), _("Make the lead"), "work", _PLANS),
    "accept": Action(_BARE, _accept, _("Accept"), _("Accept"), "work", ("own.work", "board.plan")),
    "confirm": Action(
        _BARE, _confirm, _("Confirm as real"), _("Confirm as real"), "work", ("own.work", "ticket.write")
    ),
}  # fmt: skip
