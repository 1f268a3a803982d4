"""Passwords of test people are hashed quickly; how strongly real ones are is Django's business."""

import pytest


@pytest.fixture(autouse=True)
def quick_hashes(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
