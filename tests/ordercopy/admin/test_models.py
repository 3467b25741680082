"""What a merchant works with has its pages in the admin: a list to search, and one for each row."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from orders.models import Order
from tests.copying import asked_for, run
from tests.factories import Line, order_with, shop

# What is shown on the page of the order, copy, customer or market that it belongs to.
PARTS = {
    "CopyAttempt",
    "CopyError",
    "CustomerAddress",
    "CustomerPaymentSource",
    "LineItem",
    "LineItemOption",
    "MarketStockLocation",
    "PaymentSource",
    "StockLineItem",
    "Transaction",
}
# What programs read: the API, imports, and the sentences that tell what happened.
FOR_PROGRAMS = {
    "ClientRecord",
    "Event",
    "EventStore",
    "IdempotentRequest",
    "ImportFile",
    "OrderOfWish",
    "RequestCount",
    "RevokedToken",
    "ResourceError",
}
WITHOUT_A_PAGE = PARTS | FOR_PROGRAMS
PAGES = [
    model
    for label in ("orders", "ordercopy")
    for model in apps.get_app_config(label).get_models()
    if not model._meta.auto_created and model.__name__ not in WITHOUT_A_PAGE
]


@pytest.fixture
def somebody_at_home(admin_client: Client) -> Client:
    here = shop()
    here.coupon("SPRING")
    sources = [
        order_with(here, Line(here.sku(stock=stock), options=[5]), shipping_cost=5)
        for stock in (0, 9)
    ]
    run([asked_for(source, place_target_order=True)[0] for source in sources])
    return admin_client


@pytest.mark.django_db
def test_every_model_can_be_listed_searched_and_looked_at(somebody_at_home: Client) -> None:
    for model in PAGES:
        page = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{page}_changelist"), reverse(f"{page}_changelist") + "?q=something"]
        if row := model._default_manager.first():
            pages.append(reverse(f"{page}_change", args=[row.pk]))
        for address in pages:
            assert somebody_at_home.get(address, follow=True).status_code == 200, address


@pytest.mark.django_db
def test_an_order_is_found_by_its_number_and_its_status_cannot_be_typed(
    somebody_at_home: Client,
) -> None:
    order = Order.objects.exclude(status="placed").first()
    assert order is not None

    found = somebody_at_home.get(reverse("admin:orders_order_changelist"), {"q": order.number})
    edited = somebody_at_home.post(
        reverse("admin:orders_order_change", args=[order.pk]), {"status": "placed"}
    )

    assert order.number in found.content.decode()
    assert edited.status_code in {302, 422}
    assert Order.objects.get(pk=order.pk).status == order.status
