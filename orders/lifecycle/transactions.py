"""Transactions that follow from another one, as a part of the statement that moves orders."""


def following(kind: str, follows: str, *, payment_status: str) -> str:
    """A CTE that books ``kind`` for those ``orders`` that still have this payment status.

    Each refers to the order's last transaction of the kind that it ``follows``.
    """
    return f"""
booked AS (
  INSERT INTO orders_transaction
         (mode, type, order_id, amount_cents, currency_code, reference_transaction_id)
  SELECT o.mode, '{kind}', o.id, o.total_amount_cents, o.currency_code,
         (SELECT earlier.id
            FROM orders_transaction earlier
           WHERE earlier.order_id = o.id AND earlier.type = '{follows}' AND earlier.succeeded
           ORDER BY earlier.created_at DESC, earlier.id
           LIMIT 1)
    FROM orders_order o
   WHERE o.id = ANY(%(orders)s::varchar[]) AND o.payment_status = '{payment_status}')
"""  # noqa: S608
