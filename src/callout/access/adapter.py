"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from callout.accounts import commands
from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.ui import clock


class Adapter(DefaultAccountAdapter):
    """Accounts are created by administrators only; a changed password is recorded."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: nobody registers by themselves."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """Another password for oneself; every other session ends."""
        commands.change_password(person=user, password=password, actor=actor_for(user), now=clock.now())

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Changes are confirmed; that somebody signed in or out is seen anyway."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, message_context, extra_tags, message)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the profile."""
        return reverse("profile")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """None: mail goes out by the company's own wording only."""
