"""Writing what people set for themselves: saved views, language, keys."""

from datetime import datetime

from django.db import transaction

from callout.accounts.actor import Actor
from callout.accounts.commands.people import fill
from callout.accounts.models import LANGUAGES, SavedView, User
from callout.audit.commands import record
from callout.core.errors import N_, Invalid, NotFound, check_version
from callout.core.text import clean_name

LONGEST_QUERY = 2_000
VIEWS_PER_LIST = 50


class TooManyViews(Invalid):
    """A list with hundreds of views helps nobody."""

    code = "too_many_views"
    what = N_("You already keep {limit} views of this list.")
    remedy = N_("Delete one that you no longer use.")


@transaction.atomic
def save_view(*, list_name: str, name: str, query: str, shared: bool, actor: Actor, now: datetime) -> SavedView:
    """Keep a view of a list under a name; one's own view of that name is replaced."""
    user = _own(actor)
    name = clean_name(name)[:80]
    if not name:
        raise Invalid("name")
    if len(query) > LONGEST_QUERY:
        raise Invalid("query")
    mine = SavedView.objects.filter(user=user, list_name=list_name)
    view = mine.filter(name=name).first()
    if view is None and mine.count() >= VIEWS_PER_LIST:
        raise TooManyViews("name", limit=VIEWS_PER_LIST)
    view = view or SavedView(user=user, list_name=list_name, name=name)
    view.query, view.shared = query, shared
    view.save()
    record("view.saved", subject=view, actor=actor, at=now, list=list_name, name=name, shared=shared)
    return view


@transaction.atomic
def delete_view(*, view_id: int, actor: Actor, now: datetime) -> None:
    """Forget one of one's own views. Raises NotFound for somebody else's."""
    view = SavedView.objects.select_for_update().filter(pk=view_id, user_id=actor.user_id or 0).first()
    if view is None:
        raise NotFound()
    record("view.deleted", subject=view, actor=actor, at=now, list=view.list_name, name=view.name)
    view.delete()


@transaction.atomic
def choose_language(*, language: str, actor: Actor, now: datetime) -> None:
    """Show pages to the actor in this language from now on."""
    if language not in dict(LANGUAGES):
        raise Invalid("language")
    user = _own(actor)
    if user.language != language:
        record("user.language", subject=user, actor=actor, at=now, old=user.language, new=language)
        user.language = language
        user.save(update_fields=["language"])


@transaction.atomic
def choose_single_keys(*, on: bool, actor: Actor, now: datetime) -> None:
    """Let keys without Ctrl work as commands for the actor, or not: people who dictate switch them off."""
    user = _own(actor)
    if user.preferences.get("single_keys", True) is not on:
        user.preferences["single_keys"] = on
        user.save(update_fields=["preferences"])
        record("user.single_keys", subject=user, actor=actor, at=now, on=on)


@transaction.atomic
def change_own(
    *,
    display_name: str,
    email: str,
    phone: str,
    language: str,
    time_zone: str,
    single_keys: bool,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> User:
    """What a person changes of the own data. Raises StaleVersion, or what is wrong beside its field."""
    user = _own(actor)
    check_version(user.version, version)
    fill(user, display_name=display_name, email=email, phone=phone, language=language, time_zone=time_zone)
    user.preferences["single_keys"] = single_keys
    user.version += 1
    user.save()
    record("person.own_data", subject=user, actor=actor, at=now, name=user.display_name, email=user.email)
    return user


def _own(actor: Actor) -> User:
    """The actor's own row, locked."""
    user = User.objects.select_for_update().filter(pk=actor.user_id or 0).first()
    if user is None:
        raise NotFound()
    return user
