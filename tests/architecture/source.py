"""The project's own source, parsed once for the architecture tests."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "callout"
APPS = sorted(path.parent.name for path in SOURCE.glob("*/apps.py"))


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module but migrations, by its path relative to the package."""
    return {
        path.relative_to(SOURCE): ast.parse(path.read_text(), str(path))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
    }


def imports_of(tree: ast.AST) -> set[str]:
    """The dotted names that a module imports, wherever it does so."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found
