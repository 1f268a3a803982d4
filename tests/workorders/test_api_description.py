"""The description of the API tells the truth to those who make a client of it."""

from collections import defaultdict
from collections.abc import Iterator

from ninja import Schema

from callout.site.api import api


def schemas(of: type[Schema] = Schema) -> Iterator[type[Schema]]:
    for one in of.__subclasses__():
        yield one
        yield from schemas(one)


def test_no_two_schemas_share_a_name() -> None:
    """The description holds schemas by name: of two with one name only the last would be described."""
    described = set(api.get_openapi_schema()["components"]["schemas"])
    modules = defaultdict(set)
    for one in schemas():
        if one.__module__.startswith("callout.") and one.__name__ in described:
            modules[one.__name__].add(one.__module__)
    assert {name: places for name, places in modules.items() if len(places) > 1} == {}


def test_every_operation_says_how_it_refuses_and_every_write_how_it_is_repeated() -> None:
    described = api.get_openapi_schema()
    assert set(described["components"]["schemas"]["Refusal"]["required"]) == {
        "code", "message", "remedy", "fields", "facts",
    }  # fmt: skip
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            refused = operation["responses"]["default"]["content"]["application/json"]["schema"]
            assert refused == {"$ref": "#/components/schemas/Refusal"}, path
            headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
            assert headers == (set() if method == "get" else {"Idempotency-Key"}), path
