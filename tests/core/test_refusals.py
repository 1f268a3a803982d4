import pkgutil
import string
from importlib import import_module

import callout.core
from callout.core.errors import DomainError

for found in pkgutil.walk_packages(callout.core.__path__, "callout.core."):
    import_module(found.name)


def refusals(base=DomainError):
    for kind in base.__subclasses__():
        if kind.__module__.startswith("callout.core."):
            yield kind
        yield from refusals(kind)


def test_every_refusal_has_a_code_of_its_own_and_says_what():
    kinds = list(refusals())
    assert len(kinds) > 50
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert "code" in vars(kind), kind
        assert "what" in vars(kind), kind
        assert kind.__doc__
        assert 400 <= kind.status < 500


def test_sources_for_translation_have_named_places_only():
    for kind in refusals():
        for source in (kind.what, kind.remedy):
            names = [name for _, name, _, _ in string.Formatter().parse(source) if name is not None]
            assert all(name.isidentifier() and name != "field" for name in names), kind
