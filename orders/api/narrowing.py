"""Which rows a caller sees: those of its mode and, as a sales channel, of its market and its own.

Every lookup goes through ``visible``: lists, single rows, includes, and the ids that a request's
relationships and clones name. What a caller cannot see does not exist for it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet

from orders.api.caller import Caller
from orders.models import ClientRecord, Market, Order, Price
from orders.models.api_client import ApiClient

Row = TypeVar("Row", bound=models.Model)
Condition = Callable[[Caller], Q]


def visible(rows: QuerySet[Row], *, caller: Caller, resource: str) -> QuerySet[Row]:
    """Those of the rows of a resource that exist for the caller."""
    if _has_mode(rows.model):
        rows = rows.filter(mode=caller.mode)
    if caller.kind != ApiClient.Kind.SALES_CHANNEL:
        return rows
    condition = OF_SALES_CHANNELS.get(resource)
    return rows.filter(condition(caller)) if condition else rows.none()


def remember(caller: Caller, resource: str, pk: str) -> None:
    """Note that a caller made a resource; call it in the transaction that makes it."""
    if caller.kind == ApiClient.Kind.SALES_CHANNEL:
        ClientRecord.objects.create(client_id=caller.id, resource_type=resource, resource_id=pk)


def _has_mode(model: type[models.Model]) -> bool:
    try:
        model._meta.get_field("mode")
    except FieldDoesNotExist:
        return False
    return True


def _made(caller: Caller, resource: str) -> Q:
    ids = ClientRecord.objects.filter(client_id=caller.id, resource_type=resource)
    return Q(pk__in=ids.values("resource_id"))


def _orders(caller: Caller) -> QuerySet[Order]:
    return Order.objects.filter(_made(caller, "orders"), mode=caller.mode)


def _price_list(caller: Caller) -> QuerySet[Any]:
    return Market.objects.filter(pk=caller.market_id).values("price_list_id")


def _of_market(caller: Caller) -> Q:
    """Of the caller's market, or of every market."""
    return Q(market=caller.market_id) | Q(market=None)


def _skus(caller: Caller) -> Q:
    prices = Price.objects.filter(price_list__in=_price_list(caller))
    return Q(pk__in=prices.values("sku_id"))


def _addresses(caller: Caller) -> Q:
    orders = _orders(caller)
    return (
        _made(caller, "addresses")
        | Q(pk__in=orders.values("billing_address_id"))
        | Q(pk__in=orders.values("shipping_address_id"))
    )


def _payment_sources(resource: str) -> Condition:
    return lambda caller: _made(caller, resource) | Q(order__in=_orders(caller))


OF_SALES_CHANNELS: dict[str, Condition] = {
    "markets": lambda caller: Q(pk=caller.market_id),
    "skus": _skus,
    "sku_options": _of_market,
    "prices": lambda caller: Q(price_list__in=_price_list(caller)),
    "shipping_methods": _of_market,
    "payment_methods": _of_market,
    "orders": lambda caller: _made(caller, "orders"),
    "line_items": lambda caller: Q(order__in=_orders(caller)),
    "line_item_options": lambda caller: Q(line_item__order__in=_orders(caller)),
    "addresses": _addresses,
    "shipments": lambda caller: Q(order__in=_orders(caller)),
    "external_payments": _payment_sources("external_payments"),
    "wire_transfers": _payment_sources("wire_transfers"),
}
