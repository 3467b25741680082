"""What it means for a batch that was undone, or is being undone, that copies of it are retried.

While workers take back what a batch has made, none of its copies begins anew. Afterwards any may,
and from then on the batch is not undone any more; what undoing it did stays in its report.
"""

from collections.abc import Sequence

from config.jsonapi.values import write_datetime
from orders.audit import AuditEntry, Who, record_audit
from orders.statements import execute

BEING_UNDONE = "its batch is being undone"

# Held until the retry takes effect, so that no undoing begins meanwhile.
HOLD_BATCHES = """
SELECT id FROM ordercopy_ordercopybatch
 WHERE id IN (SELECT batch_id FROM ordercopy_orderfactory WHERE id = ANY (%s::varchar[]))
 ORDER BY id FOR NO KEY UPDATE
"""

COPIES_BEING_UNDONE = """
SELECT f.id
  FROM ordercopy_orderfactory f
  JOIN ordercopy_ordercopybatch b ON b.id = f.batch_id AND b.undo_requested_at IS NOT NULL
 WHERE f.id = ANY (%s::varchar[])
"""

NO_LONGER_UNDONE = """
UPDATE ordercopy_ordercopybatch b
   SET undone_at = NULL, updated_at = statement_timestamp()
  FROM (SELECT id, undone_at FROM ordercopy_ordercopybatch
         WHERE undone_at IS NOT NULL
           AND id IN (SELECT batch_id FROM ordercopy_orderfactory
                       WHERE id = ANY (%s::varchar[]))) AS before
 WHERE b.id = before.id
RETURNING b.mode, b.id, before.undone_at
"""


def copies_being_undone(copy_ids: Sequence[str]) -> dict[str, str]:
    """Those of the copies whose batch is being undone, with these words as the reason."""
    execute(HOLD_BATCHES, [list(copy_ids)])
    found = execute(COPIES_BEING_UNDONE, [list(copy_ids)])
    return {copy_id: BEING_UNDONE for (copy_id,) in found}


def forget_undoing(copy_ids: Sequence[str], *, who: Who) -> None:
    """Let the batches of copies that begin anew be undone no longer."""
    record_audit(
        [
            AuditEntry(
                mode,
                "order_copy_batches",
                batch_id,
                "update",
                {"undone_at": (write_datetime(undone_at), None)},
            )
            for mode, batch_id, undone_at in execute(NO_LONGER_UNDONE, [list(copy_ids)])
        ],
        who=who,
    )
