"""Which column goes where."""

import pytest

from callout.core.errors import Many
from callout.imports import queries, registry
from callout.imports.registry import Field, Kind, Option
from callout.imports.rules import mapping

HEADERS = ["Name", "Street", "No", "Paid?", "Agency"]


def save(values, *, actor, now):
    raise AssertionError("not called")


KIND = Kind(
    code="things",
    label="Things",
    right="import.run",
    save=save,
    options=(Option("create", "Create"),),
    fields=(
        Field("name", "Name", required=True, aliases=("ragione sociale",)),
        Field("address", "Address"),
        Field("paid", "Paid", kind="boolean"),
        Field("count", "Count", kind="integer"),
    ),
)


def row(**cells):
    return dict.fromkeys(HEADERS, "") | cells


def values(columns, cells, options=None):
    return mapping.read(KIND, columns, options or {}, cells).values


def test_columns_templates_and_constants():
    columns = {"name": {"column": "Name"}, "address": {"template": "{Street} {No?}"}, "count": {"value": "3"}}
    assert values(columns, row(Name="Bar", Street="Via  Roma", No="1")) == {
        "create": False, "name": "Bar", "address": "Via Roma 1", "count": 3,
    }  # fmt: skip
    assert "address" not in values(columns, row(Name="Bar", No="1"))
    assert values(columns, row(Name="Bar", Street="Via Roma"))["address"] == "Via Roma"


def test_a_header_may_itself_end_in_a_question_mark():
    columns = {"name": {"template": "{Paid?}"}}
    assert values(columns, row(**{"Paid?": "x"}))["name"] == "x"
    assert mapping.read(KIND, columns, {}, row()).errors[0].code == "cell_missing"


def test_another_rule_and_a_default_step_in_for_blank_cells():
    columns = {
        "name": {"column": "Name", "else": {"column": "Street", "else": {"value": "nobody"}}},
        "count": {"column": "No", "default": "1"},
    }
    assert values(columns, row(Name="A", Street="B"))["name"] == "A"
    assert values(columns, row(Street="B"))["name"] == "B"
    assert values(columns, row()) == {"create": False, "name": "nobody", "count": 1}


def test_blank_cells_are_left_out_or_cleared():
    columns = {"name": {"column": "Name"}, "address": {"column": "Street"}}
    assert "address" not in values(columns, row(Name="A"))
    columns["address"]["blank"] = "clear"
    assert values(columns, row(Name="A"))["address"] is None


def test_the_filter_leaves_rows_out():
    options = {"filter": [{"column": "Agency", "in": ["HPD", "DEP"]}]}
    columns = {"name": {"column": "Name"}}
    assert mapping.read(KIND, columns, options, row(Name="A", Agency="nypd")).skipped
    assert not mapping.read(KIND, columns, options, row(Name="A", Agency=" hpd ")).skipped


def test_every_wrong_cell_of_a_row_is_told():
    columns = {"name": {"column": "Name"}, "paid": {"column": "Paid?"}, "count": {"column": "No"}}
    found = mapping.read(KIND, columns, {}, row(**{"Paid?": "maybe", "No": "x"}))
    assert {error.field for error in found.errors} == {"name", "paid", "count"}


@pytest.mark.parametrize(
    ("columns", "options", "code"),
    [
        ({}, {}, "not_mapped"),
        ({"name": {"column": "Nome"}}, {}, "column_missing"),
        ({"name": {"template": "{Nome}"}}, {}, "column_missing"),
        ({"name": {"column": "Name", "else": {"column": "Nome"}}}, {}, "column_missing"),
        ({"name": {"column": "Name"}, "colour": {"column": "No"}}, {}, "unknown_field"),
        ({"name": {"column": "Name", "value": "x"}}, {}, "bad_rule"),
        ({"name": {}}, {}, "bad_rule"),
        ({"name": "Name"}, {}, "bad_rule"),
        ({"name": {"column": "Name", "script": "x"}}, {}, "bad_rule"),
        ({"name": {"column": "Name", "time_zone": "Mars/Base"}}, {}, "bad_rule"),
        ({"name": {"column": "Name", "format": "abc"}}, {}, "bad_rule"),
        ({"name": {"column": "Name", "values": ["x"]}}, {}, "bad_rule"),
        ({"name": {"column": "Name"}}, {"delete_all": True}, "bad_import_option"),
        ({"name": {"column": "Name"}}, {"filter": "x"}, "bad_import_option"),
        ({"name": {"column": "Name"}}, {"filter": [{"column": "Nome", "in": []}]}, "column_missing"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(columns, options, code):
    with pytest.raises(Many) as refused:
        mapping.check(KIND, columns, options, HEADERS)
    assert code in {error.code for error in refused.value.errors}


def test_rules_nested_too_deep_are_refused():
    rule = {"value": ""}
    for _ in range(10):
        rule = {"value": "", "else": rule}
    with pytest.raises(Many):
        mapping.check(KIND, {"name": rule}, {}, HEADERS)


def test_columns_are_recognised_by_name_label_or_alias_whatever_the_punctuation():
    assert mapping.guess(KIND, ["RAGIONE-SOCIALE", "address ", "x"]) == {
        "name": {"column": "RAGIONE-SOCIALE"}, "address": {"column": "address "},
    }  # fmt: skip
    assert mapping.guess(KIND, ["x"]) == {}


def test_the_mappings_that_come_with_the_program_are_sound():
    found = {(one.kind, one.name) for one in queries.built_in()}
    assert found == {("customers", "northwind"), ("products", "northwind"), ("tickets", "nyc311")}
    for one in queries.built_in():
        headers = mapping.all_columns(one.columns, []) | {part["column"] for part in one.options.get("filter", ())}
        optional = {header.removesuffix("?") for header in headers}
        mapping.check(registry.kind(one.kind), one.columns, one.options, sorted(headers | optional))
