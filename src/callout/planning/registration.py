"""What planning adds to the registries of lower apps."""

from callout.accounts.actor import Actor
from callout.core.errors import N_
from callout.documents.registry import register_actions, register_subject, register_values
from callout.planning import mails, request_mails
from callout.planning.presence_words import unit_word, weekday_names
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
    register_values(("recurrence",), unit_word)
    register_values(("weekdays",), weekday_names)


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
    "answer": N_("answer"),
    "chain": N_("chain"),
    "closed": N_("closed from the beginning"),
    "cut": N_("more than can be made at once"),
    "due_on": N_("due"),
    "ends_on": N_("last day"),
    "every": N_("every"),
    "first": N_("first day"),
    "hours": N_("hours"),
    "keep": N_("left alone"),
    "last": N_("last day"),
    "made": N_("made"),
    "owner_id": N_("person"),
    "recurrence": N_("recurrence"),
    "refuse": N_("left out"),
    "remind_at": N_("remind at"),
    "remove": N_("taken away"),
    "replace": N_("replaced"),
    "starts_on": N_("first day"),
    "team_id": N_("team"),
    "title": N_("title"),
    "weekdays": N_("weekdays"),
    "write": N_("written"),
    "zone": N_("zone"),
}
