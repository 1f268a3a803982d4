"""Who a user name and a password belong to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from callout.access import commands
from callout.access.tokens import plain_code
from callout.accounts.models import User
from callout.accounts.queries import active_person
from callout.ui import clock


class Backend(AuthenticationBackend):
    """allauth's backend, and the first access: its code as user name and password, once."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        username, password = str(credentials.get("username") or ""), str(credentials.get("password") or "")
        code = plain_code(username)
        if code is not None and code == plain_code(password):
            person = commands.use_code(typed=code, now=clock.now())
            if person is not None:
                return person
        return super()._authenticate(request, **credentials)

    def get_user(self, user_id: int) -> User | None:
        """The active person with this id, with teams, branches and grants; nobody disabled."""
        return active_person(user_id)
