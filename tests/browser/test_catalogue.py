"""Catalogue, stock, promotions and imports, as a merchant works with them."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, Route, expect

from orders.models import Price, Promotion, Sku, StockItem
from tests.browser.accessibility import assert_accessible
from tests.factories import shop

Open = Callable[..., Page]
HEADER = "Handle,Title,Status,Variant SKU,Variant Price,Variant Inventory Qty"


def test_stock_is_typed_in_the_list_and_what_orders_took_is_not_lost(visit: Open) -> None:
    item = shop("test").sku("MUG", stock=10).stock_items.get()
    page = visit("operator")
    page.goto("/admin/orders/stockitem/")
    assert_accessible(page)
    pieces = page.locator("#result_list input[name=form-0-quantity]")
    StockItem.objects.filter(pk=item.pk).update(quantity=7)

    pieces.fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Meanwhile the stock went from 10 to 7").first).to_be_visible()
    item.refresh_from_db()
    assert item.quantity == 7

    pieces.fill("27")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 stock item was changed successfully.")).to_be_visible()
    item.refresh_from_db()
    assert item.quantity == 27


def test_who_presses_twice_saves_once(visit: Open) -> None:
    shop("test").sku("MUG", stock=10)
    page = visit("operator")
    page.goto("/admin/orders/stockitem/")
    page.locator("#result_list input[name=form-0-quantity]").fill("30")
    assert _sent_by_pressing_twice(page, page.get_by_role("button", name="Save")) == 1
    expect(page.get_by_text("1 stock item was changed successfully.")).to_be_visible()

    page.goto("/admin/orders/sku/add/")
    page.get_by_role("textbox", name="Code").fill("CUP")
    page.get_by_role("textbox", name="Name").fill("Cup")
    save = page.get_by_role("button", name="Save", exact=True)
    assert _sent_by_pressing_twice(page, save) == 1
    expect(page.get_by_text("was added successfully.")).to_be_visible()
    assert Sku.objects.filter(code="CUP").count() == 1

    page.go_back()
    expect(save).to_be_enabled()


def _sent_by_pressing_twice(page: Page, button: Locator) -> int:
    """Press again while the first time is on its way; answers how often something was sent."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**", hold)
    button.evaluate("it => { it.click(); setTimeout(() => it.click(), 50); }")
    page.wait_for_timeout(250)
    for route in held:
        route.continue_()
    return len(held)


def test_a_price_is_typed_with_its_decimals_and_a_sku_is_disabled(visit: Open) -> None:
    sku = shop("test", currency="EUR").sku("MUG", price=1000)
    page = visit("operator", width=390, dark=True)
    page.goto(f"/admin/orders/sku/{sku.pk}/change/")
    assert_accessible(page)
    price = page.locator("input[name=prices-0-amount_cents]")
    expect(price).to_have_value("10.00")

    price.fill("12.50")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert Price.objects.get().amount_cents == 1250

    page.goto(f"/admin/orders/sku/{sku.pk}/disable/")
    expect(page.get_by_text("Disable 1 SKU?")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Disable", exact=True).click()
    expect(page.get_by_text("1 was disabled.")).to_be_visible()
    assert Sku.objects.get().disabled_at is not None


def test_a_promotion_says_beside_the_field_what_is_missing(visit: Open) -> None:
    shop("test")
    page = visit("operator")
    page.goto("/admin/orders/promotion/add/")
    page.get_by_role("textbox", name="Name").fill("Spring")
    page.locator("select[name=type]").select_option("percentage_discount_promotions")
    for name, date in (("starts_at", "2030-01-01"), ("expires_at", "2030-02-01")):
        page.locator(f"input[name={name}_0]").fill(date)
        page.locator(f"input[name={name}_1]").fill("00:00:00")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Say how much it takes off.")).to_be_visible()
    page.locator("input[name=percentage]").fill("15")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator("#result_list").get_by_text("Upcoming").first).to_be_visible()
    assert Promotion.objects.get().percentage == 15
    assert_accessible(page)


def test_products_are_imported_after_a_preview(visit: Open, tmp_path: Path) -> None:
    shop("test", currency="USD")
    export = tmp_path / "products.csv"
    export.write_text(f"{HEADER}\nchai,Chai,active,CHAI,18.00,39\nodd,Odd,active,ODD,dear,5\n")
    page = visit("operator")
    page.goto("/admin/imports/products/")
    assert_accessible(page)

    page.get_by_label("CSV file").set_input_files(export)
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_role("heading", name="What importing products.csv would do")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("Variant Price"))
    expect(row).to_contain_text("3")
    assert_accessible(page)
    assert not Sku.objects.exists()

    page.get_by_role("button", name="Import 1 SKU").click()
    expect(page.get_by_text("The file was imported.")).to_be_visible()
    page.get_by_role("link", name="Show the SKUs").click()
    expect(page.locator("#result_list").get_by_text("CHAI").first).to_be_visible()
    assert Sku.objects.get().code == "CHAI"
