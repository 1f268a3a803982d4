"""Quick passwords: people are made by the dozen here, and nobody signs in with a stolen hash."""

import pytest


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
