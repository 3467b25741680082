"""Which copies are this connection's to work on.

A claim is committed at once, so that everybody sees it. From then on a copy belongs to the database
connection that claimed it, as long as that connection lives: after a crash any worker may take it
up at once, without time-outs or leases, and never while its owner is only between two statements.
A connection that comes back for more has let go of whatever it still held.
"""

from collections.abc import Sequence

from django.db import transaction

from ordercopy.engine.plan import CopyInHand
from orders.statements import execute

# Orphans come first. Should one of them be what killed its worker, it must not take the others
# down with it for ever: after the first crash they are taken up a few at a time, after that alone.
# A copy that cancels its source shares a batch with no other copy of that source.
CLAIM = """
WITH orphan AS MATERIALIZED (
  SELECT f.id, f.sequence, f.source_order_id, c.cancel_source_order IS TRUE AS cancels, f.takeups
    FROM ordercopy_orderfactory f
    JOIN ordercopy_ordercopy c ON c.orderfactory_ptr_id = f.id
   WHERE f.status = 'in_progress' {scope}
     AND (f.claimed_pid = pg_backend_pid() OR NOT EXISTS (
          SELECT FROM pg_stat_activity a
           WHERE a.pid = f.claimed_pid AND a.backend_start <= f.claimed_at))
   ORDER BY f.takeups, f.sequence LIMIT {few} FOR NO KEY UPDATE OF f SKIP LOCKED
), waiting AS MATERIALIZED (
  SELECT f.id, f.sequence, f.source_order_id, c.cancel_source_order IS TRUE AS cancels
    FROM ordercopy_orderfactory f
    JOIN ordercopy_ordercopy c ON c.orderfactory_ptr_id = f.id
   WHERE f.status = 'pending' {scope} AND NOT EXISTS (SELECT FROM orphan)
   ORDER BY f.sequence LIMIT %(limit)s FOR NO KEY UPDATE OF f SKIP LOCKED
), candidate AS MATERIALIZED (
  SELECT id, sequence, source_order_id, cancels FROM waiting
   UNION ALL
  SELECT id, sequence, source_order_id, cancels FROM orphan WHERE takeups = 1
   UNION ALL
 (SELECT id, sequence, source_order_id, cancels FROM orphan
   WHERE NOT EXISTS (SELECT FROM orphan WHERE takeups = 1)
   ORDER BY takeups, sequence LIMIT 1)
), taken AS (
  SELECT id FROM candidate c
   WHERE NOT EXISTS (SELECT FROM candidate e
                      WHERE e.source_order_id = c.source_order_id AND e.sequence < c.sequence
                        AND (e.cancels OR c.cancels))
), claimed AS (
  UPDATE ordercopy_orderfactory f
     SET status = 'in_progress', takeups = takeups + 1, worker = %(worker)s,
         started_at = CASE WHEN f.status = 'pending' THEN clock_timestamp() ELSE started_at END,
         claimed_pid = pg_backend_pid(), claimed_at = clock_timestamp(),
         updated_at = statement_timestamp()
    FROM taken WHERE f.id = taken.id
  RETURNING f.id, f.mode, f.type, f.sequence, f.takeups
), started AS (
  INSERT INTO orders_event (mode, name, resource_type, resource_id)
  SELECT mode, type || '.start', type, id FROM claimed WHERE takeups = 1 ORDER BY sequence
)
SELECT id FROM claimed ORDER BY sequence
"""

FEW = 25
CLAIM_ANY = CLAIM.format(few=FEW, scope="")
CLAIM_OF_BATCH = CLAIM.format(few=FEW, scope="AND f.batch_id = %(batch)s")
CLAIM_GIVEN = CLAIM.format(few=FEW, scope="AND f.id = ANY (%(copies)s::varchar[])")

# What another worker has taken meanwhile, or a person has aborted or deleted, is dropped here. It
# waits for locks instead of skipping them: another worker's claim that read these rows while they
# were still pending locks them for an instant before it lets them be, and a copy that was dropped
# for that would stay in progress for as long as this connection lives, with nobody working on it.
HOLD = """
SELECT f.id, f.mode, f.attempt, f.takeups, f.started_at, f.source_order_id, t.id, t.status,
       f.place_target_order IS TRUE, c.cancel_source_order IS TRUE, f.reuse_wallet,
       c.apply_promotions, c.skip_errors, c.ignore_invalid_coupon
  FROM ordercopy_orderfactory f
  JOIN ordercopy_ordercopy c ON c.orderfactory_ptr_id = f.id
  LEFT JOIN orders_order t ON t.id = f.target_order_id
 WHERE f.id = ANY (%s::varchar[]) AND f.status = 'in_progress'
   AND f.claimed_pid = pg_backend_pid()
 ORDER BY f.sequence FOR NO KEY UPDATE OF f
"""

RELEASE = """
UPDATE ordercopy_orderfactory
   SET status = 'pending', takeups = takeups - 1, claimed_pid = NULL, claimed_at = NULL
 WHERE id = ANY (%s::varchar[]) AND status = 'in_progress' AND claimed_pid = pg_backend_pid()
"""


def claim(
    *,
    worker: str,
    limit: int,
    batch_id: str | None = None,
    copy_ids: Sequence[str] | None = None,
) -> list[str]:
    """Claim up to ``limit`` copies, oldest first, and commit; returns their ids.

    ``batch_id`` or ``copy_ids`` narrow the choice. Orphans come first, a few or one at a time.
    """
    params = {"limit": limit, "worker": worker, "batch": batch_id, "copies": copy_ids}
    sql = CLAIM_ANY
    if batch_id is not None:
        sql = CLAIM_OF_BATCH
    elif copy_ids is not None:
        sql = CLAIM_GIVEN
    with transaction.atomic():
        return [copy_id for (copy_id,) in execute(sql, params)]


def hold(copy_ids: Sequence[str]) -> list[CopyInHand]:
    """Lock claimed copies for the working transaction; in the order in which they were created."""
    return [CopyInHand(*row) for row in execute(HOLD, [list(copy_ids)])]


def release(copy_ids: Sequence[str]) -> None:
    """Give claimed copies back untouched, for any worker to take."""
    with transaction.atomic():
        execute(RELEASE, [list(copy_ids)])
