"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Accounts are created by administrators only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: nobody registers by themselves."""
        return False
