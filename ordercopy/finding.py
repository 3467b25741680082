"""Finding copies by what somebody has at hand: an order's number, a customer, a SKU, an id."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower

from ordercopy.choosing import ABOUT_A_SKU
from ordercopy.models import CopyError, OrderFactory
from orders.codes import spellings
from orders.models import Customer, Order

# Shorter beginnings of addresses stand for a good part of all customers.
SHORTEST_BEGINNING = 3


def find_factories(text: str, *, mode: str) -> QuerySet[OrderFactory, Any]:
    """The ids of the factories that a text stands for.

    It is the number of their source or target, the beginning of the customer's e-mail address, the
    code of a SKU that an attempt stumbled over, or an id. Each is one look into an index.
    """
    given = text.strip()
    factories = OrderFactory.objects.filter(mode=mode).order_by()
    numbers = spellings(given.removeprefix("#"))
    numbered = Order.objects.filter(mode=mode, number__in=numbers).order_by()
    stumbled = CopyError.objects.filter(code__in=ABOUT_A_SKU, sku_code__in=spellings(given))
    found = [
        factories.filter(source_order__in=numbered.values("pk")),
        factories.filter(target_order__in=numbered.values("pk")),
        factories.filter(pk__in=stumbled.order_by().values("factory")),
    ]
    if len(given) >= SHORTEST_BEGINNING:
        found.append(factories.filter(source_order__in=_orders_of(given, mode=mode)))
    return factories.filter(pk=given).values("pk").union(*(rows.values("pk") for rows in found))


def _orders_of(beginning: str, *, mode: str) -> QuerySet[Order, Any]:
    """The ids of the orders of customers whose e-mail address begins so, whatever its capitals."""
    customers = Customer.objects.filter(mode=mode).alias(lowered=Lower("email")).order_by()
    found = customers.filter(lowered__startswith=beginning.lower())
    return Order.objects.filter(mode=mode, customer__in=found.values("pk")).order_by().values("pk")
