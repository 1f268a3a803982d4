"""Addresses of customers."""

from django.urls import path

from callout.customers import lists
from callout.customers.views import customers, parts

urlpatterns = [
    path("customers/", lists.Customers.as_view(), name="customers"),
    path("customers/new/", customers.customer_new, name="customer_new"),
    path("customers/search/", customers.customer_search, name="customer_search"),
    path("customers/duplicates/", customers.customer_duplicates, name="customer_duplicates"),
    path("customers/sites/options/", customers.site_options, name="site_options"),
    path("customers/contacts/options/", customers.contact_options, name="contact_options"),
    path("customers/assets/options/", customers.asset_options, name="asset_options"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/edit/", customers.customer_edit, name="customer_edit"),
    path("customers/<int:pk>/sites/new/", parts.site_new, name="site_new"),
    path("customers/<int:pk>/contacts/new/", parts.contact_new, name="contact_new"),
    path("customers/<int:pk>/assets/new/", parts.asset_new, name="asset_new"),
    path("customers/<int:pk>/contracts/new/", parts.contract_new, name="contract_new"),
    path("customers/sites/<int:pk>/", parts.site_edit, name="site_edit"),
    path("customers/sites/<int:pk>/remove/", parts.site_remove, name="site_remove"),
    path("customers/contacts/<int:pk>/", parts.contact_edit, name="contact_edit"),
    path("customers/contacts/<int:pk>/remove/", parts.contact_remove, name="contact_remove"),
    path("customers/assets/<int:pk>/", parts.asset_edit, name="asset_edit"),
    path("customers/contracts/<int:pk>/", parts.contract_edit, name="contract_edit"),
    path("settings/zones/", lists.Zones.as_view(), name="zones"),
    path("settings/zones/new/", parts.zone, name="zone_new"),
    path("settings/zones/<int:pk>/", parts.zone, name="zone"),
    path("settings/classifications/", lists.Classifications.as_view(), name="classifications"),
    path("settings/classifications/new/", parts.classification, name="classification_new"),
    path("settings/classifications/<int:pk>/", parts.classification, name="classification"),
]
