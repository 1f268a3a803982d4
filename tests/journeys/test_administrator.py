"""The administrator: people from their first access to the day they leave."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import People, Visit, sign_in

PASSWORD = "sunlit-harbour-3391"
ANOTHER = "quiet-orchard-7720"
ANSWER = "Porta Venezia"


@dataclass(frozen=True)
class Newcomer:
    """Somebody for whom the administrator has made an account."""

    name: str
    username: str
    code: str

    @property
    def email(self) -> str:
        return f"{self.username}@ariaecalore.example"


@pytest.fixture
def teresa(people: People) -> Visit:
    """The administrator, at the list of people."""
    visit = people.person("admin")
    visit.menu("People")
    visit.heading("People")
    return visit


def invite(teresa: Visit, name: str, username: str, role: str = "Operator") -> Newcomer:
    """Create a person with this role; the page shows the code for the first access, once."""
    teresa.menu("People")
    teresa.link("New person").click()
    form = teresa.page.locator("main form").first
    form.locator("input[name=display_name]").fill(name)
    form.locator("input[name=email]").fill(f"{username}@ariaecalore.example")
    form.get_by_label(teresa.t(role), exact=True).check()
    teresa.button("Create, and show the code").click()
    return Newcomer(name, username, teresa.page.locator(".code-shown").inner_text().strip())


def begin(people: People, newcomer: Newcomer) -> Visit:
    """The first access with the code, twice; own data, password and question follow."""
    visit = people.stranger()
    visit.go("/")
    sign_in(visit, newcomer.code, newcomer.code)
    visit.heading("Your first access")
    visit.page.locator("input[name=username]").fill(newcomer.username)
    visit.page.locator("input[name=password]").fill(PASSWORD)
    visit.page.locator("input[name=again]").fill(PASSWORD)
    visit.page.locator("input[name=question]").fill("Where did we meet?")
    visit.page.locator("input[name=answer]").fill(ANSWER)
    visit.button("Start").click()
    return visit


def refused_at_the_door(people: People, username: str, password: str) -> None:
    """These do not open."""
    visit = people.stranger()
    visit.go("/")
    with visit.being_refused():
        sign_in(visit, username, password)
        expect(visit.page.get_by_role("alert")).to_be_visible()
    expect(visit.page).to_have_url(re.compile("/account/login/"))


def test_a_person_comes_in_by_a_code_that_works_once(people: People, teresa: Visit) -> None:
    newcomer = invite(teresa, "Elena Greco", "elena")
    elena = begin(people, newcomer)
    elena.heading("New call")
    refused_at_the_door(people, newcomer.code, newcomer.code)
    with people.signing_in("elena", PASSWORD) as again:
        again.heading("New call")


def test_a_code_that_is_half_used_opens_nothing_else(people: People, teresa: Visit) -> None:
    newcomer = invite(teresa, "Bruno Neri", "bruno")
    visit = people.stranger()
    visit.go("/")
    sign_in(visit, newcomer.code, newcomer.code)
    visit.heading("Your first access")
    visit.go("/tickets/")
    visit.heading("Your first access")
    with visit.being_refused():
        visit.page.locator("input[name=username]").fill("bruno")
        visit.page.locator("input[name=password]").fill(newcomer.code)
        visit.page.locator("input[name=again]").fill(newcomer.code)
        visit.page.locator("input[name=question]").fill("Where did we meet?")
        visit.page.locator("input[name=answer]").fill(ANSWER)
        visit.button("Start").click()
        expect(visit.page.locator(".field-error").first).to_be_visible()


def test_a_lost_password_comes_back_by_mail_and_answer(people: People, teresa: Visit) -> None:
    newcomer = invite(teresa, "Fabio Leone", "fabio")
    begin(people, newcomer).heading("New call")
    visit = people.stranger()
    visit.go("/account/login/")
    visit.link("Lost your password?").click()
    visit.page.locator("input[name=username]").fill("fabio")
    visit.button("Send me a link").click()
    visit.heading("Look into your mail")
    text = people.installation.mail(newcomer.email).get_body(("plain",)).get_content()
    visit.page.goto(re.search(r"http://\S+/account/recover/\S+", text)[0])
    visit.heading("A new password")
    set_password(visit, "porta venezia")
    refused_at_the_door(people, "fabio", PASSWORD)
    with people.signing_in("fabio", ANOTHER) as again:
        again.heading("New call")


def set_password(visit: Visit, answer: str) -> None:
    """Answer the question and choose another password."""
    visit.page.locator("input[name=answer]").fill(answer)
    visit.page.locator("input[name=password]").fill(ANOTHER)
    visit.page.locator("input[name=again]").fill(ANOTHER)
    visit.button("Set the new password").click()
    visit.heading("Sign in")


def test_an_administrator_releases_the_recovery_by_a_code(people: People, teresa: Visit) -> None:
    newcomer = invite(teresa, "Carla Fonti", "carla")
    begin(people, newcomer).heading("New call")
    teresa.link("To the person").click()
    teresa.button("Release password recovery").click()
    code = teresa.page.locator(".code-shown").inner_text().strip()
    visit = people.stranger()
    visit.go("/account/recover/")
    visit.page.locator("input[name=code]").fill(code)
    visit.button("Go on with the code").click()
    with visit.being_refused():
        visit.page.locator("input[name=answer]").fill("I do not know")
        visit.page.locator("input[name=password]").fill(ANOTHER)
        visit.page.locator("input[name=again]").fill(ANOTHER)
        visit.button("Set the new password").click()
        expect(visit.page.locator(".field-error").first).to_be_visible()
    set_password(visit, ANSWER)


def test_who_is_disabled_is_out_at_once(people: People, teresa: Visit) -> None:
    newcomer = invite(teresa, "Dario Pini", "dario")
    dario = begin(people, newcomer)
    dario.heading("New call")
    teresa.link("To the person").click()
    teresa.button("Disable").click()
    expect(teresa.button("Enable")).to_be_visible()
    dario.go("/tickets/")  # or whatever else; the page itself asks for reminders, and is sent away
    dario.heading("Sign in")
    sign_in(dario, "dario", PASSWORD)
    expect(dario.page).to_have_url(re.compile("/account/inactive/"))
    dario.go("/tickets/")
    dario.heading("Sign in")


def test_a_new_technician_gets_a_calendar(people: People, teresa: Visit) -> None:
    newcomer = invite(teresa, "Omar Rizzi", "omar", role="Technician")
    begin(people, newcomer).heading("My work")
    teresa.menu("Planning setup")
    teresa.page.locator("main").get_by_role("link", name=re.compile(teresa.t("Resources"))).click()
    teresa.page.locator("[data-key=n]").click()
    teresa.field("Person").select_option(label="Omar Rizzi")
    teresa.field("Branch").select_option(label="Aria e Calore Milano")
    teresa.page.locator("input[name=hours_0]").fill("8-12, 13-17")
    teresa.page.locator("button[name=copy]").first.click()
    expect(teresa.page.locator("input[name=hours_4]")).to_have_value("8-12, 13-17")
    teresa.button("Save").click()
    expect(teresa.page.get_by_role("link", name="Omar Rizzi")).to_be_visible()
    teresa.menu("Planner")
    expect(teresa.page.get_by_role("group", name="Omar Rizzi")).to_be_attached()
