"""Orders whose contents may still be changed, and what follows when they are."""

from django.db.models import F
from django.utils import timezone

from orders.audit import Who
from orders.lifecycle import settle
from orders.models import ItemType, Order, OrderStatus
from orders.obstacles import Obstacle, Obstructed
from orders.promotions import apply_promotions
from orders.shipping import provide_shipment, refresh_costs
from orders.totals import refresh_totals

OPEN = frozenset({OrderStatus.DRAFT, OrderStatus.PENDING})


def hold(order_id: str) -> Order:
    """Lock an order for the rest of the transaction and answer it with its market and prices.

    Whatever writes a part of an order holds the order first, so that nobody waits in a circle.
    """
    orders = Order.objects.select_related("market__price_list")
    return orders.select_for_update(of=("self",), no_key=True).get(pk=order_id)


def require_open(order: Order) -> None:
    """Raise ``Obstructed`` where the contents of an order have been agreed on."""
    if order.status not in OPEN:
        raise Obstructed(
            Obstacle("not_open", "order", f"is {order.status}: what is in it cannot be changed")
        )


def refresh(order_id: str, *, who: Who, changed: bool = False) -> None:
    """Compute the amounts of an order anew, whether it does that by itself or not.

    An open order gets the promotions that are valid now. One that was copied keeps those that it
    was copied with, until somebody has ``changed`` what is in it, or they are more than it costs.
    """
    order = hold(order_id)
    keeps = order.copied_from_id is not None and not changed and not _is_overdrawn(order)
    if order.status in OPEN and not keeps:
        _apply_what_is_valid(order, who=who)
    else:
        refresh_totals([order.pk])


def catch_up(order: Order, *, who: Who) -> None:
    """Compute what an open order owes, even if it does not refresh by itself.

    For whoever is about to place it: what a customer buys is known before it is bought.
    """
    if not order.autorefresh and order.status in OPEN:
        refresh(order.pk, who=who)


def bring_up_to_date(order: Order, *, who: Who) -> None:
    """Let shipments, promotions, totals and status follow from the contents of an open order.

    The promotions are those that are valid now. One that came with a copy was meant for what was
    copied, so it ends when that is changed. Without ``autorefresh`` amounts wait for ``_refresh``.
    """
    provide_shipment(order, who=who)
    if order.autorefresh:
        _apply_what_is_valid(order, who=who)
    settle([order.pk], who=who)


def _apply_what_is_valid(order: Order, *, who: Who) -> None:
    apply_promotions([order.pk], at=timezone.now())
    if refresh_costs(order, who=who):
        refresh_totals([order.pk])


def _is_overdrawn(order: Order) -> bool:
    """Whether more is taken off a line than it costs: it changed while amounts waited."""
    lines = order.line_items.filter(item_type=ItemType.SKU)
    return lines.filter(total_amount_cents__lt=-F("discount_cents")).exists()
