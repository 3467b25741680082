"""The addresses of the shop's resources; importing their declarations registers them."""

from config.jsonapi.registry import registered
from config.jsonapi.urls import urls_of
from orders.api import (  # noqa: F401
    addresses,
    applications,
    coupons,
    customer_addresses,
    customer_payment_sources,
    customers,
    event_stores,
    events,
    line_item_options,
    line_items,
    markets,
    orders,
    organizations,
    payment_methods,
    payment_sources,
    price_lists,
    prices,
    promotions,
    resource_errors,
    shipments,
    shipping_methods,
    sku_options,
    skus,
    stock_items,
    stock_locations,
    tags,
    transactions,
)

urlpatterns = urls_of(registered("orders"))
