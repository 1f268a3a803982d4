"""Only an app's commands write its tables; only edges read the clock; nothing hides behind signals."""

import ast
from pathlib import Path

from tests.architecture.source import modules

WRITES = {
    "save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate",
    "aupdate", "adelete", "asave",
}  # fmt: skip
# Receivers that are not tables: plain containers, hashes, sessions, storage. A picture is saved with its target as a
# positional argument, which a row never is.
HARMLESS = {"headers", "digest", "hasher", "facts", "context", "cache", "session", "values", "data", "attrs", "params"}


def may_write(path: Path) -> bool:
    """Commands, and the demo company, which fills an empty installation."""
    return "commands" in (path.parts[1].removesuffix(".py") if len(path.parts) > 1 else "") or path.parts[0] == "server"


def receiver(node: ast.expr) -> str:
    """The name that a call is made on, as far as the source shows it."""
    return ast.unparse(node)


def writes_a_table(call: ast.Call) -> bool:
    """Whether a call looks like one that writes rows."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return False
    on, name = receiver(call.func.value), call.func.attr
    if ".objects" in on or name not in {"update", "create", "delete", "save"}:
        return True
    return name in {"save", "delete"} and on.split(".")[-1] not in HARMLESS and not call.args


def test_only_commands_write() -> None:
    found = [
        f"{path}:{node.lineno} {ast.unparse(node.func)}"
        for path, tree in modules().items()
        if not may_write(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and writes_a_table(node)
    ]
    assert found == []


def test_the_clock_is_read_at_one_place() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if path.parts[0] != "server" and path != Path("ui/clock.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"datetime.now", "timezone.now", "date.today", "datetime.utcnow", "time.time"}
    ]
    assert found == []
