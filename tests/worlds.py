"""One of everything that the API serves: what tests walk that are about all resources at once.

A resource that is served and not in here fails them (tests/config/jsonapi/test_modes.py).
"""

from ordercopy.batches import create_batch
from ordercopy.options import CopyOptions
from orders import lifecycle
from orders.models import CustomerAddress, SkuOption, Tag
from tests.api_client import ApiClient
from tests.copying import copied
from tests.factories import TESTER, Line, cancelled_order, order_with, refunded_order, shop


def world(mode: str) -> dict[str, str]:
    """Build a shop with one of everything, and answer the ids by the type of resource."""
    here = shop(mode)
    sku = here.sku()
    order = order_with(here, Line(sku, options=[50]), shipping_cost=500)
    line = order.line_items.get()
    engraving = SkuOption.objects.create(mode=mode, name="engraving")
    copy = copied(order)
    tag = Tag.objects.create(mode=mode, name="mine")
    order.tags.add(tag)
    batch = create_batch([order.pk], mode=mode, options=CopyOptions(), who=TESTER, wake=False)
    percentage = here.promotion(percentage=10, market=here.market)
    fixed = here.promotion(fixed=500, market=here.market)
    refunded, cancelled = refunded_order(here), cancelled_order(here)
    wallet = here.wallet(here.alice)
    book = CustomerAddress.objects.create(mode=mode, customer=here.alice, address=here.address())
    draft = order_with(here)
    lifecycle.validate([draft.pk])
    api = ApiClient(mode)
    (event, *_) = api.ids(f"/api/order_copies/{copy.pk}/events")
    (entry, *_) = api.ids(f"/api/order_copies/{copy.pk}/event_stores")
    return {
        **{each.type: each.pk for each in refunded.transactions.all()},
        "voids": cancelled.transactions.get(type="voids").pk,
        "wire_transfers": refunded.payment_source_id,
        "external_payments": wallet.payment_source_id,
        "customer_payment_sources": wallet.pk,
        "customer_addresses": book.pk,
        "payment_methods": here.card.pk,
        "resource_errors": draft.resource_errors.get().pk,
        "addresses": order.billing_address_id,
        "coupons": here.coupon(f"{mode} only", promotion=percentage).pk,
        "customers": here.alice.pk,
        "event_stores": entry,
        "events": event,
        "fixed_amount_promotions": fixed.pk,
        "line_item_options": line.line_item_options.get().pk,
        "line_items": line.pk,
        "order_copies": copy.pk,
        "order_copy_batches": batch.pk,
        "order_factories": copy.pk,
        "markets": here.market.pk,
        "orders": order.pk,
        "percentage_discount_promotions": percentage.pk,
        "price_lists": here.market.price_list_id,
        "prices": sku.prices.get().pk,
        "shipments": order.shipments.get().pk,
        "shipping_methods": here.courier.pk,
        "sku_options": engraving.pk,
        "skus": sku.pk,
        "stock_items": sku.stock_items.get().pk,
        "stock_locations": here.warehouse.pk,
        "tags": tag.pk,
    }
