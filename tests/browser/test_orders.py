"""Orders in a merchant's hands: found, understood, mended where they are shown, and moved on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from orders.models import Order, OrderStatus, PaymentStatus
from tests.browser.accessibility import assert_accessible
from tests.copying import copied
from tests.factories import Line, order_with, paid_order, placed_order, shop

Open = Callable[..., Page]
LIST = "/admin/orders/order/"


def opened(page: Page, order: Order) -> Page:
    page.goto(f"{LIST}{order.pk}/change/")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def said(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible()


def number(page: Page, order: Order) -> Locator:
    return page.get_by_role("link", name=order.number, exact=True)


def test_an_order_is_searched_taken_along_and_opened(visit: Open, tmp_path: Path) -> None:
    here = shop()
    wanted = order_with(
        here, Line(here.sku("MUG")), number="1001", customer=here.customer("carol@example.com")
    )
    other = order_with(here, Line(here.sku("POT")), number="1002")
    page = visit("viewer")
    page.goto(LIST)
    expect(number(page, other)).to_be_visible()
    assert_accessible(page)

    search = page.get_by_role("searchbox").or_(page.locator("#searchbar"))
    search.first.fill("carol@")
    search.first.press("Enter")
    expect(number(page, wanted)).to_be_visible()
    expect(number(page, other)).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    download.value.save_as(tmp_path / "orders.csv")
    text = (tmp_path / "orders.csv").read_text("utf-8-sig")
    assert "carol@example.com" in text
    assert "1002" not in text
    number(page, wanted).click()

    expect(page.get_by_role("heading", name="Order 1001", level=1)).to_be_visible()


def test_orders_with_failed_copies_are_filtered_and_lead_to_them(visit: Open) -> None:
    here = shop()
    failed = order_with(here, Line(here.sku("GONE", stock=0)), number="2001")
    fine = order_with(here, Line(here.sku("MUG")), number="2002")
    copied(failed, place_target_order=True)
    page = visit("viewer")
    page.goto(LIST)

    page.get_by_role("button", name="Filters", exact=True).click()
    page.locator("select[name=failed_copies]").select_option(label="Has failed copies")
    page.get_by_role("button", name="Apply Filters").click()

    expect(number(page, failed)).to_be_visible()
    expect(number(page, fine)).to_have_count(0)
    page.get_by_role("link", name="1 copy").click()
    expect(page.get_by_text("Failed", exact=True).first).to_be_visible()


@pytest.mark.parametrize(
    ("width", "dark"), [(1440, False), (1440, True), (390, False), (390, True)]
)
def test_the_page_of_an_order_can_be_used_by_everybody(visit: Open, width: int, dark: bool) -> None:
    here = shop()
    order = order_with(here, Line(here.sku("MUG", stock=1), 2, options=(100,)), shipping_cost=500)
    page = opened(visit("operator", width=width, dark=dark), order)

    said(page, "Not enough of MUG: 2 wanted, 1 in stock.")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"{LIST}{order.pk}/step/cancel/")
    assert_accessible(page)
    opened(page, paid_order(here))
    assert_accessible(page)


def test_a_failed_copys_target_is_mended_and_placed(visit: Open) -> None:
    here = shop()
    mug, pot = here.sku("MUG", price=1000, stock=5), here.sku("POT", price=3000)
    source = order_with(here, Line(mug, 9), number="3001")
    copy = copied(source, place_target_order=True)
    target = copy.target_order or order_with(here, Line(mug, 9))
    page = opened(visit("operator"), target)
    said(page, "Not enough of MUG: 9 wanted, 5 in stock.")
    expect(page.get_by_role("button", name="Place", exact=True)).to_be_disabled()

    page.get_by_role("spinbutton", name="Quantity of MUG").fill("4")
    page.get_by_role("combobox").first.click()
    page.get_by_role("searchbox").fill("PO")
    page.get_by_role("option", name="POT").click()
    page.get_by_role("textbox", name="City").first.fill("Cambridge")
    press(page, "Save and place…")
    expect(page.get_by_role("heading", name=f"Place: order {target.number}?")).to_be_visible()
    said(page, "5 pieces, €70.00")
    press(page, "Place")

    said(page, f"Order {target.number} is placed.")
    target.refresh_from_db()
    assert (target.status, target.total_amount_cents) == (OrderStatus.PLACED, 7000)
    assert dict(target.line_items.values_list("sku_code", "quantity")) == {"MUG": 4, "POT": 1}
    assert target.billing_address is not None
    assert target.billing_address.city == "Cambridge"
    assert (mug.stock_items.get().quantity, pot.stock_items.get().quantity) == (1, 9)


def test_a_line_is_removed(visit: Open) -> None:
    here = shop()
    order = order_with(here, Line(here.sku("MUG")), Line(here.sku("POT")))
    page = opened(visit("operator"), order)

    page.get_by_role("checkbox", name="Remove POT").check()
    press(page, "Save")

    said(page, f"Order {order.number} is saved.")
    expect(page.get_by_role("spinbutton", name="Quantity of POT")).to_have_count(0)
    assert list(order.line_items.values_list("sku_code", flat=True)) == ["MUG"]


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(visit: Open) -> None:
    here = shop()
    order = order_with(here, Line(here.sku("MUG"), 2))
    page = opened(visit("operator"), order)
    page.get_by_role("textbox", name="Customer's e-mail address").fill("bob@example.com")
    page.get_by_role("spinbutton", name="Quantity of MUG").fill("0")

    press(page, "Save")

    said(page, "Nothing is saved yet.")
    expect(page.get_by_role("row").filter(has_text="MUG")).to_contain_text("greater than")
    email = page.get_by_role("textbox", name="Customer's e-mail address")
    expect(email).to_have_value("bob@example.com")
    assert_accessible(page)
    assert order.line_items.get().quantity == 2

    page.get_by_role("spinbutton", name="Quantity of MUG").fill("3")
    press(page, "Save")

    said(page, f"Order {order.number} is saved.")
    order.refresh_from_db()
    assert (order.customer_email, order.line_items.get().quantity) == ("bob@example.com", 3)


def test_shipping_and_payment_are_chosen(visit: Open) -> None:
    here = shop()
    here.card.name = "Credit card"
    here.card.save()
    source = here.wallet(here.alice).payment_source
    assert source is not None
    order = order_with(here, Line(here.sku("MUG")))
    page = opened(visit("operator"), order)

    page.get_by_role("combobox", name="Shipping method").select_option(label=here.courier.name)
    page.get_by_role("combobox", name="Payment method").select_option(label="Credit card")
    page.get_by_role("combobox", name="Pay with").select_option(value=source.pk)
    press(page, "Save")

    said(page, f"Order {order.number} is saved.")
    order.refresh_from_db()
    assert (order.payment_method, order.payment_source) == (here.card, source)
    assert order.shipments.get().shipping_method == here.courier
    assert order.shipping_amount_cents == 500


def test_what_is_short_is_mended_at_its_stock_item(visit: Open) -> None:
    here = shop()
    mug = here.sku("MUG", stock=1)
    order = order_with(here, Line(mug, 2))
    page = opened(visit("operator"), order)

    page.get_by_role("link", name=f"Stock in {here.warehouse.name}").click()
    page.locator("#id_quantity").fill("7")
    press(page, "Save")
    opened(page, order)

    expect(page.get_by_role("link", name="Place", exact=True)).to_be_visible()
    assert mug.stock_items.get().quantity == 7


STEPS: list[tuple[str, Callable[..., Order], str, dict[str, Any]]] = [
    ("Approve", placed_order, "is approved.", {"status": OrderStatus.APPROVED}),
    ("Approve and capture", placed_order, "captured.", {"payment_status": PaymentStatus.PAID}),
    ("Fulfil", paid_order, "is fulfilled.", {"fulfillment_status": "fulfilled"}),
    ("Refund", paid_order, "is refunded and cancelled.", {"status": OrderStatus.CANCELLED}),
    ("Cancel the order", placed_order, "is cancelled.", {"status": OrderStatus.CANCELLED}),
]


@pytest.mark.parametrize(("step", "make", "words", "states"), STEPS, ids=[s[0] for s in STEPS])
def test_a_step_is_confirmed_and_taken(
    visit: Open,
    step: str,
    make: Callable[..., Order],
    words: str,
    states: dict[str, Any],
) -> None:
    order = make(shop())
    page = opened(visit("operator"), order)

    page.get_by_role("link", name=step, exact=True).click()
    press(page, step)

    said(page, words)
    order.refresh_from_db()
    assert {name: getattr(order, name) for name in states} == states


def test_an_order_is_archived_and_brought_back(visit: Open) -> None:
    order = placed_order(shop())
    page = opened(visit("operator"), order)

    page.get_by_role("link", name="Archive", exact=True).click()
    press(page, "Archive")
    said(page, f"Order {order.number} is archived.")
    order.refresh_from_db()
    assert order.archived_at is not None

    page.get_by_role("link", name="Bring back from the archive").click()
    press(page, "Bring back from the archive")
    said(page, f"Order {order.number} is out of the archive.")
    said(page, "operator brought the order back from the archive")
    order.refresh_from_db()
    assert order.archived_at is None


def test_a_viewer_is_told_once_that_there_are_no_steps_to_take(visit: Open) -> None:
    order = placed_order(shop())
    page = opened(visit("viewer"), order)

    expect(page.get_by_role("list", name="Steps")).to_have_count(0)
    said(page, "Your role looks at orders; it takes no steps with them.")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_the_family_of_a_copy_leads_from_one_to_the_next(visit: Open) -> None:
    source = placed_order(shop())
    target = copied(source).target_order
    assert target is not None
    page = opened(visit("operator"), source)

    said(page, "Completed")
    page.get_by_role("link", name=target.number, exact=True).first.click()
    expect(page.get_by_role("heading", name=f"Order {target.number}", level=1)).to_be_visible()
    said(page, f"The shop made the order as a copy of {source.number}")
    page.get_by_role("link", name="Compare with its source").click()

    expect(page).to_have_title(f"{page.title()}")
    said(page, source.number)


def test_steps_are_taken_by_keyboard_alone(visit: Open) -> None:
    order = placed_order(shop())
    page = opened(visit("operator"), order)

    page.get_by_role("link", name="Approve", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Approve: order {order.number}?")).to_be_visible()
    page.get_by_role("button", name="Approve", exact=True).focus()
    page.keyboard.press("Enter")

    said(page, f"Order {order.number} is approved.")
    order.refresh_from_db()
    assert order.status == OrderStatus.APPROVED


def test_the_list_fits_its_window_in_longer_languages_and_says_what_its_filters_are(
    visit: Open,
) -> None:
    order = placed_order(shop())
    order.customer_email = "alessandra.montecchi@negozio-esempio.example"
    order.save(update_fields=["customer_email"])
    page = visit("operator", language="it")

    page.goto("/admin/orders/order/")
    created = page.locator("td.field-created").bounding_box()
    assert created is not None
    assert created["x"] + created["width"] <= 1440

    page.get_by_role("button", name="Filtri").first.click()
    for end in ("Da", "A"):
        calendar = page.get_by_role("link", name=f"Scegli una data: {end}", exact=True)
        expect(calendar).to_be_visible()
