"""Hypothesis without a clock: a busy machine must not turn a right answer into a failure."""

from hypothesis import settings

settings.register_profile("core", deadline=None, print_blob=True)
settings.load_profile("core")
