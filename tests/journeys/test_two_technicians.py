"""Two technicians on one work order, from the dispatcher's page to report and bill."""

from datetime import datetime, time, timedelta

from playwright.sync_api import expect

from tests.journeys import calls, onsite
from tests.journeys.browsing import PHONE, People, Visit
from tests.journeys.calls import Taken
from tests.journeys.planner import ROME

LEADER, HELPER = "Luca Brambilla", "Davide Fontana"
QUIET_AFTER = timedelta(days=13)
"""From here on the demo company's calendars are empty."""


def plan_on_a_quiet_day(marta: Visit, taken: Taken) -> None:
    """The work order on the leader's calendar, at nine of a day on which everybody works and nobody is planned."""
    people = marta.api("GET", "/board?start=2026-01-05&days=1")["resources"]
    leader = next(one["id"] for one in people if one["name"] == LEADER)
    day = datetime.now(ROME).date() + QUIET_AFTER
    while day.weekday() > 4 or (day.month == 12 and day.day > 22):
        day += timedelta(days=1)
    starts = datetime.combine(day, time(9), ROME)
    version = marta.api("GET", f"/work-orders/{taken.order}")["version"]
    plan = {"resource_id": leader, "starts": starts.isoformat(), "version": version}
    marta.api("POST", f"/work-orders/{taken.order}/plan", plan)


def test_two_people_do_one_work_order_and_report_and_verification_show_both(people: People) -> None:
    marta = people.person("marta")
    taken = calls.by_api(marta, customer="Hotel", subject="Journey for two")
    plan_on_a_quiet_day(marta, taken)
    marta.go(f"/work-orders/{taken.order}/")
    marta.link("Add a technician").click()
    marta.page.locator("#slot-work select[name=resource_id]").select_option(label=HELPER)
    marta.page.locator("#slot-work").get_by_role("button", name=marta.t("Add"), exact=True).click()
    crew = marta.page.locator("ul.crew")
    expect(crew).to_contain_text(LEADER)
    expect(crew).to_contain_text(HELPER)

    luca, davide = people.person("luca", **PHONE), people.person("davide", **PHONE)
    for visit in (davide, luca):
        visit.go(f"/my-work/{taken.order}/")
        onsite.press(visit, "Start")
        expect(visit.page.locator(".clock")).to_contain_text(visit.t("going on"))
    onsite.press(davide, "End my part")
    expect(davide.page.locator(".clock")).to_contain_text(davide.t("your part is done"))
    onsite.add_hours(davide, "1.5")
    luca.go(f"/my-work/{taken.order}/")
    onsite.press(luca, "End")
    onsite.add_hours(luca, "2")
    onsite.press(luca, "Hand the report in")
    assert marta.api("GET", f"/work-orders/{taken.order}")["status"] == "reported"

    laura = people.person("laura")
    laura.go(f"/verification/{taken.ticket}/")
    expect(laura.page.locator("main")).to_contain_text(f"({LEADER})")
    expect(laura.page.locator("main")).to_contain_text(f"({HELPER})")
