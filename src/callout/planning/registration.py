"""What planning adds to the registries of lower apps."""

from callout.accounts.actor import Actor
from callout.core.errors import N_
from callout.documents.registry import register_actions, register_subject
from callout.planning import mails, request_mails
from callout.planning.queries import todo
from callout.planning.queries.patterns import patterns_visible_to
from callout.planning.queries.requests import requests_visible_to


def may_read_task(actor: Actor, task_id: int) -> bool:
    """Whether the actor may see this task with its history."""
    return todo.tasks_visible_to(actor).filter(pk=task_id).exists()


def may_read_request(actor: Actor, request_id: int) -> bool:
    """Whether the actor may see this request to be away with its history."""
    return requests_visible_to(actor).filter(pk=request_id).exists()


def may_read_pattern(actor: Actor, pattern_id: int) -> bool:
    """Whether the actor may see this presence pattern with its history."""
    return patterns_visible_to(actor).filter(pk=pattern_id).exists()


def register() -> None:
    """Fill the registries; called once when the application starts."""
    mails.register()
    request_mails.register()
    register_subject("task", may_read=may_read_task)
    register_subject("absencerequest", may_read=may_read_request)
    register_subject("presencepattern", may_read=may_read_pattern)
    register_actions(ACTIONS, FACTS)


ACTIONS = {
    "absence.approved": N_("Absence approved"),
    "absence.asked": N_("Absence asked for"),
    "absence.refused": N_("Absence refused"),
    "absence.withdrawn": N_("Request withdrawn"),
    "chain.fired": N_("Further tasks made"),
    "feed.created": N_("Calendar feed made"),
    "feed.revoked": N_("Calendar feed revoked"),
    "pattern.added": N_("Presence pattern added"),
    "pattern.changed": N_("Presence pattern changed"),
    "pattern.removed": N_("Presence pattern deleted"),
    "presence.cleared": N_("Presences taken away"),
    "presence.generated": N_("Presences generated"),
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
