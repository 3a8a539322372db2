"""Pages of committees as people meet them: accessible, and within 320 px, as readers and as the clerk."""

import pytest

from scrutiny.models import Seat, WorkItem
from tests.scrutiny.meeting_records import (
    in_days,
    make_committee,
    make_exempt,
    make_item,
    make_meeting,
    the_clerk,
)
from tests.services.factories import make_council

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def places(browser_page, sign_in, transactional_db):
    """The addresses of every page of committees, with something on each; the clerk is signed in."""
    council = make_council()
    commission = make_committee(
        council, "Children and Young People Scrutiny Commission", slug="commission", remit="Budgets."
    )
    Seat.objects.create(council=council, committee=commission, kind="chair", role="Chair")
    Seat.objects.create(
        council=council, committee=commission, kind="officer", role="Head of Finance", code="HoF"
    )
    work = WorkItem.objects.create(council=council, committee=commission, title="Agency social workers")
    published = make_meeting(
        commission, state="published", day=in_days(20), place="Council Chamber, Northborough Town Hall"
    )
    make_item(published, "5", "Budget monitoring (Education & Children's Social Care)", start_time="20.05")
    make_exempt(published, "6")
    late = make_meeting(commission, day=in_days(1))
    item = make_item(late, "6.22", late_reason="The grant was announced yesterday.", late_agreed_by="Chair")
    make_item(late, "6.33")
    sign_in(the_clerk(council))
    here, desk = "/north-borough/", "/north-borough/desk/"
    return [
        f"{here}committees/",
        f"{here}committees/commission/",
        f"{here}meetings/{published.pk}/",
        desk,
        f"{desk}committees/commission/",
        f"{desk}committees/commission/edit/",
        f"{desk}committees/commission/seats/",
        f"{desk}committees/commission/work/{work.pk}/",
        f"{desk}committees/commission/meetings/new/",
        f"{desk}meetings/{late.pk}/",
        f"{desk}meetings/{late.pk}/publish/",
        f"{desk}meetings/{late.pk}/cancel/",
        f"{desk}meetings/{late.pk}/items/{item.pk}/",
        f"{desk}meetings/{late.pk}/items/{item.pk}/classify/",
    ]


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_committees_is_accessible_and_does_not_scroll_sideways(
    browser_page, places, assert_accessible, width
):
    browser_page.set_viewport_size({"width": width, "height": 800})
    for address in places:
        assert browser_page.goto(address).status == 200, address
        assert_accessible(browser_page)
        wide = browser_page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} px wide"


def test_a_clerk_publishes_late_papers_with_the_chairs_reason_by_keyboard(browser_page, places):
    browser_page.goto(places[10])
    browser_page.get_by_label("The chair’s reason for taking the items late").fill(
        "A flood closed the offices."
    )
    browser_page.get_by_label("Agreed by").fill("Chair")
    browser_page.get_by_role("button", name="Publish the agenda").focus()
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/desk/meetings/*/")
    assert "A flood closed the offices." in browser_page.locator("main").inner_text()
