"""Loads the signed-in person with rights in one statement."""

from allauth.account.auth_backends import AuthenticationBackend

from callout.accounts.models import User
from callout.accounts.queries import people_with_rights


class Backend(AuthenticationBackend):
    """allauth's backend; somebody disabled is signed out at the next request."""

    def get_user(self, user_id: int) -> User | None:
        """The active person with this id, with teams, branches and grants."""
        return people_with_rights().filter(pk=user_id, is_active=True).first()
