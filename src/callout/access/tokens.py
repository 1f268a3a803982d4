"""Random secrets and their hashes."""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

PREFIX = "callout_"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nothing to mix up on paper
_CODE_LENGTH = 16


def new_token() -> str:
    """A new API token with 256 random bits; shown once, only its hash is kept."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The SHA-256 of a long random secret: with 128 bits and more, no salt and no slow hash are needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code() -> str:
    """A code of 80 random bits for people to read and type, in groups of four: `7QKF-3MPD-9XWT-0ABC`."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    return "-".join(letters[place : place + 4] for place in range(0, _CODE_LENGTH, 4))


def plain_code(typed: str) -> str | None:
    """A typed code without its groups, lower case and mixed-up letters put right; None when it is none."""
    text = "".join(typed.split()).replace("-", "").upper().replace("O", "0").replace("I", "1").replace("L", "1")
    return text if len(text) == _CODE_LENGTH and not set(text) - set(_LETTERS) else None


def code_hash(code: str) -> str:
    """What is kept of a code: keyed with the installation's secret, so that a copy of the database is not enough."""
    return salted_hmac("callout.access.code", code.replace("-", ""), algorithm="sha256").hexdigest()


def code_digest(typed: str) -> str | None:
    """What is kept of the code that somebody typed; None when it is none."""
    code = plain_code(typed)
    return None if code is None else code_hash(code)
