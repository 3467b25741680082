"""Who an open order is for and which coupon it has: changed together with what follows from it."""

from django.db import transaction

from orders.audit import Values, Who, record_write
from orders.coupons import require_recipient, require_usable
from orders.customers import find_or_create_customer
from orders.lifecycle import settle
from orders.models import Order
from orders.open_orders import bring_up_to_date, require_open
from orders.payments import settle_payment
from orders.totals import refresh_totals

WRITTEN = ("customer_email", "customer", "coupon_code")


@transaction.atomic
def change_details(order: Order, given: Values, *, who: Who) -> None:
    """Change ``customer_email`` or ``coupon_code`` of an order that the caller holds.

    The address finds or makes the customer; None leaves the order to nobody, which makes it a
    draft. What was to be paid from another customer's wallet is no longer. Raises ``Obstructed``.
    """
    require_open(order)
    before = _written(order)
    if "customer_email" in given:
        email = given["customer_email"]
        order.customer_email = email
        order.customer = find_or_create_customer(email, mode=order.mode, who=who) if email else None
    if "coupon_code" in given:
        order.coupon_code = given["coupon_code"]
    changes = record_write(order, "orders", before, _written(order), who=who)
    if not changes:
        return
    order.save(update_fields=[*WRITTEN, "updated_at"])
    if "coupon_code" in changes:
        require_usable(order)
    else:
        require_recipient(order)
    settle_payment(order, chosen=(), who=who)
    if "coupon_code" in changes:
        bring_up_to_date(order, who=who)
        return
    if order.autorefresh:
        refresh_totals([order.pk])
    settle([order.pk], who=who)


def _written(order: Order) -> Values:
    return {
        "customer_email": order.customer_email,
        "customer": order.customer_id,
        "coupon_code": order.coupon_code,
    }
