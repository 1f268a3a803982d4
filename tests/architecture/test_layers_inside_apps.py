"""Inside an app each kind of file imports only what stands to its left."""

import pytest

from tests.architecture.source import APPS, imports_of, modules

ORDER = (
    "errors",
    "rules",
    "models",
    "queries",
    "commands",
    "forms",
    "lists",
    "filters",
    "views",
    "api",
    "tasks",
    "urls",
)
RANK = {name: rank for rank, name in enumerate(ORDER)}
EDGES = {"forms": 1, "lists": 1, "filters": 1}  # these three stand side by side
FRAMEWORKS = ("django", "ninja", "procrastinate", "allauth", "psycopg")


def layer_of(parts: tuple[str, ...]) -> str:
    """The kind of file: app/commands.py and app/commands/anything.py are both commands."""
    return parts[1].removesuffix(".py") if len(parts) > 1 else ""


def offences() -> list[str]:
    """Imports from a file of an app to a file of the same app that stands to its right."""
    found = []
    for path, tree in modules().items():
        app, layer = path.parts[0], layer_of(path.parts)
        if app not in APPS or app == "site" or layer not in RANK:  # site only wires the others together
            continue
        for name in imports_of(tree):
            parts = name.split(".")
            if parts[:2] == ["callout", app] and len(parts) > 2 and parts[2] in RANK:
                target = parts[2]
                if RANK[target] > RANK[layer] and not (layer in EDGES and target in EDGES):
                    found.append(f"{path} imports {name}")
    return found


def test_files_import_only_what_stands_to_their_left() -> None:
    assert offences() == []


@pytest.mark.parametrize("kind", ["rules", "errors"])
def test_rules_and_errors_need_no_framework(kind: str) -> None:
    found = [
        f"{path} imports {name}"
        for path, tree in modules().items()
        if layer_of(path.parts) == kind
        for name in imports_of(tree)
        if name.split(".")[0] in FRAMEWORKS
    ]
    assert found == []
