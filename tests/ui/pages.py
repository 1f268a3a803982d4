"""Addresses for the tests in a browser: the whole site, and a list and a form of customers to try things on."""

from django import forms
from django.shortcuts import render
from django.urls import path

from callout.accounts.gate import needs
from callout.core.errors import check_version
from callout.customers.models import Customer
from callout.site.urls import urlpatterns as site
from callout.ui.forms import ModelForm, VersionField, handle
from callout.ui.widgets import Picker
from tests.ui.support import Customers


class Tried(Customers):
    """The list, with a page for new customers."""

    row_url = "try_form"
    actions = [("New customer", "try_new", "customer.read")]


class TriedForm(ModelForm):
    """A form with a picker."""

    version = VersionField()
    parent = forms.ModelChoiceField(Customer.objects.all(), required=False, widget=Picker("try_pick"))

    class Meta:
        model = Customer
        fields = ["name", "notes"]


@needs("customer.read")
def form_page(request, pk):
    customer = Customer.objects.get(pk=pk)
    form = TriedForm(request.POST or None, instance=customer)

    def change(made):
        check_version(customer.version, made.cleaned_data["version"])
        Customer.objects.filter(pk=pk).update(
            name=made.cleaned_data["name"], notes=made.cleaned_data["notes"], version=customer.version + 1
        )

    return handle(
        request, form, change, template="try/form.html", context={"customer": customer}, success="try_list",
        message="Saved.",
    )  # fmt: skip


@needs("customer.read")
def pick(request):
    found = Customer.objects.filter(folded__contains=request.GET.get("q", "").lower())[:5]
    items = [{"value": one.pk, "label": one.name, "why": one.code} for one in found]
    return render(request, "ui/_picker_results.html", {"items": items})


urlpatterns = [
    path("try/list/", Tried.as_view(), name="try_list"),
    path("try/<int:pk>/", form_page, name="try_form"),
    path("try/new/", needs("customer.read")(lambda request: form_page(request, Customer.objects.earliest("pk").pk)),
         name="try_new"),
    path("try/pick/", pick, name="try_pick"),
    *site,
]  # fmt: skip
