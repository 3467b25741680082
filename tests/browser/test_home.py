"""The first page as a merchant meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ordercopy.models import FactoryStatus, OrderCopy
from tests.browser.accessibility import assert_accessible
from tests.copying import copied, run
from tests.factories import Line, order_with, shop


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_what_failed_is_retried_from_the_first_page(
    visit: Callable[..., Page], width: int, dark: bool
) -> None:
    here = shop()
    mug = here.sku("MUG", stock=1)
    failed = [copied(order_with(here, Line(mug, 2))) for _ in range(3)]
    copied(order_with(here, Line(here.sku(), 1)))
    mug.stock_items.update(quantity=50)
    page = visit("operator", width=width, dark=dark)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="There is enough of MUG now")).to_be_visible()
    expect(page.get_by_text("No worker is running")).to_be_visible()
    assert_accessible(page)

    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("columnheader", name="Completed")).to_be_visible()
    page.get_by_role("button", name="Retry these 3 copies").click()
    page.get_by_role("button", name="Retry", exact=True).click()
    expect(page.get_by_text("3 copies are tried again.").first).to_be_visible()
    expect(page.get_by_role("heading", name="What needs you first")).to_be_visible()
    assert {copy.status for copy in run(failed)} == {FactoryStatus.COMPLETED}
    assert not OrderCopy.objects.filter(status=FactoryStatus.FAILED).exists()
