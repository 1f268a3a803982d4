"""Users' templates: a small part of Jinja over plain values, in which nothing can run away.

What bounds time and memory is the language, not a clock: there are placeholders, `if` and one level of `for`, a few
filters whose result is no longer than what they are given, and no calls, arithmetic, ranges, macros or assignments.
Source, filters, values and lists have a limit each, so a rendering takes at most about their product (half a second
for the worst that was found), and it stops at MAX_BODY characters.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import translation
from jinja2 import ChainableUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from callout.notices.errors import MailTooLong, TemplateBroken, TemplateRefused, TemplateTooLong, UnknownPlaceholder
from callout.notices.rules import MAX_BODY, MAX_TEMPLATE
from callout.ui.refusals import shown

MAX_VALUE = 10_000  # characters of one value
MAX_LIST = 200  # items that a loop goes through
MAX_STEPS = 200  # filters and comparisons in one template
FILTERS = ("default", "upper", "lower", "capitalize", "title", "trim", "first", "last", "length")
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.If, nodes.For,
    nodes.Filter, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr,
)  # fmt: skip


def _written(value: Any) -> Any:
    """A value as it stands in the text."""
    return shown(value) if isinstance(value, date | int | Decimal | float) else value


_environment = ImmutableSandboxedEnvironment(
    undefined=ChainableUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, finalize=_written
)
_environment.globals.clear()
_environment.filters = {name: _environment.filters[name] for name in FILTERS}
_environment.tests.clear()


def check(source: str, *, fields: Iterable[str], field: str = "body") -> None:
    """Refuse a template that is no template or does more than users' templates may.

    Raises TemplateTooLong, TemplateBroken, TemplateRefused, UnknownPlaceholder, with `field` as their field.
    """
    known = set(fields)
    tree = _parse(source, field)
    _compiled(source, field)
    own = {node.target.name for node in tree.find_all(nodes.For) if isinstance(node.target, nodes.Name)} | {"loop"}
    for name, line in _names(tree):
        if name.split(".")[0] in own or any(one == name or one.startswith(name + ".") for one in known):
            continue
        raise UnknownPlaceholder(field, name=name, known=", ".join(sorted(known)), line=line)


def render(source: str, facts: Mapping[str, Any], *, language: str) -> str:
    """The finished text; what is not among `facts` shows as nothing. Dates and numbers in the notation of `language`.

    Raises the refusals of `check` but for unknown names, and MailTooLong.
    """
    template = _compiled(source)
    parts, length = [], 0
    with translation.override(language):
        try:
            for part in template.generate(_plain(facts)):
                length += len(part)
                if length > MAX_BODY:
                    raise MailTooLong
                parts.append(part)
        except TypeError as error:  # a text compared with a number
            raise TemplateBroken(line="?") from error
    return "".join(parts)


@lru_cache(maxsize=100)
def _compiled(source: str, field: str = "body") -> Template:
    tree = _parse(source, field)
    try:
        _check_nodes(tree, field)
        return _environment.from_string(source)
    except (RecursionError, SyntaxError, TemplateSyntaxError, MemoryError) as error:  # nested too deep
        raise TemplateBroken(field, line=1) from error


def _parse(source: str, field: str) -> nodes.Template:
    if len(source) > MAX_TEMPLATE:
        raise TemplateTooLong(field, limit=MAX_TEMPLATE)
    try:
        return _environment.parse(source)
    except TemplateSyntaxError as error:
        raise TemplateBroken(field, line=error.lineno) from error
    except RecursionError as error:  # thousands of nested brackets
        raise TemplateBroken(field, line=1) from error


def _check_nodes(tree: nodes.Template, field: str) -> None:
    steps = 0
    for node in _walk(tree):
        steps += isinstance(node, nodes.Filter | nodes.Compare)
        if not _is_allowed(node) or steps > MAX_STEPS:
            construct = node.name if isinstance(node, nodes.Filter) else type(node).__name__.lower()
            raise TemplateRefused(field, line=node.lineno, construct=construct)


def _is_allowed(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in FILTERS
    if isinstance(node, nodes.For):
        plain = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name | nodes.Getattr)
        return plain and not node.recursive and next(node.find_all(nodes.For), None) is None
    return isinstance(node, _ALLOWED)


def _walk(tree: nodes.Node) -> Iterable[nodes.Node]:
    waiting: list[nodes.Node] = [tree]
    while waiting:  # a list instead of recursion: the depth is the user's
        node = waiting.pop()
        yield node
        waiting.extend(node.iter_child_nodes())


def _names(tree: nodes.Template) -> Iterable[tuple[str, int]]:
    """The dotted names that a template reads, longest form only, each with its line."""
    inner = {id(node.node) for node in tree.find_all(nodes.Getattr)}
    for node in _walk(tree):
        if isinstance(node, nodes.Name | nodes.Getattr) and id(node) not in inner:
            name = _dotted(node)
            if name:
                yield name, node.lineno


def _dotted(node: nodes.Node) -> str:
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):
        parts.append(node.attr)
        node = node.node
    return ".".join([node.name, *reversed(parts)]) if isinstance(node, nodes.Name) else ""


def _plain(value: Any) -> Any:
    """Dictionaries, short lists and text: nothing that has methods of ours."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value[:MAX_LIST]]
    if isinstance(value, str):
        return value[:MAX_VALUE]
    if value is None:
        return ""
    return value if isinstance(value, date | int | Decimal | float) else str(value)[:MAX_VALUE]
