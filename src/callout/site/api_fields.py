"""Where in a request something was refused: rules know the fields of records, callers those of their request."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
Names = frozenset[str]


def names_of(schema: Schema) -> dict[tuple[str, str], Names]:
    """What each operation of an OpenAPI description calls its fields and parameters, by method and path."""
    return {
        (method.upper(), path): frozenset(_names(schema, operation))
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    }


def _names(schema: Schema, operation: Schema) -> Iterator[str]:
    yield from (parameter["name"] for parameter in operation.get("parameters", ()))
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from _fields(schema, content["schema"])


def _fields(schema: Schema, part: Any) -> Iterator[str]:
    """Names of the fields in a body, those of its parts too; no schema of a request holds itself."""
    if isinstance(part, list):
        for one in part:
            yield from _fields(schema, one)
    elif isinstance(part, Mapping):
        if "$ref" in part:
            yield from _fields(schema, schema["components"]["schemas"][part["$ref"].rpartition("/")[2]])
        yield from part.get("properties", ())
        yield from _fields(schema, list(part.get("properties", {}).values()))
        yield from _fields(schema, [part[key] for key in ("items", "anyOf", "oneOf", "allOf") if key in part])


def path_of(route: str) -> str:
    """A route of Django's as OpenAPI writes it: `api/sites/<int:site_id>` is `/api/sites/{site_id}`."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def request_name(field: str, names: Names) -> str:
    """The request's name of what a refusal calls `field`, a path of steps with dots; without one, `field` itself."""
    return ".".join(_step(step, names) for step in field.split("."))


def _step(step: str, names: Names) -> str:
    translated = re.fullmatch(r"(\w+)_(en|it|ro)", step)
    numbered = re.fullmatch(r"(\w+)_\d+", step)
    likely = [step, f"{step}_id", f"{step.removesuffix('s')}_ids", numbered[1] if numbered else ""]
    found = next((name for name in likely if name in names), None)
    if found is None and translated and f"{translated[1]}s" in names:
        return f"{translated[1]}s.{translated[2]}"
    return found or step
