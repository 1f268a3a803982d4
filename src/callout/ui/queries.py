"""Reading what people keep for their pages."""

from django.db.models import Q, QuerySet

from callout.accounts.actor import Actor
from callout.accounts.models import SavedView


def saved_views(actor: Actor, list_name: str) -> QuerySet[SavedView]:
    """The views of a list that the actor keeps, then those that others share, by name."""
    mine = Q(user_id=actor.user_id)
    views = SavedView.objects.filter(mine | Q(shared=True), list_name=list_name).select_related("user")
    return views.order_by("name", "id")
