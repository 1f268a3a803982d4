"""For whom commands of the terminal act: whoever runs them owns the installation."""

from datetime import datetime

from callout.access.commands import create_token
from callout.accounts.actor import SYSTEM, Actor
from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.core.errors import DomainError
from callout.ui.refusals import explain


def first_administrator() -> User | None:
    """The longest-standing active administrator who can sign in."""
    found = User.objects.filter(roles__contains=["administrator"], is_active=True, setup_pending=False)
    return found.order_by("pk").first()


def administrator() -> Actor:
    """The actor of imports from the terminal: the first administrator, or the system while there is none."""
    user = first_administrator()
    return actor_for(user) if user else SYSTEM


def make_token(name: str, username: str, now: datetime) -> tuple[str, str]:
    """A new token's secret, or "" and why there is none."""
    user = User.objects.filter(username__iexact=username).first() if username else first_administrator()
    if user is None:
        return "", f"There is nobody called “{username}”." if username else "There is no administrator yet."
    try:
        return create_token(user=user, name=name, actor=SYSTEM, now=now), ""
    except DomainError as error:
        return "", explain(error).text
