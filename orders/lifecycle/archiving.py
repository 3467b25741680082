"""Putting orders out of sight, whatever their status, and bringing them back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from config.jsonapi.values import write_datetime
from orders.audit import Who
from orders.lifecycle.outcome import Outcome
from orders.lifecycle.record import record_changes
from orders.lifecycle.standing import lock_orders
from orders.statements import execute

ARCHIVE = """
UPDATE orders_order
   SET archived_at = %s::timestamptz, updated_at = statement_timestamp()
 WHERE id = ANY(%s::varchar[])
"""


def archive(order_ids: Sequence[str], *, who: Who, at: datetime | None = None) -> Outcome:
    """Archive orders; one that is archived already keeps its time."""
    return _set_archived_at(order_ids, at or timezone.now(), who=who)


def unarchive(order_ids: Sequence[str], *, who: Who, at: datetime | None = None) -> Outcome:  # noqa: ARG001
    """Bring archived orders back; ``at`` is there because all actions are called alike."""
    return _set_archived_at(order_ids, None, who=who)


def _set_archived_at(order_ids: Sequence[str], at: datetime | None, *, who: Who) -> Outcome:
    with transaction.atomic():
        orders = lock_orders(order_ids)
        ready = {
            order.id: order
            for order in orders.values()
            if (order.archived_at is None) != (at is None)
        }
        execute(ARCHIVE, [at, list(ready)])
        record_changes(
            ready,
            {
                order.id: {"archived_at": (write_datetime(order.archived_at), write_datetime(at))}
                for order in ready.values()
            },
            who=who,
        )
    return Outcome(list(ready), [order_id for order_id in orders if order_id not in ready])
