"""How orders can be shipped, what that costs, and that there is a shipment for what has to be sent.

A method is offered to orders of its market and currency (or of any) whose weight lies within its
bounds. It costs its price, and nothing for orders over its ``free_over_amount_cents``.
"""

from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from orders.audit import Who, record_write
from orders.lifecycle.contents import SHIPS
from orders.models import Order, Shipment, ShippingMethod
from orders.models.catalogue import UnitOfWeight
from orders.statements import execute

GRAMS = {UnitOfWeight.GRAM: 1.0, UnitOfWeight.OUNCE: 28.349523125, UnitOfWeight.POUND: 453.59237}

WEIGHTS = """
SELECT line.order_id,
       sum(line.quantity * sku.weight * coalesce((%s::jsonb ->> sku.unit_of_weight)::float, 1))
  FROM orders_lineitem line
  JOIN orders_sku sku ON sku.id = line.sku_id AND NOT sku.do_not_ship AND sku.weight IS NOT NULL
 WHERE line.order_id = ANY(%s::varchar[]) AND line.item_type = 'skus'
 GROUP BY line.order_id
"""

SHIPPING = f"SELECT o.id FROM orders_order o WHERE o.id = %s AND {SHIPS}"  # noqa: S608


def weights_of(order_ids: Sequence[str]) -> dict[str, float]:
    """The grams that have to be sent, by order; SKUs without a weight weigh nothing."""
    found = dict.fromkeys(order_ids, 0.0)
    return found | dict(execute(WEIGHTS, [Jsonb(GRAMS), list(order_ids)]))


def is_offered(method: ShippingMethod, order: Order, *, grams: float) -> bool:
    """Whether an order may be shipped by this method now."""
    unit = GRAMS[UnitOfWeight(method.unit_of_weight or UnitOfWeight.GRAM)]
    return (
        method.disabled_at is None
        and method.mode == order.mode
        and method.market_id in {None, order.market_id}
        and method.currency_code in {None, order.currency_code}
        and (method.min_weight is None or method.min_weight * unit <= grams)
        and (method.max_weight is None or grams <= method.max_weight * unit)
    )


def cost_of(method: ShippingMethod, order: Order) -> int:
    """The cents that shipping an order costs; what is free depends on its other amounts."""
    amount = order.subtotal_amount_cents
    if not method.use_subtotal:
        amount += order.discount_amount_cents
    limit = method.free_over_amount_cents
    return 0 if limit is not None and amount > limit else method.price_amount_cents


def provide_shipment(order: Order, *, who: Who) -> None:
    """Give an open order a shipment if something in it has to be sent, and none if nothing has.

    It goes by the market's usual method, if there is one and it is offered to the order.
    """
    shipments = list(order.shipments.exclude(status=Shipment.Status.CANCELLED))
    if not execute(SHIPPING, [order.pk]):
        for shipment in shipments:
            record_write(shipment, "shipments", written(shipment), {}, who=who)
            shipment.delete()
    elif not shipments:
        shipment = Shipment(mode=order.mode, order=order)
        method = order.market.default_shipping_method
        grams = weights_of([order.pk])[order.pk]
        if method and is_offered(method, order, grams=grams):
            shipment.shipping_method = method
            shipment.cost_amount_cents = cost_of(method, order)
        shipment.save(force_insert=True)
        shipment.refresh_from_db(fields=["number"])
        record_write(shipment, "shipments", {}, written(shipment), who=who)


def refresh_costs(order: Order, *, who: Who) -> bool:
    """Let the costs follow that depend on the order's amounts; answer whether any changed."""
    order.refresh_from_db(fields=["subtotal_amount_cents", "discount_amount_cents"])
    shipments = order.shipments.exclude(status=Shipment.Status.CANCELLED)
    free_over = shipments.filter(shipping_method__free_over_amount_cents__isnull=False)
    changed = False
    for shipment in free_over.select_related("shipping_method"):
        before = written(shipment)
        if method := shipment.shipping_method:
            shipment.cost_amount_cents = cost_of(method, order)
        if record_write(shipment, "shipments", before, written(shipment), who=who):
            shipment.save(update_fields=["cost_amount_cents", "updated_at"])
            changed = True
    return changed


def written(shipment: Shipment) -> dict[str, Any]:
    """What of a shipment is told in the audit trail."""
    return {
        "number": shipment.number,
        "status": shipment.status,
        "shipping_method": shipment.shipping_method_id,
        "cost_amount_cents": shipment.cost_amount_cents,
        "reference": shipment.reference,
        "reference_origin": shipment.reference_origin,
        "metadata": shipment.metadata,
    }
