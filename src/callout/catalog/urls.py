"""Addresses of the catalogue."""

from django.urls import path

from callout.catalog import lists, views

urlpatterns = [
    path("products/", lists.Products.as_view(), name="products"),
    path("products/new/", views.product_new, name="product_new"),
    path("products/search/", views.product_search, name="product_search"),
    path("products/<int:pk>/", views.product, name="product_edit"),
    path("rate-cards/", lists.RateCards.as_view(), name="rate_cards"),
    path("rate-cards/new/", views.rate_card_new, name="rate_card_new"),
    path("rate-cards/<int:pk>/", views.rate_card, name="rate_card"),
    path("settings/vat-rates/", lists.VatRates.as_view(), name="vat_rates"),
    path("settings/vat-rates/new/", views.vat_rate, name="vat_rate_new"),
    path("settings/vat-rates/<int:pk>/", views.vat_rate, name="vat_rate"),
    path("settings/payment-terms/", lists.PaymentTerms.as_view(), name="payment_terms"),
    path("settings/payment-terms/new/", views.payment_term, name="payment_term_new"),
    path("settings/payment-terms/<int:pk>/", views.payment_term, name="payment_term"),
]
