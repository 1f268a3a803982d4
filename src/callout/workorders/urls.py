"""Addresses of this app."""

from django.urls import path

from callout.workorders.lists import Tickets, WorkOrders
from callout.workorders.views import field, intake, page, portal, worked_hours

urlpatterns = [
    path("calls/new/", intake.intake, name="intake"),
    path("calls/customer/", intake.intake_customer, name="intake_customer"),
    path("calls/similar/", intake.intake_duplicates, name="intake_duplicates"),
    path("calls/slots/", intake.intake_slots, name="intake_slots"),
    path("calls/new-customer/", intake.intake_new_customer, name="intake_new_customer"),
    path("tickets/", Tickets.as_view(), name="tickets"),
    path("tickets/<int:pk>/", page.ticket, name="ticket"),
    path("tickets/<int:pk>/<slug:action>/", page.ticket_action, name="ticket_action"),
    path("work-orders/", WorkOrders.as_view(), name="work_orders"),
    path("work-orders/<int:pk>/", page.work_order, name="work_order"),
    path("work-orders/<int:pk>/service-report.pdf", page.service_report_pdf, name="service_report"),
    path("work-orders/<int:pk>/customer-link/", portal.customer_link, name="customer_link"),
    path("work-orders/<int:pk>/customer-link/revoke/", portal.customer_link_revoke, name="customer_link_revoke"),
    path("appointment/", portal.choose_time, name="choose_time"),
    path("work-orders/<int:pk>/<slug:action>/", page.order_action, name="order_action"),
    path("today/", field.today, name="today"),
    path("my-work/<int:pk>/", field.my_work, name="my_work"),
    path("my-work/<int:pk>/<slug:action>/", field.my_work_action, name="my_work_action"),
    path("worked-hours/", worked_hours.worked_hours, name="worked_hours"),
    path("worked-hours/<int:pk>/<str:day>/", worked_hours.worked_hours_day, name="worked_hours_day"),
    path("parts/search/", field.part_search, name="part_search"),
]
