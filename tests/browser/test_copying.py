"""Copying orders as a merchant does: from the list to a batch that is followed and undone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ordercopy.models import OrderCopyBatch
from ordercopy.working import do_all_that_waits
from orders.models import Order
from tests.browser.accessibility import assert_accessible
from tests.copying import batch_of, run_batch
from tests.factories import Line, order_with, shop

Open = Callable[..., Page]


def test_all_that_match_are_previewed_copied_followed_and_undone(visit: Open) -> None:
    here = shop()
    sources = [order_with(here, Line(here.sku(price=1000))) for _ in range(26)]
    sources.append(order_with(here, Line(here.sku("GONE", stock=0))))
    page = visit("operator")
    page.goto("/admin/orders/order/?status__exact=pending")

    page.locator("#action-toggle").check()
    page.get_by_role("link", name=re.compile("Select all 27")).click()
    page.locator("select[name=action]").select_option(label="Copy…")
    page.get_by_role("button", name="Run").click()

    expect(page.get_by_text("27 orders are copied.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Place the new orders at once").check()
    page.get_by_role("textbox", name="Reference").fill("spring recall")
    page.get_by_role("button", name="Preview").click()

    expect(page.get_by_text("All 27 orders were tried out")).to_be_visible()
    expect(page.get_by_text("Found later by the reference «spring recall».")).to_be_visible()
    expect(page.get_by_text("26 are copied whole")).to_be_visible()
    expect(page.get_by_text("1 cannot be copied", exact=True)).to_be_visible()
    assert_accessible(page)
    assert not OrderCopyBatch.objects.exists()
    page.get_by_role("button", name="Copy 27 orders").dblclick()

    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "0.00")
    expect(page.get_by_text("0 of 27 copies have ended")).to_be_visible()
    batch = OrderCopyBatch.objects.get()
    run_batch(batch)
    # Nobody reloads the page.
    expect(page.get_by_text("All 27 copies have ended")).to_be_visible()
    expect(page.get_by_role("link", name="26 completed")).to_be_visible()
    assert_accessible(page)
    assert Order.objects.filter(status="placed").count() == 26

    page.get_by_role("link", name="Undo the whole batch…").click()
    expect(page.get_by_role("heading", name="Undo 26 new orders?")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Undo the whole batch").click()

    expect(page.get_by_text("Being undone", exact=True)).to_be_visible()
    under_way = page.get_by_text("The batch is being undone")
    expect(under_way).to_be_visible()
    do_all_that_waits()
    # Nobody reloads the page.
    expect(page.get_by_text("26 orders cancelled")).to_be_visible()
    expect(under_way).to_have_count(0)
    assert_accessible(page)
    assert Order.objects.filter(status="cancelled").count() == 26
    page.goto("/admin/ordercopy/ordercopybatch/")
    expect(page.get_by_role("link", name="Copies of 27 orders")).to_be_visible()
    assert_accessible(page)


def test_every_step_can_be_gone_back_to_and_reloaded_and_orders_are_copied_once(
    visit: Open,
) -> None:
    here = shop()
    for _ in range(2):
        order_with(here, Line(here.sku()))
    page = visit("operator")
    page.goto("/admin/orders/order/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(label="Copy…")
    page.get_by_role("button", name="Run").click()
    page.get_by_label("Place the new orders at once").check()
    page.get_by_role("textbox", name="Reference").fill("spring recall")
    page.get_by_role("button", name="Preview").click()
    go = page.get_by_role("button", name="Copy 2 orders")
    expect(go).to_be_visible()

    page.go_back()
    expect(page.get_by_label("Place the new orders at once")).to_be_checked()
    expect(page.get_by_role("textbox", name="Reference")).to_have_value("spring recall")
    page.go_forward()
    page.reload()
    expect(page.get_by_text("Chosen: Place the new orders at once")).to_be_visible()
    page.get_by_role("link", name="Change the options").click()
    expect(page.get_by_label("Place the new orders at once")).to_be_checked()
    page.get_by_role("button", name="Preview").click()
    go.click()

    expect(page.get_by_text("0 of 2 copies have ended")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("From this preview 2 orders were copied already.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="See how it goes").click()
    expect(page.get_by_text("0 of 2 copies have ended")).to_be_visible()
    assert OrderCopyBatch.objects.get().reference == "spring recall"


def test_a_batch_is_stopped_by_keyboard_on_a_phone(visit: Open) -> None:
    here = shop()
    batch = batch_of(*[order_with(here, Line(here.sku())) for _ in range(2)])
    page = visit("operator", width=390, dark=True)
    page.goto(f"/admin/ordercopy/ordercopybatch/{batch.pk}/change/")

    stop = page.get_by_role("link", name="Stop 2 copies…")
    stop.focus()
    # The page moves by itself, and leaves the focus where it is.
    page.wait_for_event("response", lambda answer: answer.url.endswith("/progress/"))
    expect(stop).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop 2 copies").press("Enter")

    expect(page.get_by_text("2 copies were stopped.")).to_be_visible()
    assert [copy.status for copy in batch.order_copies.all()] == ["aborted"] * 2


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_of_one_order_can_be_used_by_everybody_on_a_phone(
    visit: Open, dark: bool
) -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    page = visit("operator", width=390, dark=dark)
    page.goto(f"/admin/ordercopy/copy/?ids={source.pk}")
    expect(page.get_by_text("1 order is copied.")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("button", name="Preview").press("Enter")
    expect(page.get_by_role("button", name="Copy 1 order")).to_be_visible()
    page.locator("summary", has_text=source.number).press("Enter")
    expect(page.get_by_role("link", name=f"Open order {source.number}")).to_be_visible()
    assert_accessible(page)
