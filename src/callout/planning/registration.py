"""What planning adds to the registries of lower apps."""

from callout.accounts.actor import Actor
from callout.core.errors import N_
from callout.documents.registry import register_actions, register_subject
from callout.planning import mails
from callout.planning.queries import todo


def may_read_task(actor: Actor, task_id: int) -> bool:
    """Whether the actor may see this task with its history."""
    return todo.tasks_visible_to(actor).filter(pk=task_id).exists()


def register() -> None:
    """Fill the registries; called once when the application starts."""
    mails.register()
    register_subject("task", may_read=may_read_task)
    register_actions(ACTIONS, FACTS)


ACTIONS = {
    "chain.fired": N_("Further tasks made"),
    "feed.created": N_("Calendar feed made"),
    "feed.revoked": N_("Calendar feed revoked"),
    "task.changed": N_("Changed"),
    "task.closed": N_("Done"),
    "task.created": N_("Task made"),
    "task.given_up": N_("Given up"),
    "task.handed_over": N_("Handed over"),
    "task.postponed": N_("Postponed"),
    "task.reminded": N_("Reminder came"),
    "task.reopened": N_("Opened again"),
}
FACTS = {
    "chain": N_("chain"),
    "closed": N_("closed from the beginning"),
    "cut": N_("more than can be made at once"),
    "due_on": N_("due"),
    "made": N_("made"),
    "owner_id": N_("person"),
    "remind_at": N_("remind at"),
    "team_id": N_("team"),
    "title": N_("title"),
}
