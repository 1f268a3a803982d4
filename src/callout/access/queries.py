"""Looking up keys."""

from callout.access.models import Token
from callout.access.tokens import digest
from callout.accounts.queries import people_with_rights


def live_token(secret: str) -> Token | None:
    """The token with this secret, its person loaded with rights; None when unknown, revoked or disabled."""
    token = Token.objects.filter(token_hash=digest(secret), revoked_at__isnull=True).first()
    if token is None:
        return None
    user = people_with_rights().filter(pk=token.user_id, is_active=True).first()
    if user is None:
        return None
    token.user = user
    return token
