"""One of everything that the API serves: what tests walk that are about all resources at once.

A resource that is served and not in here fails them (tests/config/jsonapi/test_modes.py).
"""

from ordercopy.batches import create_batch
from ordercopy.options import CopyOptions
from orders import lifecycle
from orders.models import CustomerAddress, Order, Sku, SkuOption, Tag
from tests.api_client import ApiClient
from tests.copying import copied
from tests.factories import TESTER, Line, Shop, cancelled_order, order_with, refunded_order, shop


def world(mode: str) -> dict[str, str]:
    """Build a shop with one of everything, and answer the ids by the type of resource."""
    here = shop(mode)
    sku = here.sku()
    order = order_with(here, Line(sku, options=[50]), shipping_cost=500)
    return {
        **_catalogue(here, sku),
        **_order(here, order),
        **_copies(order),
        **_promotions(here),
        **_payments(here),
        **_customers(here),
    }


def _catalogue(here: Shop, sku: Sku) -> dict[str, str]:
    return {
        "markets": here.market.pk,
        "price_lists": here.market.price_list_id,
        "prices": sku.prices.get().pk,
        "shipping_methods": here.courier.pk,
        "sku_options": SkuOption.objects.create(mode=here.mode, name="engraving").pk,
        "skus": sku.pk,
        "stock_items": sku.stock_items.get().pk,
        "stock_locations": here.warehouse.pk,
    }


def _order(here: Shop, order: Order) -> dict[str, str]:
    tag = Tag.objects.create(mode=here.mode, name="mine")
    order.tags.add(tag)
    line = order.line_items.get()
    draft = order_with(here)
    lifecycle.validate([draft.pk])
    return {
        "addresses": str(order.billing_address_id),
        "line_item_options": line.line_item_options.get().pk,
        "line_items": line.pk,
        "orders": order.pk,
        "resource_errors": draft.resource_errors.get().pk,
        "shipments": order.shipments.get().pk,
        "tags": tag.pk,
    }


def _copies(order: Order) -> dict[str, str]:
    copy = copied(order)
    batch = create_batch([order.pk], mode=order.mode, options=CopyOptions(), who=TESTER, wake=False)
    api = ApiClient(order.mode)
    (event, *_) = api.ids(f"/api/order_copies/{copy.pk}/events")
    (entry, *_) = api.ids(f"/api/order_copies/{copy.pk}/event_stores")
    return {
        "event_stores": entry,
        "events": event,
        "order_copies": copy.pk,
        "order_copy_batches": batch.pk,
        "order_factories": copy.pk,
    }


def _promotions(here: Shop) -> dict[str, str]:
    percentage = here.promotion(percentage=10, market=here.market)
    return {
        "coupons": here.coupon(f"{here.mode} only", promotion=percentage).pk,
        "fixed_amount_promotions": here.promotion(fixed=500, market=here.market).pk,
        "percentage_discount_promotions": percentage.pk,
    }


def _payments(here: Shop) -> dict[str, str]:
    refunded, cancelled = refunded_order(here), cancelled_order(here)
    wallet = here.wallet(here.alice)
    return {
        **{each.type: each.pk for each in refunded.transactions.all()},
        "voids": cancelled.transactions.get(type="voids").pk,
        "customer_payment_sources": wallet.pk,
        "external_payments": str(wallet.payment_source_id),
        "payment_methods": here.card.pk,
        "wire_transfers": str(refunded.payment_source_id),
    }


def _customers(here: Shop) -> dict[str, str]:
    entry = CustomerAddress.objects.create(
        mode=here.mode, customer=here.alice, address=here.address()
    )
    return {"customers": here.alice.pk, "customer_addresses": entry.pk}
