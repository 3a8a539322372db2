"""Reports as people meet them: accessible, within 320 px, and written without a script."""

import pytest

from scrutiny.models import Paper
from tests.scrutiny.council import make_thorney
from tests.scrutiny.meeting_records import make_committee, make_item, make_meeting
from tests.scrutiny.paper_records import make_final, make_paper, put_options, write_section
from tests.scrutiny.question_records import publish_figures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "1.1 It is **{{ council variance_after_reserves short }}**.\n- so\n(i) one\n{{ table position }}"


@pytest.fixture
def thorney(transactional_db):
    """A council with a draft, and a final report on a published agenda."""
    made = make_thorney()
    publication = publish_figures(made)
    draft, final = (
        make_paper(made.council, publication=publication, title=title) for title in ("Draft", "Final")
    )
    for paper in (draft, final):
        write_section(paper, TEXT, kind="options")
        put_options(paper)
    make_item(make_meeting(make_committee(made.council), state="published"), paper=make_final(final))
    return made


def test_every_page_is_accessible_and_does_not_scroll_sideways_at_320_pixels(
    browser_page, sign_in, thorney, assert_accessible
):
    draft, final = (Paper.objects.get(title=title) for title in ("Draft", "Final"))
    desk = "/thorney/desk/papers/"
    section = f"{desk}{draft.pk}/sections/{draft.sections.get().pk}/"
    pages = [
        desk,
        f"{desk}new/",
        *(f"{desk}{draft.pk}/{page}" for page in ("", "header/", "options/", "preview/")),
    ]
    sign_in(thorney.officer)
    for address in (*pages, section, f"{desk}{final.pk}/", f"/thorney/papers/{final.pk}/"):
        browser_page.set_viewport_size({"width": 1280, "height": 900})
        browser_page.goto(address)
        assert_accessible(browser_page)
        browser_page.set_viewport_size({"width": 320, "height": 640})
        width = browser_page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"{address} is {width} px wide"


def test_an_officer_writes_a_section_and_sees_the_figure_in_it(browser_page, sign_in, thorney):
    sign_in(thorney.officer)
    browser_page.goto("/thorney/desk/papers/")
    browser_page.get_by_role("link", name="Draft", exact=True).click()
    browser_page.get_by_role("link", name="Add a section").click()
    browser_page.get_by_label("Heading").fill("Reserves")
    browser_page.get_by_label("Paragraphs", exact=True).fill("Drawn: {{ council drawdown short }}.")
    browser_page.get_by_role("button", name="Save the section").click()
    browser_page.get_by_role("link", name="As it will print").first.click()
    page = browser_page.locator("main").inner_text()
    assert "Drawn: £" in page
    assert "{{" not in page
