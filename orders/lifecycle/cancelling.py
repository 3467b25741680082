"""The end of an order: cancelled before money was taken, refunded after."""

from collections.abc import Sequence
from datetime import datetime

from orders.audit import Who
from orders.lifecycle.acting import act
from orders.lifecycle.moves import CANCEL, REFUND, Sorted
from orders.lifecycle.outcome import Outcome
from orders.lifecycle.parcels import CALLED_OFF
from orders.lifecycle.record import RETURNING_STATES
from orders.lifecycle.taking import give_back
from orders.lifecycle.transactions import following

CANCEL_ORDERS = f"""
WITH {following("voids", "authorizations", payment_status="authorized")},
{CALLED_OFF}
UPDATE orders_order
   SET status = 'cancelled', cancelled_at = %(at)s,
       payment_status = 'voided', payment_updated_at = %(at)s, updated_at = statement_timestamp()
 WHERE id = ANY(%(orders)s::varchar[])
{RETURNING_STATES}
"""  # noqa: S608

REFUND_ORDERS = f"""
WITH {following("refunds", "captures", payment_status="paid")},
{CALLED_OFF}
UPDATE orders_order
   SET status = 'cancelled', cancelled_at = %(at)s,
       payment_status = 'refunded', payment_updated_at = %(at)s, updated_at = statement_timestamp()
 WHERE id = ANY(%(orders)s::varchar[])
{RETURNING_STATES}
"""  # noqa: S608


def cancel(order_ids: Sequence[str], *, who: Who, at: datetime | None = None) -> Outcome:
    """Call orders off: what they hold is given back, and a promised payment is void."""
    return act(CANCEL, CANCEL_ORDERS, order_ids, who=who, at=at, prepare=_give_back)


def refund(order_ids: Sequence[str], *, who: Who, at: datetime | None = None) -> Outcome:
    """Pay back paid orders, which cancels them; stock comes back unless it was handed over."""
    return act(REFUND, REFUND_ORDERS, order_ids, who=who, at=at, prepare=_give_back)


def _give_back(orders: Sorted, _at: datetime) -> None:
    give_back(orders.ready.values())
