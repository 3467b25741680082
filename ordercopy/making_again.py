"""Failed copies made again, leaving out what failed: each as a new copy that skips errors."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from psycopg.types.json import Jsonb

from ordercopy.choosing import PLACED
from ordercopy.copies import CREATE, Answer, LockedCopy, lock_copies
from ordercopy.models import FactoryStatus
from ordercopy.waking import wake_workers
from ordercopy.wishes import UNPLACED, begin_wishes, lock_targets, take_over
from orders import lifecycle
from orders.audit import Who
from orders.statements import execute

# In the order given; everything but ``skip_errors`` is as it was asked for the first time.
CREATE_AGAIN = CREATE.format(
    source="""
  SELECT new_id() AS id, next_factory_sequence() AS sequence, given.source_order_id AS source_id,
         given.mode, given.place_target_order, given.cancel_source_order, given.reuse_wallet,
         given.apply_promotions, true AS skip_errors, given.ignore_invalid_coupon,
         NULL::text AS reference, NULL::text AS reference_origin, given.metadata,
         NULL::varchar AS batch_id, given.id AS again_of_id, given.wish
    FROM (SELECT f.*, c.* FROM unnest(%(copies)s::varchar[]) WITH ORDINALITY AS g(id, nth)
            JOIN ordercopy_orderfactory f ON f.id = g.id
            JOIN ordercopy_ordercopy c ON c.orderfactory_ptr_id = g.id
           ORDER BY g.nth) AS given"""
)


def make_again(copy_ids: Sequence[str], *, who: Who, wake: bool = True) -> Answer:
    """Make failed copies again as new ones that skip errors, linked to those they make again.

    Targets that the failed copies kept, still draft or pending, are cancelled first. The answer's
    ``done`` are the new copies. No second order is made: ``refused`` are, beside copies that did
    not fail, those whose target somebody has placed and those whose order comes from another copy
    (see ``take_over``).
    """
    answer = Answer()
    with transaction.atomic():
        rows = lock_copies(copy_ids, answer)
        targets = lock_targets(row.target_id for row in rows)
        answer.refused = _refused(rows, targets)
        able = [row for row in rows if row.id not in answer.refused]
        begin_wishes([row.id for row in able])
        answer.refused |= take_over({row.id: row.wish for row in able if row.wish}, who=who)
        able = [row for row in rows if row.id not in answer.refused]
        kept = [row.target_id for row in able if row.target_id]
        lifecycle.cancel([pk for pk in kept if targets[pk] in UNPLACED], who=who)
        created = execute(
            CREATE_AGAIN, {"copies": [row.id for row in able], "who": Jsonb(who.as_json())}
        )
        answer.done = [copy_id for copy_id, _ in created]
        if wake and answer.done:
            wake_workers()
    return answer


def _refused(rows: Sequence[LockedCopy], targets: Mapping[str, str]) -> dict[str, str]:
    """Why copies cannot be made again for what they are, while nobody else can move them."""
    refused = {}
    for row in rows:
        if row.status != FactoryStatus.FAILED:
            refused[row.id] = row.status
        elif targets.get(row.target_id or "") in PLACED:
            refused[row.id] = "its target was placed"
    return refused
