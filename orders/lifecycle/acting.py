"""How every action goes: hold, sort out, prepare, move, record."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from orders.audit import Who
from orders.lifecycle.moves import Move, Sorted, sort_out
from orders.lifecycle.outcome import Outcome
from orders.lifecycle.record import record_moves
from orders.lifecycle.standing import lock_orders
from orders.statements import execute

Preparation = Callable[[Sorted, datetime], None]


def act(
    move: Move,
    sql: str,
    order_ids: Sequence[str],
    *,
    who: Who,
    at: datetime | None,
    prepare: Preparation | None = None,
) -> Outcome:
    """Make one move with all orders that may make it, in one transaction.

    ``prepare`` does what comes before, and may refuse orders that are ready. ``sql`` then moves
    the rest; it reads ``orders`` (their ids), ``at`` and ``who``, and answers their states.
    """
    at = at or timezone.now()
    with transaction.atomic():
        orders = sort_out(move, lock_orders(order_ids).values())
        if orders.ready and prepare:
            prepare(orders, at)
        if orders.ready:
            params = {"orders": list(orders.ready), "at": at, "who": Jsonb(who.as_json())}
            after = execute(sql, params)
            record_moves(orders.ready, after, who=who)
    return orders.outcome()
