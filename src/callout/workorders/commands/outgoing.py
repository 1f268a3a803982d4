"""What leaves the house because of a work order: the service report, and the word to who plans."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from callout.accounts.actor import SYSTEM
from callout.accounts.queries import colleagues
from callout.documents.commands import store_file
from callout.documents.models import Attachment
from callout.documents.queries import attachments_of
from callout.planning.models import Eligibility
from callout.workorders import mails, queries, service_report
from callout.workorders.models import WorkOrder, WorkStatus

REPORTED = (WorkStatus.REPORTED, WorkStatus.VERIFIED, WorkStatus.BILLED)


@transaction.atomic
def send_report(*, work_order_id: int, now: datetime) -> Attachment | None:
    """Draw the service report, keep it with the work order and send it to the customer, once for each report.

    None when the work order is not reported any more, or was sent before. Raises NotFound, PdfFailed.
    """
    order = queries.lock_order(work_order_id, actor=SYSTEM)
    if order.status not in REPORTED or sent_report(order) is not None:
        return None
    order = queries.one(work_order_id, actor=SYSTEM)
    kept = store_file(
        subject=order,
        data=service_report.draw(order),
        name=service_report.file_name(order),
        purpose="report",
        actor=SYSTEM,
        now=now,
    )
    if mails.mails_customers():
        mails.send_report(order, kept, now=now)
    return kept


def sent_report(order: WorkOrder) -> Attachment | None:
    """The service report as it was sent, if it was."""
    return attachments_of(order, "report").filter(created_at__gte=order.reported_at).last()


@transaction.atomic
def tell_planners(*, work_order_id: int, now: datetime) -> int:
    """Write to the people and teams who plan work of this type that there is some; returns to how many."""
    order = queries.one(work_order_id, actor=SYSTEM)
    plans = Eligibility.objects.filter(activity_type_id=order.activity_type_id, role=Eligibility.Role.PLANS)
    people = colleagues().filter(Q(pk__in=plans.values("user")) | Q(teams__in=plans.exclude(team=None).values("team")))
    told = 0
    for person in people.exclude(email="").distinct():
        mails.tell_planner(order, person, now=now)
        told += 1
    return told
