from orders.models.address import Address
from orders.models.base import Mode
from orders.models.catalogue import Price, Sku, SkuOption, StockItem
from orders.models.customer import Customer, CustomerAddress, CustomerPaymentSource
from orders.models.event import Event, EventStore
from orders.models.line_item import (
    PROMOTION_ITEM_TYPES,
    ItemType,
    LineItem,
    LineItemOption,
    StockLineItem,
)
from orders.models.market import Market, MarketStockLocation, PriceList, StockLocation
from orders.models.order import FulfillmentStatus, Order, OrderStatus, PaymentStatus
from orders.models.organization import Organization
from orders.models.payment import (
    PaymentMethod,
    PaymentSource,
    PaymentSourceType,
    Transaction,
)
from orders.models.promotion import Coupon, Promotion
from orders.models.shipment import Shipment, ShippingMethod
from orders.models.tag import Tag

__all__ = [
    "PROMOTION_ITEM_TYPES",
    "Address",
    "Coupon",
    "Customer",
    "CustomerAddress",
    "CustomerPaymentSource",
    "Event",
    "EventStore",
    "FulfillmentStatus",
    "ItemType",
    "LineItem",
    "LineItemOption",
    "Market",
    "MarketStockLocation",
    "Mode",
    "Order",
    "OrderStatus",
    "Organization",
    "PaymentMethod",
    "PaymentSource",
    "PaymentSourceType",
    "PaymentStatus",
    "Price",
    "PriceList",
    "Promotion",
    "Shipment",
    "ShippingMethod",
    "Sku",
    "SkuOption",
    "StockItem",
    "StockLineItem",
    "StockLocation",
    "Tag",
    "Transaction",
]
