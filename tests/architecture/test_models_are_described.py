"""Every table says what one of its rows means, and every file of code stays readable."""

import django.apps

from tests.architecture.source import SOURCE, modules

LINES = 420


def test_each_model_says_what_a_row_is() -> None:
    silent = [
        model.__name__
        for model in django.apps.apps.get_models()
        if model.__module__.startswith("callout.") and not model._meta.auto_created and not model.__doc__
    ]
    assert silent == []


def test_no_file_holds_two_ideas() -> None:
    long = {str(path): lines for path in modules() if (lines := len((SOURCE / path).read_text().splitlines())) > LINES}
    assert long == {}
