"""Everything that writes to calendars and to what they are made of."""

from callout.planning.commands.absences import add_absence, change_absence, remove_absence
from callout.planning.commands.appointments import book, cancel, lead_to, move, release, set_category
from callout.planning.commands.chains import ChainRow, Made
from callout.planning.commands.feeds import create_feed, note_read, revoke_feed
from callout.planning.commands.resources import ResourceFields, add_resource, change_resource
from callout.planning.commands.tasks import (
    Changed,
    change_task,
    close_task,
    create_task,
    hand_over,
    postpone_task,
    remind,
    reopen_task,
    tell_owners,
)
from callout.planning.commands.types import Item, TypeFields, remove_type, save_type
from callout.planning.commands.vocabulary import remove_sector, remove_state, save_sector, save_state

__all__ = [
    "ChainRow",
    "Changed",
    "Made",
    "change_task",
    "close_task",
    "create_feed",
    "create_task",
    "hand_over",
    "note_read",
    "postpone_task",
    "remind",
    "reopen_task",
    "revoke_feed",
    "tell_owners",
    "Item",
    "ResourceFields",
    "TypeFields",
    "add_absence",
    "add_resource",
    "book",
    "cancel",
    "change_absence",
    "change_resource",
    "lead_to",
    "move",
    "release",
    "remove_absence",
    "remove_sector",
    "remove_state",
    "remove_type",
    "save_sector",
    "save_state",
    "save_type",
    "set_category",
]
