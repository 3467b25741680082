"""What becomes of an order in the file."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orders import lifecycle
from orders.models import (
    Customer,
    Event,
    EventStore,
    Market,
    Order,
    PaymentMethod,
    PaymentSource,
    Price,
    ShippingMethod,
    Sku,
    StockItem,
    Transaction,
)
from orders.statements import execute
from orders.totals import ORDERS_THAT_DIFFER_FROM_THEIR_LINES
from tests.factories import TESTER
from tests.orders.shopify.conftest import ImportOrders, ImportProducts
from tests.orders.shopify.exports import further_line, order, product

PLACED = datetime(2024, 5, 31, 8, tzinfo=UTC)


def only_order() -> Order:
    return Order.objects.get()


def test_an_order_keeps_its_number_reference_and_time(take_orders: ImportOrders) -> None:
    report = take_orders(order("1001", id="450789469"))
    assert (report.imported, report.lines, report.failed) == (1, 1, False)
    imported = only_order()
    assert (imported.number, imported.reference, imported.reference_origin) == (
        "1001",
        "450789469",
        "shopify",
    )
    assert imported.placed_at == imported.approved_at == PLACED
    assert imported.created_at > PLACED
    assert imported.mode == "test"


@pytest.mark.parametrize(
    ("financial", "status", "payment_status", "transactions"),
    [
        ("paid", "approved", "paid", ["authorizations", "captures"]),
        ("partially_refunded", "approved", "paid", ["authorizations", "captures"]),
        ("pending", "placed", "authorized", ["authorizations"]),
        ("authorized", "placed", "authorized", ["authorizations"]),
        ("", "placed", "authorized", ["authorizations"]),
        ("refunded", "cancelled", "refunded", ["authorizations", "captures", "refunds"]),
        ("voided", "cancelled", "voided", ["authorizations", "voids"]),
    ],
)
def test_the_financial_status_says_where_an_order_stands(
    take_orders: ImportOrders,
    financial: str,
    status: str,
    payment_status: str,
    transactions: list[str],
) -> None:
    take_orders(order("1", financial_status=financial))
    imported = only_order()
    assert (imported.status, imported.payment_status) == (status, payment_status)
    moved = imported.transactions.all()
    assert sorted(each.type for each in moved) == transactions
    assert {each.amount_cents for each in moved} == {1000}
    assert sum(each.reference_transaction is None for each in moved) == 1


@pytest.mark.parametrize(
    ("financial", "fulfillment", "expected"),
    [
        ("paid", "fulfilled", "fulfilled"),
        ("paid", "", "in_progress"),
        ("paid", "partial", "in_progress"),
        ("pending", "unfulfilled", "unfulfilled"),
        ("pending", "fulfilled", "fulfilled"),
        ("voided", "", "unfulfilled"),
    ],
)
def test_the_fulfillment_status(
    take_orders: ImportOrders, financial: str, fulfillment: str, expected: str
) -> None:
    take_orders(order("1", financial_status=financial, fulfillment_status=fulfillment))
    assert only_order().fulfillment_status == expected


def test_a_cancelled_order_that_was_paid_stays_paid(take_orders: ImportOrders) -> None:
    take_orders(order("1", cancelled_at="2024-06-02 00:30:00 +0200"))
    imported = only_order()
    assert (imported.status, imported.payment_status) == ("cancelled", "paid")
    assert imported.cancelled_at == datetime(2024, 6, 1, 22, 30, tzinfo=UTC)


def test_an_order_refunded_without_a_date_was_cancelled_after_all_else(
    take_orders: ImportOrders,
) -> None:
    take_orders(order("1", financial_status="refunded", paid_at="2024-06-03 00:00:00 UTC"))
    assert only_order().cancelled_at == datetime(2024, 6, 3, tzinfo=UTC)


def test_a_partial_refund_is_of_what_was_given_back(take_orders: ImportOrders) -> None:
    take_orders(order("1", financial_status="partially_refunded", refunded_amount="2.50"))
    refund = Transaction.objects.get(type="refunds")
    assert refund.amount_cents == 250
    assert refund.reference_transaction is not None
    assert refund.reference_transaction.type == "captures"


def test_discounts_of_lines_and_of_the_order_stand_on_the_lines(take_orders: ImportOrders) -> None:
    take_orders(
        order(
            "1",
            lineitem_quantity="3",
            lineitem_discount="6.00",
            discount_amount="1.00",
            discount_code="SPRING, FRIENDS",
            subtotal="29.00",
            total="29.00",
        ),
        further_line("1", lineitem_price="6.00"),
    )
    imported = only_order()
    assert imported.coupon_code == "SPRING"
    assert (imported.subtotal_amount_cents, imported.discount_amount_cents) == (3600, -700)
    lines = list(imported.line_items.order_by("position"))
    assert [(line.position, line.discount_cents) for line in lines] == [(1, -680), (2, -20)]
    assert all(line.discount_breakdown == {} for line in lines)


@pytest.mark.parametrize(("total", "tax_included"), [("12.00", True), ("14.00", False)])
def test_taxes_are_in_the_total_or_come_on_top(
    take_orders: ImportOrders, total: str, tax_included: bool
) -> None:
    take_orders(order("1", shipping="2.00", taxes="2.00", total=total))
    imported = only_order()
    assert imported.tax_included is tax_included
    assert imported.total_tax_amount_cents == imported.subtotal_tax_amount_cents == 200
    assert imported.line_items.get().tax_amount_cents == 200


@pytest.mark.parametrize(
    ("currency", "price", "cents"),
    [("JPY", "1200", 1200), ("JPY", "1200.00", 1200), ("KWD", "1.234", 1234)],
)
def test_each_currency_has_its_own_decimals(
    take_orders: ImportOrders, currency: str, price: str, cents: int
) -> None:
    report = take_orders(
        order("1", currency=currency, lineitem_price=price, subtotal=price, total=price)
    )
    assert not report.failed
    assert only_order().total_amount_cents == cents


def test_orders_go_to_a_market_of_their_currency(take_orders: ImportOrders) -> None:
    report = take_orders(order("1"), order("2", currency="EUR"), order("3"))
    markets = {each.number: each.market.name for each in Order.objects.select_related("market")}
    assert markets == {"1": "Shopify USD", "2": "Shopify EUR", "3": "Shopify USD"}
    assert report.created["markets"] == report.created["price_lists"] == 2
    assert report.created["stock_locations"] == 1


def test_a_market_of_the_shop_is_used_where_there_is_one(
    take_orders: ImportOrders, take_products: ImportProducts
) -> None:
    take_products(product("TEA"), currency="USD")
    Market.objects.update(name="Shop", code="SHOP")
    assert "markets" not in take_orders(order("1")).created
    assert take_orders(order("2"), market_name="SHOP").imported == 1
    refused = take_orders(order("3", currency="EUR"), market_name="Shop")
    assert "EUR is not the currency of the market “Shop”" in str(refused.problems[0])


def test_lines_find_their_skus_and_come_in_without(
    take_orders: ImportOrders, take_products: ImportProducts
) -> None:
    take_products(product("TEA"))
    report = take_orders(
        order("1"),
        further_line("1", lineitem_sku="GONE"),
        further_line("1", lineitem_name="Gift wrap"),
    )
    lines = list(only_order().line_items.order_by("position"))
    assert [line.sku for line in lines] == [Sku.objects.get(code="TEA"), None, None]
    assert [line.sku_code for line in lines] == ["TEA", "GONE", None]
    assert lines[2].name == "Gift wrap"
    assert report.lines_without_sku == 2


def test_stock_is_not_touched_and_nobody_is_told(
    take_orders: ImportOrders, take_products: ImportProducts
) -> None:
    take_products(product("TEA"))
    take_orders(order("1"))
    assert StockItem.objects.get().quantity == 5
    assert not Event.objects.exists()
    entry = EventStore.objects.get(resource_type="orders")
    assert (entry.resource_id, entry.event) == (only_order().id, "create")
    assert entry.who == {"command": "import_orders"}
    assert entry.payload["number"] == {"from": None, "to": "1"}


def test_a_customer_is_known_by_email_whatever_its_capitals(take_orders: ImportOrders) -> None:
    report = take_orders(
        order("1", email="Ann@Shop.example"),
        order("2", email="ann@shop.EXAMPLE"),
        order("3", email=""),
    )
    customer = Customer.objects.get()
    assert customer.email == "Ann@Shop.example"
    assert customer.orders.count() == 2
    assert report.created["customers"] == 1
    assert Order.objects.get(number="3").customer is None
    assert EventStore.objects.filter(resource_type="customers").count() == 1


def test_each_order_has_its_own_addresses(take_orders: ImportOrders) -> None:
    home = {
        "shipping_name": "Ann van Dyck",
        "shipping_address1": "Kerkstraat 1",
        "shipping_city": "Gent",
        "shipping_zip": "'09000",
        "shipping_country": "be",
    }
    take_orders(order("1", billing_company="Ann & Co", billing_street="Dok 2", **home))
    imported = only_order()
    shipping, billing = imported.shipping_address, imported.billing_address
    assert shipping is not None
    assert billing is not None
    assert (shipping.first_name, shipping.last_name) == ("Ann", "van Dyck")
    assert (shipping.zip_code, shipping.country_code, shipping.business) == ("09000", "BE", False)
    assert (billing.line_1, billing.city, billing.country_code) == ("Dok 2", "", "")
    assert (billing.company, billing.business) == ("Ann & Co", True)


def test_an_address_of_a_country_alone_is_left_out(take_orders: ImportOrders) -> None:
    take_orders(order("1", billing_country="BE", billing_name="Ann"))
    assert only_order().billing_address is None


@pytest.mark.parametrize(
    ("cells", "kind", "token", "name"),
    [
        ({}, "wire_transfers", None, "Wire transfer"),
        ({"payment_method": "Bank Deposit"}, "wire_transfers", None, "Bank Deposit"),
        ({"payment_method": "stripe"}, "external_payments", "shopify-91", "stripe"),
        ({"payment_method": "stripe", "id": ""}, "external_payments", "shopify-1", "stripe"),
        (
            {"payment_method": "stripe", "payment_reference": "pi_3"},
            "external_payments",
            "pi_3",
            "stripe",
        ),
    ],
)
def test_how_an_order_is_paid(
    take_orders: ImportOrders, cells: dict[str, str], kind: str, token: str | None, name: str
) -> None:
    take_orders(order("1", **cells))
    source = PaymentSource.objects.get()
    assert (source.type, source.payment_source_token) == (kind, token)
    assert only_order().payment_source == source
    assert source.order == only_order()
    method = PaymentMethod.objects.get()
    assert (method.name, method.payment_source_type) == (name, kind)
    assert only_order().payment_method == method


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"fulfillment_status": "fulfilled"}, "delivered"),
        ({}, "upcoming"),
        ({"cancelled_at": "2024-06-01 00:00:00 +0000"}, "on_hold"),
    ],
)
def test_what_shipping_costs_stands_on_a_shipment(
    take_orders: ImportOrders, cells: dict[str, str], status: str
) -> None:
    take_orders(order("1", shipping="4.50", total="14.50", shipping_method="Courier", **cells))
    shipment = only_order().shipments.get()
    assert shipment.cost_amount_cents == only_order().shipping_amount_cents == 450
    assert shipment.shipping_method == ShippingMethod.objects.get(name="Courier")
    assert shipment.status == status
    assert execute(ORDERS_THAT_DIFFER_FROM_THEIR_LINES) == []


def test_an_order_without_shipping_has_no_shipment(take_orders: ImportOrders) -> None:
    take_orders(order("1"))
    assert not only_order().shipments.exists()


def test_tags_and_notes_come_along(take_orders: ImportOrders) -> None:
    take_orders(
        order(
            "1", tags="wholesale, VIP,, wholesale", notes="Ring\ntwice", note_attributes="gift: yes"
        )
    )
    imported = only_order()
    assert sorted(imported.tags.values_list("name", flat=True)) == ["VIP", "wholesale"]
    assert imported.metadata == {"notes": "Ring\ntwice", "note_attributes": "gift: yes"}


def test_test_and_live_data_do_not_meet(take_orders: ImportOrders) -> None:
    take_orders(order("1"))
    assert take_orders(order("1"), mode="live").imported == 1
    assert Order.objects.filter(number="1").count() == 2
    for model in (Customer, Market, PaymentMethod):
        assert model._default_manager.filter(mode="live").count() == 1
    live: Any = Order.objects.get(mode="live")
    assert live.market.mode == live.customer.mode == live.payment_method.mode == "live"


def test_prices_are_those_of_the_order(
    take_orders: ImportOrders, take_products: ImportProducts
) -> None:
    take_products(product("TEA", variant_price="12.00"))
    take_orders(order("1"))
    assert Price.objects.get().amount_cents == 1200
    assert only_order().line_items.get().unit_amount_cents == 1000


def test_an_imported_order_moves_on_like_our_own(take_orders: ImportOrders) -> None:
    take_orders(order("1", financial_status="authorized"), order("2"))
    pending, paid = Order.objects.order_by("number")
    lifecycle.approve_and_capture([pending.id], who=TESTER)
    lifecycle.refund([paid.id], who=TESTER)
    standings = Order.objects.order_by("number").values_list("status", "payment_status")
    assert list(standings) == [("approved", "paid"), ("cancelled", "refunded")]
    for imported in (pending, paid):
        last = imported.transactions.exclude(type="authorizations").order_by("created_at").last()
        assert last is not None
        assert last.reference_transaction is not None
