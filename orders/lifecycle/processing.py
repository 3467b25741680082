"""What a merchant does with a placed order: authorize, approve, capture, fulfill."""

from collections.abc import Sequence
from datetime import datetime

from orders.audit import Who
from orders.lifecycle.acting import act
from orders.lifecycle.moves import APPROVE, APPROVE_AND_CAPTURE, AUTHORIZE, CAPTURE, FULFILL
from orders.lifecycle.outcome import Outcome
from orders.lifecycle.parcels import HANDED_OVER
from orders.lifecycle.record import RETURNING_STATES
from orders.lifecycle.transactions import following

AUTHORIZE_PAYMENTS = f"""
WITH authorizations AS (
  INSERT INTO orders_transaction (mode, type, order_id, amount_cents, currency_code)
  SELECT mode, 'authorizations', id, total_amount_cents, currency_code
    FROM orders_order
   WHERE id = ANY(%(orders)s::varchar[]) AND total_amount_cents > 0)
UPDATE orders_order
   SET payment_status = CASE WHEN total_amount_cents = 0 THEN 'free' ELSE 'authorized' END,
       payment_updated_at = %(at)s,
       updated_at = statement_timestamp()
 WHERE id = ANY(%(orders)s::varchar[])
{RETURNING_STATES}
"""  # noqa: S608

APPROVE_ORDERS = f"""
UPDATE orders_order
   SET status = 'approved', approved_at = %(at)s, updated_at = statement_timestamp()
 WHERE id = ANY(%(orders)s::varchar[])
{RETURNING_STATES}
"""  # noqa: S608

# An order that was not approved before is now.
CAPTURE_PAYMENTS = f"""
WITH {following("captures", "authorizations", payment_status="authorized")}
UPDATE orders_order
   SET status = 'approved',
       approved_at = coalesce(approved_at, %(at)s),
       payment_status = 'paid',
       payment_updated_at = %(at)s,
       fulfillment_status = CASE WHEN fulfillment_status = 'unfulfilled'
                                 THEN 'in_progress' ELSE fulfillment_status END,
       fulfillment_updated_at = CASE WHEN fulfillment_status = 'unfulfilled'
                                     THEN %(at)s ELSE fulfillment_updated_at END,
       updated_at = statement_timestamp()
 WHERE id = ANY(%(orders)s::varchar[])
{RETURNING_STATES}
"""  # noqa: S608

FULFILL_ORDERS = f"""
WITH {HANDED_OVER}
UPDATE orders_order
   SET fulfillment_status = 'fulfilled',
       fulfillment_updated_at = %(at)s,
       updated_at = statement_timestamp()
 WHERE id = ANY(%(orders)s::varchar[])
{RETURNING_STATES}
"""  # noqa: S608


def authorize(order_ids: Sequence[str], *, who: Who, at: datetime | None = None) -> Outcome:
    """Book the promise of a payment for placed orders that came in without one."""
    return act(AUTHORIZE, AUTHORIZE_PAYMENTS, order_ids, who=who, at=at)


def approve(order_ids: Sequence[str], *, who: Who, at: datetime | None = None) -> Outcome:
    """Accept placed orders."""
    return act(APPROVE, APPROVE_ORDERS, order_ids, who=who, at=at)


def capture(order_ids: Sequence[str], *, who: Who, at: datetime | None = None) -> Outcome:
    """Take the money of approved orders; what has to be sent is then being fulfilled."""
    return act(CAPTURE, CAPTURE_PAYMENTS, order_ids, who=who, at=at)


def approve_and_capture(
    order_ids: Sequence[str], *, who: Who, at: datetime | None = None
) -> Outcome:
    """Do both, or neither for an order whose payment cannot be captured."""
    return act(APPROVE_AND_CAPTURE, CAPTURE_PAYMENTS, order_ids, who=who, at=at)


def fulfill(order_ids: Sequence[str], *, who: Who, at: datetime | None = None) -> Outcome:
    """Note that everything was handed over: it is shipped, and its stock will not come back."""
    return act(FULFILL, FULFILL_ORDERS, order_ids, who=who, at=at)
