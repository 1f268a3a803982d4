"""The monitor on somebody's wall: it reads itself again, and rests while nobody looks."""

from playwright.sync_api import Page, Request, expect

from tests.journeys import calls
from tests.journeys.browsing import People

# A browser that is driven never hides its pages; this says it in the browser's place.
EYES = """
  let away = false;
  Object.defineProperty(document, 'hidden', { get: () => away });
  window.lookAway = (hidden) => {
    away = hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  };
"""


def _reads(page: Page) -> list[str]:
    """The addresses that the monitor reads itself from, from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.headers.get("hx-request") and request.url.endswith("/monitor/"):
            found.append(request.url)

    page.on("request", note)
    return found


def test_the_monitor_reads_itself_again_while_somebody_looks(people: People) -> None:
    marta = people.person("marta")
    page = marta.page
    page.clock.install()
    page.add_init_script(EYES)
    marta.menu("Monitor")
    foreseen = page.locator(".monitor-table tfoot a[id$=foreseen]")
    before = int(foreseen.inner_text())
    reads = _reads(page)

    calls.by_api(marta, customer="Farmacia", subject="Cold rooms")
    page.clock.run_for(25_000)
    assert reads == []
    expect(foreseen).to_have_text(str(before))
    foreseen.focus()
    page.clock.run_for(6_000)
    expect(foreseen).to_have_text(str(before + 1))
    expect(foreseen).to_be_focused()
    assert len(reads) == 1

    page.evaluate("lookAway(true)")
    calls.by_api(marta, customer="Farmacia", subject="Colder rooms")
    page.clock.run_for(120_000)
    assert len(reads) == 1
    expect(foreseen).to_have_text(str(before + 1))

    page.evaluate("lookAway(false)")
    expect(foreseen).to_have_text(str(before + 2))
    assert len(reads) == 2
