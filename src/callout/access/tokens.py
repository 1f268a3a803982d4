"""Random secrets and their hashes."""

import hashlib
import secrets

PREFIX = "callout_"


def new_token() -> str:
    """A new API token with 256 random bits; shown once, only its hash is kept."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The SHA-256 of a long random secret: with 128 bits and more, no salt and no slow hash are needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
