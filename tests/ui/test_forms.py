"""Forms: refusals beside their field, both versions on a conflict, numbers and dates in the reader's notation."""

from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from django.utils import timezone, translation

from callout.core.errors import DomainError, Forbidden, Invalid, Many, StaleVersion, check_version
from callout.customers.models import Customer
from callout.ui.forms import Form, ModelForm, VersionField, handle
from callout.ui.numbers import plain_number, typed_number
from callout.ui.widgets import Picker
from tests import builders
from tests.ui.support import request
from tests.ui.test_pages import INLINE


class Sample(Form):
    name = forms.CharField(label="Name", help_text="As on the door")
    hours = forms.DecimalField(label="Hours", required=False, max_digits=8, decimal_places=2)
    day = forms.DateField(label="Day", required=False)
    at = forms.DateTimeField(label="At", required=False)
    version = VersionField()
    layout = (("hours", "day"), "name")


class CustomerForm(ModelForm):
    version = VersionField()

    class Meta:
        model = Customer
        fields = ["name", "priority", "active", "zone"]


def form(query="", **kwargs):
    return Sample(QueryDict(query), **kwargs)


def test_a_refusal_goes_to_its_field():
    made = form("name=x")
    with made.refusals():
        raise Invalid("hours")
    assert made.errors == {"hours": ["This value is not valid."]}
    html = str(made["hours"].as_field_group())
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_hours_error"' in html
    assert 'id="id_hours_error"' in html


def test_a_refusal_without_a_field_of_this_form_stands_on_top():
    made = form("name=x")
    made.refuse(Invalid("password"))
    made.refuse(Forbidden(right="x"))
    assert len(made.non_field_errors()) == 2
    assert 'role="alert"' in str(made)


def test_several_refusals_each_find_their_field():
    made = form("name=x")
    made.refuse(Many([Invalid("name"), Invalid("day")]))
    assert set(made.errors) == {"name", "day"}


def test_what_is_no_refusal_is_not_swallowed():
    made = form("name=x")
    with pytest.raises(KeyError), made.refusals():
        raise KeyError("x")


@pytest.mark.parametrize("value", ["a%00b", "%00"])
def test_nul_is_refused(value):
    assert "name" in form(f"name={value}").errors


def test_fields_stand_in_the_layout_s_order():
    assert [[bound.name for bound in row] for row in form().rows()] == [["hours", "day"], ["name"], ["at"]]


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("it", "1.234,5", "1234.5"), ("it", "1.234", "1234"), ("it", "12.5", "12.5"), ("it", "0,5", "0.5"),
        ("en", "1,234.5", "1234.5"), ("en", "1,234", "1234"), ("en", "12,5", "12.5"),
        ("ro", "1.234.567,89", "1234567.89"),
        ("it", "1'234,50", "1234.50"), ("en", "-3.5", "-3.5"), ("en", ".5", ".5"),
    ],
)  # fmt: skip
def test_numbers_are_read_in_the_reader_s_notation(language, typed, value):
    with translation.override(language):
        assert plain_number(typed) == value
        assert Decimal(plain_number(typed)) == Decimal(value)


@pytest.mark.parametrize("typed", ["1.2.3", "1,23,4", "12a", "--1", "NaN", "Infinity", "", "1..5", "1,5,"])
def test_what_is_no_number_is_refused(typed):
    with translation.override("en"):
        made = Sample({"name": "x", "hours": typed})
        assert made.is_valid() is (typed == "")


def test_a_number_is_shown_as_it_is_typed():
    with translation.override("it"):
        assert typed_number(Decimal("1234.50")) == "1234,50"
        made = Sample(initial={"hours": Decimal("12.50")})
        assert 'value="12,50"' in str(made["hours"])
        assert 'inputmode="decimal"' in str(made["hours"])


def test_dates_and_moments_use_the_browser_s_own_fields():
    with translation.override("it"), timezone.override("Europe/Rome"):
        html = str(Sample(initial={"day": "2026-11-23", "at": builders.MONDAY}))
        assert 'type="date" name="day" value="2026-11-23"' in html
        assert 'type="datetime-local" name="at" value="2026-11-23T08:00"' in html
        read = Sample({"name": "x", "day": "2026-11-23", "at": "2026-11-23T08:00"})
        assert read.is_valid(), read.errors
        assert read.cleaned_data["at"] == builders.MONDAY


@pytest.mark.parametrize(
    ("field", "value"), [("day", "2026-02-30"), ("at", "2026-03-29T02:30"), ("at", "2026-10-25T02:30")]
)
def test_days_and_times_that_are_not_there_are_refused(field, value):
    with timezone.override("Europe/Rome"):
        assert field in Sample({"name": "x", field: value}).errors


def test_a_form_only_reads():
    with pytest.raises(TypeError):
        CustomerForm().save()


def test_a_form_holds_nothing_that_the_policy_forbids():
    assert INLINE.findall(str(form("name="))) == []


@pytest.mark.django_db
def test_an_old_page_shows_what_is_stored_beside_what_was_typed():
    customer = builders.customer("Stored name", version=4)
    data = {"name": "Typed name", "priority": "2", "version": "3", "active": "on"}

    def change(made):
        check_version(4, made.cleaned_data["version"])

    made = CustomerForm(data, instance=customer)
    with translation.override("en"):
        response = handle(
            request(method="post"), made, change, template="ui/form.html", success="/", context={"errors": ""}
        )
    html = response.content.decode()
    assert response.status_code == 409
    assert "Stored now: <strong>Stored name</strong>" in html
    assert 'value="Typed name"' in html
    assert html.count("Stored now") == 1
    assert 'name="version" value="4"' in html
    assert customer.name == "Stored name"


def test_a_form_that_went_well_leads_on():
    made = Sample({"name": "x"})
    response = handle(request(method="post"), made, lambda done: 7, template="", success=lambda result: f"/t/{result}/")
    assert (response.status_code, response.headers["Location"]) == (302, "/t/7/")
    fragment = handle(request(method="post", target="x"), made, lambda done: 7, template="", success="/t/")
    assert fragment.headers["HX-Redirect"] == "/t/"


def test_a_refused_form_is_422():
    class Full(DomainError):
        what = "The lift is full of {things}."

    def refuse(made):
        raise Full("name", things="bricks")

    response = handle(
        request(method="post"), Sample({"name": "x"}), refuse, template="ui/form.html", success="/", context={}
    )
    assert response.status_code == 422
    assert "The lift is full of bricks." in response.content.decode()


def test_a_stale_version_is_no_dead_end():
    made = Sample(QueryDict("name=x&version=1"), initial={"version": 2})
    made.refuse(StaleVersion(current=2, seen=1))
    again = Sample(QueryDict(f"name=x&version={made['version'].value()}"))
    assert again.is_valid()
    assert again.cleaned_data["version"] == 2


@pytest.mark.django_db
def test_a_picker_names_what_is_chosen_and_lists_nothing(django_assert_num_queries):
    customer = builders.customer("Rossi & Figli")

    class Choose(Form):
        customer = forms.ModelChoiceField(Customer.objects.all(), widget=Picker("search", depends=("zone",)))

    with django_assert_num_queries(1):
        html = str(Choose(initial={"customer": customer.pk})["customer"])
    assert f'name="customer" value="{customer.pk}" data-label="Rossi &amp; Figli"' in html
    assert 'role="combobox"' in html
    assert 'data-depends="zone"' in html
    with django_assert_num_queries(0):
        str(Choose()["customer"])
