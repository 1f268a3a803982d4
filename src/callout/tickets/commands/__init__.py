"""Writing tickets. Taking a call and everything that moves work orders with it stands in the work orders' commands."""

from callout.tickets.commands.calls import Call, draft, keep_objects, taken
from callout.tickets.commands.changes import (
    change_ticket,
    check_open_ticket,
    confirm_real,
    follow,
    save,
    set_cancelled,
    set_reopened,
)
from callout.tickets.commands.fields import MODULE, WRITE, colleague, today_at
from callout.tickets.commands.place import relocate
from callout.tickets.commands.thread import Upload, add_message, mail_people, say, tell, tell_people

__all__ = [
    "MODULE",
    "WRITE",
    "Call",
    "Upload",
    "add_message",
    "change_ticket",
    "check_open_ticket",
    "colleague",
    "draft",
    "confirm_real",
    "follow",
    "keep_objects",
    "mail_people",
    "relocate",
    "save",
    "say",
    "set_cancelled",
    "set_reopened",
    "taken",
    "tell",
    "tell_people",
    "today_at",
]
