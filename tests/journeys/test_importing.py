"""A file of customers, taken in through the pages."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.browsing import People, Visit

FILE = """Id;Ragione sociale;Telefono;Indirizzo;CAP;Città;Nazione;Partita IVA
J-1;Officine Journey S.r.l.;02 3344 1199;Via Larga 8;20122;Milano;IT;
J-2;Àlbergo Journey;+39 06 5566 7788;Via Appia 1;00184;Roma;IT;
J-3;;02 1111 2222;Via Vuota 3;20100;Milano;IT;
J-4;Bar Journey;02 9988 7766;Corso Como 4;20154;Milano;IT;12345678901
"""


@pytest.fixture
def silvia(people: People) -> Iterator[Visit]:
    """The sales office, at the list of imports."""
    visit = people.person("silvia")
    visit.menu("Imports")
    visit.heading("Imports")
    return visit


def upload(silvia: Visit, text: str, name: str = "clienti.csv") -> None:
    """Bring a file of customers; its columns are found by their names."""
    silvia.page.locator("[data-key=n]").click()
    silvia.field("What is in the file?").select_option(label=silvia.t("customers").capitalize())
    content = text.encode("cp1252")
    silvia.field("File").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    silvia.button("Upload").click()


def count(silvia: Visit, outcome: str) -> int:
    """How many rows the page says there are of an outcome."""
    text = silvia.page.locator(f"a[href$='outcome={outcome}'] strong").inner_text()
    return int(text)


def run(silvia: Visit) -> None:
    """Check the file and import it; both run as jobs while the page shows how far they are."""
    silvia.button("Check the file").click()
    expect(silvia.button("Import it")).to_be_visible(timeout=60_000)
    silvia.button("Import it").click()
    expect(silvia.link("See every row")).to_be_visible(timeout=60_000)


def test_a_file_is_mapped_checked_and_imported_without_doubles(silvia: Visit) -> None:
    upload(silvia, FILE)
    expect(silvia.page.locator("select[name='name.source'] option:checked")).to_contain_text("Ragione sociale")
    expect(silvia.page.locator("select[name='city.source'] option:checked")).to_contain_text("Città")
    silvia.button("Check the file").click()
    preview = silvia.page.locator("section[aria-labelledby=preview]")
    expect(preview).to_be_visible(timeout=60_000)
    assert (count(silvia, "created"), count(silvia, "refused")) == (2, 2)
    expect(preview.get_by_role("row").filter(has_text="Via Vuota 3").locator(".field-error").first).to_be_visible()
    expect(preview.get_by_role("row").filter(has_text="Bar Journey").locator(".field-error").first).to_be_visible()
    assert silvia.api("GET", "/customers?search=Officine Journey")["items"] == []

    silvia.button("Import it").click()
    expect(silvia.link("See every row")).to_be_visible(timeout=60_000)
    assert (count(silvia, "created"), count(silvia, "refused")) == (2, 2)
    name, content = silvia.download(silvia.link("Refused rows"))
    assert name.endswith(".csv")
    assert "Via Vuota 3" in content.decode("utf-8-sig")
    [found] = silvia.api("GET", "/customers?search=albergo journey")["items"]
    assert found["name"] == "Àlbergo Journey"

    silvia.menu("Imports")
    upload(silvia, FILE)
    run(silvia)
    assert (count(silvia, "created"), count(silvia, "unchanged"), count(silvia, "refused")) == (0, 2, 2)
    assert len(silvia.api("GET", "/customers?search=albergo journey")["items"]) == 1


def test_a_quote_that_never_closes_is_a_refused_row(silvia: Visit) -> None:
    upload(silvia, 'Id;Ragione sociale\nJ-8;Journey in order\nJ-9;"Never closed\n', "rotto.csv")
    silvia.button("Check the file").click()
    expect(silvia.page.locator("section[aria-labelledby=preview]")).to_be_visible(timeout=60_000)
    assert (count(silvia, "created"), count(silvia, "refused")) == (1, 1)


def test_what_is_no_table_is_refused_beside_the_field(silvia: Visit) -> None:
    silvia.page.locator("[data-key=n]").click()
    picture = io.BytesIO()
    Image.linear_gradient("L").save(picture, "PNG")
    silvia.field("File").set_input_files({"name": "table.xlsx", "mimeType": "text/csv", "buffer": picture.getvalue()})
    with silvia.being_refused():
        silvia.button("Upload").click()
        expect(silvia.page.locator(".field-error, .alert-danger").first).to_be_visible()
