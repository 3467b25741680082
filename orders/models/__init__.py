from orders.models.address import Address
from orders.models.api_client import ApiClient, ClientRecord
from orders.models.api_request import IdempotentRequest, RequestCount
from orders.models.base import Mode
from orders.models.catalogue import Price, Sku, SkuOption, StockItem
from orders.models.customer import Customer, CustomerAddress, CustomerPaymentSource
from orders.models.event import Event, EventStore
from orders.models.import_file import ImportFile
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
from orders.models.resource_error import ResourceError
from orders.models.shipment import Shipment, ShippingMethod
from orders.models.tag import Tag
from orders.models.token import RevokedToken, SigningKey

__all__ = [
    "PROMOTION_ITEM_TYPES",
    "Address",
    "ApiClient",
    "ClientRecord",
    "Coupon",
    "Customer",
    "CustomerAddress",
    "CustomerPaymentSource",
    "Event",
    "EventStore",
    "FulfillmentStatus",
    "IdempotentRequest",
    "ImportFile",
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
    "RequestCount",
    "ResourceError",
    "RevokedToken",
    "Shipment",
    "ShippingMethod",
    "SigningKey",
    "Sku",
    "SkuOption",
    "StockItem",
    "StockLineItem",
    "StockLocation",
    "Tag",
    "Transaction",
]
