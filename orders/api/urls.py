"""The addresses of the shop's resources; importing their declarations registers them."""

from config.jsonapi.registry import registered
from config.jsonapi.urls import urls_of
from orders.api import (  # noqa: F401
    addresses,
    coupons,
    customers,
    event_stores,
    events,
    line_item_options,
    line_items,
    markets,
    orders,
    organizations,
    price_lists,
    prices,
    promotions,
    shipments,
    shipping_methods,
    sku_options,
    skus,
    stock_items,
    stock_locations,
    tags,
)

urlpatterns = urls_of(registered("orders"))
