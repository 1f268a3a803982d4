"""Writing work orders, and tickets where they move together with them."""

from callout.tickets.commands import Call, Upload
from callout.workorders.commands.calls import (
    add_work_order,
    cancel_ticket,
    reopen,
    resolve_by_phone,
    take_call,
    take_call_with_order,
)
from callout.workorders.commands.crew import add_helper, make_lead, move_helper, remove_helper
from callout.workorders.commands.estimate import (
    EstimateChange,
    add_estimate_line,
    change_estimate,
    choose_rate_card,
    remove_estimate_line,
)
from callout.workorders.commands.field import (
    add_photo,
    end,
    pause,
    report,
    resume,
    sign,
    start,
    write_notes,
)
from callout.workorders.commands.hours import add_hours, change_hours, remove_hours, take_proposed_hours
from callout.workorders.commands.invitation import choose_time, invite, note_opened, revoke_invitation
from callout.workorders.commands.outcome import mark_billed, mark_unbilled, mark_unverified, mark_verified, send_back
from callout.workorders.commands.outgoing import send_report, tell_planners
from callout.workorders.commands.plan import accept, default_verifier, plan, reschedule, unplan
from callout.workorders.commands.promise import take_call_and_plan
from callout.workorders.commands.relocate import relocate_ticket
from callout.workorders.commands.used import add_expense, add_part, remove_expense, remove_part

__all__ = [
    "Call",
    "EstimateChange",
    "Upload",
    "accept",
    "add_estimate_line",
    "add_expense",
    "add_helper",
    "add_hours",
    "add_part",
    "add_photo",
    "add_work_order",
    "cancel_ticket",
    "change_estimate",
    "change_hours",
    "choose_rate_card",
    "choose_time",
    "default_verifier",
    "end",
    "invite",
    "make_lead",
    "mark_billed",
    "mark_unbilled",
    "mark_unverified",
    "mark_verified",
    "move_helper",
    "note_opened",
    "pause",
    "plan",
    "remove_estimate_line",
    "remove_expense",
    "remove_helper",
    "remove_hours",
    "remove_part",
    "relocate_ticket",
    "reopen",
    "report",
    "reschedule",
    "resolve_by_phone",
    "resume",
    "revoke_invitation",
    "send_back",
    "send_report",
    "sign",
    "start",
    "take_call",
    "take_call_and_plan",
    "take_call_with_order",
    "take_proposed_hours",
    "tell_planners",
    "unplan",
    "write_notes",
]
