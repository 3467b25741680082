"""What undoing a batch would do, in numbers, for whoever has to say yes to it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ordercopy.batch_progress import progress_of
from ordercopy.batches import IS_DELETABLE
from ordercopy.models import FactoryStatus, OrderCopyBatch
from orders.lifecycle.moves import CANCEL
from orders.statements import execute

TARGETS = f"""
SELECT o.status, o.payment_status, o.fulfillment_status, {IS_DELETABLE}, count(*)
  FROM ordercopy_orderfactory f
  JOIN orders_order o ON o.id = f.target_order_id
 WHERE f.batch_id = %s AND f.status IN ('completed', 'failed')
 GROUP BY 1, 2, 3, 4
"""  # noqa: S608

# Whether there is a target that undoing would delete or cancel; the first one settles it.
ANY_TARGET = f"""
SELECT EXISTS (
  SELECT FROM ordercopy_orderfactory f
    JOIN orders_order o ON o.id = f.target_order_id
   WHERE f.batch_id = %(batch)s AND f.status IN ('completed', 'failed')
     AND ({IS_DELETABLE}
          OR (o.status = ANY (%(statuses)s::varchar[])
              AND o.payment_status = ANY (%(payments)s::varchar[])
              AND o.fulfillment_status = ANY (%(fulfillments)s::varchar[]))))
"""  # noqa: S608


@dataclass(frozen=True)
class States:
    """Where an order stands, as far as cancelling it is concerned."""

    status: str
    payment_status: str
    fulfillment_status: str


@dataclass(frozen=True)
class UndoProspect:
    """How many copies would be stopped, and how many orders deleted, cancelled or left.

    ``left`` counts them by what says why: the message of the obstacle. Copies ``in_hand`` belong to
    a worker at this moment and are left too.
    """

    stopped: int = 0
    in_hand: int = 0
    deleted: int = 0
    cancelled: int = 0
    left: Mapping[str, int] = field(default_factory=dict)

    @property
    def does_anything(self) -> bool:
        return bool(self.stopped or self.deleted or self.cancelled)


def can_be_undone(batch: OrderCopyBatch) -> bool:
    """Whether undoing a batch that has ended would do anything, without counting what."""
    where = {
        "statuses": list(CANCEL.statuses),
        "payments": list(CANCEL.payments),
        "fulfillments": list(CANCEL.fulfillments),
    }
    ((anything,),) = execute(ANY_TARGET, {"batch": batch.pk, **where})
    return bool(anything)


def undo_prospect(batch: OrderCopyBatch) -> UndoProspect:
    """Count what undoing it would do now, in two queries."""
    progress = progress_of([batch.pk])[batch.pk]
    counts: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for *states, deletable, orders in execute(TARGETS, [batch.pk]):
        obstacle = CANCEL.obstacle(States(*states))
        if deletable:
            counts["deleted"] += orders
        elif obstacle is None:
            counts["cancelled"] += orders
        elif not CANCEL.has_arrived(States(*states)):
            left[obstacle.message] += orders
    return UndoProspect(
        stopped=progress.count(FactoryStatus.PENDING),
        in_hand=progress.count(FactoryStatus.IN_PROGRESS),
        deleted=counts["deleted"],
        cancelled=counts["cancelled"],
        left=left,
    )
