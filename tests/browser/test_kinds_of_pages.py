"""A walk over the admin's pages: everybody can use them, and nothing is wider than the window.

``visit`` sees to it that no page asks another host for anything or complains on the console.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from ordercopy.models import OrderCopy, OrderCopyBatch
from orders.models import ApiClient, Customer, Order, Promotion, Shipment, Sku, StockItem
from orders.oauth.clients import SECRET_LENGTH
from tests.browser.accessibility import grave_faults
from tests.copying import batch_of, copied, run_batch
from tests.factories import Line, order_with, placed_order, shop
from tests.orders.api.credentials import credentials
from tests.staff import PASSWORD, StaffClient, colleague

Open = Callable[..., Page]

PHONE = 390


@pytest.fixture
def somebody_sold(transactional_db: None) -> None:
    """A row of each kind: orders, copies that went well and failed, all that is sold with."""
    here = shop("test")
    here.coupon("SPRING")
    credentials(mode="test")
    # The widest that an id can be.
    ApiClient.objects.update(client_id="W" * SECRET_LENGTH)
    order = placed_order(here, Line(here.sku("MUG", stock=9), options=[100]), number="1001")
    copied(order)
    failed = order_with(here, Line(here.sku("GONE", stock=0)), number="1002", shipping_cost=500)
    run_batch(batch_of(failed, order))


def of_each_kind() -> list[str]:
    """A page of each kind; those of one kind are made by the same template and script."""
    copies = OrderCopy.objects.order_by("created_at")
    good = copies.exclude(target_order=None).latest("created_at")
    rows = [
        Order.objects.get(number="1001"),
        Order.objects.get(number="1002"),
        good,
        copies.filter(status="failed").latest("created_at"),
        OrderCopyBatch.objects.latest("created_at"),
        ApiClient.objects.latest("created_at"),
        *(model.objects.latest("pk") for model in (Customer, Promotion, Shipment, Sku, StockItem)),
    ]
    lists = ["order", "stockitem", "skuoption", "organization", "shipment"]
    forms = ["apiclient", "coupon", "market", "promotion", "sku"]
    return [
        "/admin/",
        "/admin/errors/",
        *(f"/admin/orders/{name}/" for name in lists),
        *(f"/admin/orders/{name}/add/" for name in forms),
        *(page_of(row) for row in rows),
        page_of(rows[-2], "history"),
        page_of(rows[-2], "delete"),
        "/admin/ordercopy/ordercopy/",
        "/admin/ordercopy/ordercopybatch/",
        "/admin/auth/user/",
        "/admin/auth/user/add/",
        reverse("admin:ordercopy_compare", args=[good.target_order_id]),
        reverse("admin:import_products"),
        reverse("admin:password_change"),
        "/admin/orders/order/?q=nowhere",
    ]


def page_of(row: Any, kind: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{kind}", args=[row.pk])


def faults(page: Page, addresses: list[str], status: int = 200) -> list[str]:
    """What is wrong with each of these pages."""
    found = []
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        wrong = grave_faults(page) + [f"wider than the window by {width}"] * (width > 0)
        if answer.status != status:
            wrong.append(f"status {answer.status}")
        found += [f"{address}: {fault}" for fault in wrong]
    return found


@pytest.mark.usefixtures("somebody_sold")
def test_a_page_of_each_kind_can_be_used_by_everybody(visit: Open) -> None:
    page = visit("manager")
    found = faults(page, of_each_kind())
    assert found == [], "\n".join(found)


@pytest.mark.usefixtures("somebody_sold")
def test_what_is_needed_most_can_be_used_on_a_dark_phone(visit: Open) -> None:
    page = visit("manager", width=PHONE, dark=True)
    copy = OrderCopy.objects.filter(status="failed").latest("created_at")
    found = faults(
        page,
        [
            "/admin/",
            "/admin/errors/",
            "/admin/orders/order/",
            "/admin/orders/stockitem/",
            "/admin/orders/promotion/add/",
            page_of(ApiClient.objects.get()),
            page_of(copy),
            page_of(copy.source_order),
        ],
    )
    assert found == [], "\n".join(found)


def test_refusals_can_be_used_by_everybody(visit: Open) -> None:
    live = shop("live").sku("MUG-LIVE")
    page = visit("viewer")

    assert faults(page, [f"/admin/orders/sku/{live.pk}/change/"], 409) == []
    assert faults(page, ["/admin/auth/user/", "/admin/orders/sku/add/"], 403) == []
    assert faults(page, ["/admin/nowhere/"], 404) == []


def test_an_empty_shop_says_what_to_do(visit: Open) -> None:
    page = visit("manager")

    page.goto("/admin/orders/apiclient/")
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    expect(page.get_by_text("Make one for each program")).to_be_visible()
    assert grave_faults(page) == []
    page.goto("/admin/orders/order/")
    page.get_by_role("link", name="Import orders").click()
    expect(page.get_by_role("button", name="Show what would happen")).to_be_visible()


def test_whoever_is_locked_out_reads_until_when(visit: Open) -> None:
    colleague("viewer", "bob", password=PASSWORD)
    page = visit()
    page.goto("/admin/")
    client = StaffClient()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post(reverse("admin:login"), {"username": "bob", "password": "wrong"})
    page.get_by_label("Username").fill("bob")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_text("Too many failed logins")).to_be_visible()
    assert grave_faults(page) == []
