"""Turns an OpenAPI description into what a page about it can show."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
METHODS = ("get", "post", "put", "patch", "delete")
COLOURS = {"get": "blue", "post": "green", "put": "orange", "patch": "orange", "delete": "red"}
Schema = Mapping[str, Any]


@register.filter
def prose(text: str) -> SafeString:
    """A docstring as paragraphs, with what stands between backticks as code."""
    parts = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    marked = [re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(part)) for part in parts]
    return mark_safe("".join(f"<p>{part}</p>" for part in marked))  # noqa: S308 - escaped above


@register.filter
def operations_by_group(schema: Schema) -> list[tuple[str, list[dict[str, Any]]]]:
    """The operations in groups by their first tag, else by the first word of their path."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in schema.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                found = _operation(schema, path, method, item[method])
                groups.setdefault(found["group"], []).append(found)
    return list(groups.items())


def _operation(schema: Schema, path: str, method: str, operation: Schema) -> dict[str, Any]:
    words = [part for part in path.split("/") if part and part != "api" and not part.startswith("{")]
    tags = operation.get("tags") or words[:1] or ["api"]
    body = _json_schema(operation.get("requestBody", {}))
    return {
        "group": tags[0],
        "id": operation.get("operationId", f"{method}{path}"),
        "method": method.upper(),
        "colour": COLOURS[method],
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [_parameter(schema, one) for one in operation.get("parameters", [])],
        "body": list(_fields(schema, body)) if body else [],
        "body_name": _name(schema, body) if body else "",
        "answers": [_answer(schema, status, one) for status, one in operation.get("responses", {}).items()],
    }


def _json_schema(holder: Schema) -> Schema:
    content = holder.get("content", {})
    return next((kind.get("schema", {}) for kind in content.values()), {})


def _parameter(schema: Schema, one: Schema) -> dict[str, Any]:
    described = one.get("schema", {})
    return {
        "name": one["name"], "place": one["in"], "required": one.get("required", False),
        "type": _name(schema, described), "description": one.get("description") or described.get("description", ""),
    }  # fmt: skip


def _answer(schema: Schema, status: str, one: Schema) -> dict[str, Any]:
    body = _json_schema(one)
    return {
        "status": status, "description": one.get("description", ""), "type": _name(schema, body) if body else "",
        "fields": list(_fields(schema, _inside(schema, body))),
    }  # fmt: skip


def _inside(schema: Schema, described: Schema) -> Schema:
    """The members' description when something is a list of them."""
    resolved = _resolved(schema, described)
    return resolved["items"] if resolved.get("type") == "array" and "items" in resolved else resolved


def _resolved(schema: Schema, described: Schema) -> Schema:
    reference = described.get("$ref", "")
    name = reference.rpartition("/")[2]
    return schema.get("components", {}).get("schemas", {}).get(name, {}) if reference else described


def _fields(schema: Schema, described: Schema) -> Iterator[dict[str, Any]]:
    resolved = _resolved(schema, described)
    required = set(resolved.get("required", []))
    for name, field in resolved.get("properties", {}).items():
        yield {
            "name": name, "required": name in required, "type": _name(schema, field),
            "description": field.get("description", ""),
        }  # fmt: skip


def _name(schema: Schema, described: Schema) -> str:
    """What kind of value is meant, in the words of OpenAPI."""
    if "$ref" in described:
        resolved = _resolved(schema, described)
        return " | ".join(map(str, resolved["enum"])) if "enum" in resolved else described["$ref"].rpartition("/")[2]
    choices = described.get("anyOf") or described.get("oneOf") or described.get("allOf")
    if choices:
        return " | ".join(dict.fromkeys(_name(schema, one) for one in choices))
    if "enum" in described:
        return " | ".join(map(str, described["enum"]))
    if described.get("type") == "array":
        return f"{_name(schema, described.get('items', {}))}[]"
    return str(described.get("format") or described.get("type") or "any")
