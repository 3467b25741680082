"""Copies in a merchant's hands: found, understood, mended, retried, compared, taken along."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ordercopy.models import FactoryStatus, OrderCopy
from orders.models import OrderStatus
from tests.browser.accessibility import assert_accessible
from tests.copying import asked_for, copied, run
from tests.factories import Line, order_with, shop

Open = Callable[..., Page]
LIST, ERRORS = "/admin/ordercopy/ordercopy/", "/admin/errors/"


def short_of(here: Any, sku: Any, number: str, **options: Any) -> OrderCopy:
    """A copy that fails because there is too little of a SKU, with something else to copy."""
    return copied(order_with(here, Line(sku, 2), Line(here.sku()), number=number), **options)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def said(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible()


def test_one_product_is_mended_and_all_its_copies_are_freed(visit: Open) -> None:
    here = shop()
    mug = here.sku("MUG", stock=1)
    copies = [short_of(here, mug, f"100{nth}") for nth in range(3)]
    short_of(here, here.sku("JAM", stock=0), "2001")
    page = visit("operator")
    page.goto("/admin/")
    page.get_by_role("link", name="Errors", exact=True).click()
    group = page.get_by_role("listitem").filter(has_text="Not enough of MUG in stock")
    expect(group).to_contain_text("Blocks 3 copies")
    assert_accessible(page)

    group.get_by_role("spinbutton").fill("50")
    group.get_by_role("button", name="Save").click()
    group = page.get_by_role("listitem").filter(has_text="There is enough of MUG now")
    expect(group).to_contain_text("not in the way any more: retry them.")
    group.get_by_role("button", name="Retry these 3 copies").click()
    said(page, "Retry 3 copies?")
    assert_accessible(page)
    press(page, "Retry")

    said(page, "3 copies are tried again.")
    expect(page.get_by_text("Not enough of MUG in stock")).to_have_count(0)
    assert mug.stock_items.get().quantity == 50
    assert {copy.status for copy in run(copies)} == {FactoryStatus.COMPLETED}
    assert OrderCopy.objects.filter(status=FactoryStatus.FAILED).count() == 1


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_a_failed_copy_explains_itself_and_is_made_again_without_what_fails(
    visit: Open, width: int, dark: bool
) -> None:
    here = shop()
    failed = short_of(here, here.sku("MUG", stock=1), "1001")
    page = visit("operator", width=width, dark=dark)
    page.goto(LIST)
    assert_accessible(page)
    page.get_by_role("link", name="Copy of 1001").first.click()

    expect(
        page.get_by_role("heading", name="Not enough of MUG: 2 wanted, 1 in stock")
    ).to_be_visible()
    expect(page.get_by_role("link", name="Stock of MUG in")).to_be_visible()
    expect(page.get_by_role("button", name="Abort")).to_be_disabled()
    assert_accessible(page)
    press(page, "Again, leaving out what fails")
    said(page, "Make 1 copy again, leaving out what fails?")
    press(page, "Again, leaving out what fails")

    said(page, "1 copy is made again, leaving out what fails.")
    again = failed.made_again.get()
    assert run([again])[0].status == FactoryStatus.COMPLETED
    page.get_by_role("link", name="Show").click()
    expect(page.get_by_role("heading", name="What was left out")).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    row = page.get_by_role("row").filter(has_text="MUG")
    expect(row).to_contain_text("Left out")
    assert_accessible(page)


def test_copies_are_found_chosen_and_aborted_or_deleted(visit: Open) -> None:
    here = shop()
    waiting = asked_for(*(order_with(here, Line(here.sku()), number=f"10{n}") for n in range(3)))
    done = copied(order_with(here, Line(here.sku()), number="2001"))
    page = visit("operator")
    page.goto(LIST)

    page.get_by_role("checkbox", name="Select all").first.check()
    page.get_by_role("combobox", name="Action").select_option("Abort")
    page.get_by_role("button", name="Run").click()
    said(page, "Abort 3 copies?")
    said(page, "1 copy cannot: completed already")
    page.go_back()
    expect(page.get_by_role("button", name="Run")).to_be_visible()
    page.go_forward()
    page.reload()
    press(page, "Abort")
    said(page, "3 copies are aborted.")
    assert {copy.status for copy in OrderCopy.objects.filter(pk__in=[w.pk for w in waiting])} == {
        FactoryStatus.ABORTED
    }

    page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first.fill("2001")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Copy of 2001").first.click()
    press(page, "Delete")
    said(page, "Delete 1 copy?")
    press(page, "Delete")
    said(page, "1 copy is deleted.")
    assert not OrderCopy.objects.filter(pk=done.pk).exists()
    assert done.target_order is not None
    assert done.target_order.status == OrderStatus.PENDING


def test_what_is_listed_is_taken_along_for_a_spreadsheet(visit: Open, tmp_path: Path) -> None:
    here = shop()
    short_of(here, here.sku("MUG", stock=0), "1001")
    copied(order_with(here, Line(here.sku()), number="2001"))
    page = visit("viewer")
    page.goto(f"{LIST}?status=failed&option=skip_errors")
    assert_accessible(page)
    page.get_by_role("link", name="Take off the filter Option: Leave out products").click()
    expect(page.get_by_text("1 filter on:")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()

    download.value.save_as(tmp_path / "copies.csv")
    text = (tmp_path / "copies.csv").read_text("utf-8-sig")
    assert "Not enough of MUG: 2 wanted, 0 in stock" in text
    assert "2001" not in text


def test_a_viewer_sees_errors_and_factories_and_nothing_to_press(visit: Open) -> None:
    here = shop()
    copy = short_of(here, here.sku("MUG", stock=0), "1001")
    page = visit("viewer", width=390)

    page.goto(ERRORS)
    said(page, "Not enough of MUG in stock")
    expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    expect(page.get_by_role("spinbutton")).to_have_count(0)
    page.goto(f"{LIST}{copy.pk}/change/")
    expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    page.goto("/admin/ordercopy/orderfactory/")
    expect(page.get_by_role("link", name="Copy of 1001").first).to_be_visible()
    assert_accessible(page)
