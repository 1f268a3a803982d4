"""What a verifier does with reported work."""

import re

from playwright.sync_api import expect

from tests.journeys.browsing import Visit
from tests.journeys.calls import Taken


def approve(visit: Visit, taken: Taken) -> None:
    """Approve every line of a work order as it was reported."""
    visit.go("/verification/")
    visit.page.get_by_role("link", name=taken.order_code, exact=True).click()
    form = visit.page.locator(f"#order-{taken.order}")
    form.get_by_role("button", name=visit.t("Approve for billing")).click()
    expect(visit.page.locator(f"#order-{taken.order}")).to_have_count(0)


def bill(visit: Visit, customer: str, *orders: Taken) -> int:
    """Make one draft of these work orders of a customer, and of no others; its number in the database."""
    visit.page.get_by_role("row").filter(has_text=customer).get_by_role("link", name=visit.t("Bill")).click()
    expect(visit.page.locator("input[name=work_orders]").first).to_be_visible()
    wanted = {str(order.order) for order in orders}
    for box in visit.page.locator("input[name=work_orders]").all():
        box.set_checked(box.get_attribute("value") in wanted)
    visit.button("Make a draft").click()
    visit.heading("Draft invoice")
    return int(re.search(r"/invoices/(\d+)/", visit.page.url)[1])


def confirm(visit: Visit) -> str:
    """Confirm the draft on the page; the number that the invoice gets."""
    visit.button("Confirm and number").click()
    heading = visit.page.get_by_role("heading", level=1)
    expect(heading).not_to_have_text(visit.t("Draft invoice"))
    return heading.inner_text().split()[-1]
