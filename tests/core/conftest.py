"""Hypothesis without a clock: a busy machine must not turn a right answer into a failure."""

from hypothesis import settings

settings.register_profile("core", deadline=None, max_examples=200, print_blob=True)
settings.load_profile("core")
