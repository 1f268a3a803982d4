"""What the tests of `core` share."""

import string
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import pytest

from callout.core.errors import DomainError

E = TypeVar("E", bound=DomainError)


def explained(error: DomainError) -> str:
    """The sentence that a person would read; fails when a placeholder has no fact to fill it."""
    for source in (error.what, error.remedy):
        names = {name for _, name, _, _ in string.Formatter().parse(source) if name is not None}
        missing = names - set(error.facts)
        assert not missing, f"{error.code}: nothing fills {missing}"
    return f"{error.what} {error.remedy}".format(**error.facts)


def refused(kind: type[E], call: Callable[..., Any], *args: Any, **kwargs: Any) -> E:
    """The refusal of that very kind that the call raises, seen to be explained."""
    with pytest.raises(kind) as caught:
        call(*args, **kwargs)
    assert type(caught.value) is kind
    assert explained(caught.value)
    return caught.value


def at(text: str) -> datetime:
    """The moment written in ISO 8601, naive when it names no offset."""
    return datetime.fromisoformat(text)
