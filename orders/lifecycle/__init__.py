"""The life of an order: every action works on a set of orders, in few statements for all of them.

Actions are called alike, ``action(order_ids, who=…, at=…)``, and answer an ``Outcome``. They are
idempotent: an order that is there already is left as it is.
"""

from orders.lifecycle.archiving import archive, unarchive
from orders.lifecycle.cancelling import cancel, refund
from orders.lifecycle.drafts import make_pending, settle
from orders.lifecycle.errors import keep_errors
from orders.lifecycle.foresight import obstacles_ahead
from orders.lifecycle.moves import MOVES, Move
from orders.lifecycle.outcome import Outcome
from orders.lifecycle.placing import place, validate
from orders.lifecycle.processing import (
    approve,
    approve_and_capture,
    authorize,
    capture,
    fulfill,
)
from orders.lifecycle.requirements import placing_obstacles
from orders.lifecycle.standing import OrdersNotFound

__all__ = [
    "MOVES",
    "Move",
    "OrdersNotFound",
    "Outcome",
    "approve",
    "approve_and_capture",
    "archive",
    "authorize",
    "cancel",
    "capture",
    "fulfill",
    "keep_errors",
    "make_pending",
    "obstacles_ahead",
    "place",
    "placing_obstacles",
    "refund",
    "settle",
    "unarchive",
    "validate",
]
