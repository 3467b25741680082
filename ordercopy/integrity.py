"""What must always hold for copies, beside what must hold in the shop."""

from orders import integrity
from orders.integrity import Check

# A worker that crashed is replaced within two seconds; nobody took this one up for so long.
GONE_FOR_LONG = "1 minute"

ONE_FACTORY = """
SELECT 'orders', o.id, o.number, o.mode,
       format('%s copies say that they made it: %s',
              count(*), string_agg(f.id, ', ' ORDER BY f.sequence))
  FROM ordercopy_orderfactory f
  JOIN orders_order o ON o.id = f.target_order_id
 GROUP BY o.id HAVING count(*) > 1
 ORDER BY o.number
"""

LINEAGE = """
SELECT 'order_copies', f.id, s.number, f.mode,
       format('its target %s says that it was copied from %s', t.number,
              coalesce((SELECT c.number FROM orders_order c WHERE c.id = t.copied_from_id),
                       'nothing'))
  FROM ordercopy_orderfactory f
  JOIN orders_order t ON t.id = f.target_order_id
  JOIN orders_order s ON s.id = f.source_order_id
 WHERE t.copied_from_id IS DISTINCT FROM f.source_order_id
 ORDER BY f.sequence
"""

COMPLETED_HAVE_TARGETS = """
SELECT 'order_copies', f.id, s.number, f.mode, 'is completed and has no target'
  FROM ordercopy_orderfactory f
  JOIN orders_order s ON s.id = f.source_order_id
 WHERE f.status = 'completed' AND f.target_order_id IS NULL
 ORDER BY f.sequence
"""

ERRORS_COUNTED = """
SELECT 'order_copies', f.id, s.number, f.mode,
       format('counts %s errors in attempt %s and has %s',
              coalesce(f.errors_count::text, 'no'), f.attempt, coalesce(e.errors, 0))
  FROM ordercopy_orderfactory f
  JOIN orders_order s ON s.id = f.source_order_id
  LEFT JOIN (SELECT factory_id, attempt, count(*) AS errors
               FROM ordercopy_copyerror GROUP BY factory_id, attempt) e
         ON e.factory_id = f.id AND e.attempt = f.attempt
 WHERE coalesce(f.errors_count, 0) <> coalesce(e.errors, 0)
 ORDER BY f.sequence
"""

ATTEMPTS_RECORDED = """
SELECT 'order_copies', f.id, s.number, f.mode,
       CASE WHEN a.id IS NULL THEN format('is %s, and attempt %s has no record',
                                          f.status, f.attempt)
            ELSE format('is %s with %s errors, and its attempt %s says %s with %s',
                        f.status, f.errors_count, f.attempt, a.status, a.errors_count) END
  FROM ordercopy_orderfactory f
  JOIN orders_order s ON s.id = f.source_order_id
  LEFT JOIN ordercopy_copyattempt a ON a.factory_id = f.id AND a.number = f.attempt
 WHERE f.status IN ('completed', 'failed')
   AND (a.id IS NULL OR (a.status, a.errors_count) <> (f.status, f.errors_count))
 ORDER BY f.sequence
"""

NO_LATER_ATTEMPTS = """
SELECT 'order_copies', f.id, s.number, f.mode,
       format('stands at attempt %s and has a record of attempt %s', f.attempt, max(later.number))
  FROM ordercopy_orderfactory f
  JOIN orders_order s ON s.id = f.source_order_id
  JOIN (SELECT factory_id, number FROM ordercopy_copyattempt
         UNION ALL
        SELECT factory_id, attempt FROM ordercopy_copyerror) later
    ON later.factory_id = f.id AND later.number > f.attempt
 GROUP BY f.id, s.number
 ORDER BY f.sequence
"""

LEFT_BEHIND = f"""
SELECT 'order_copies', f.id, s.number, f.mode,
       format('is in progress since %s, and its worker %s is gone; start a worker',
              to_char(f.claimed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI UTC'), f.worker)
  FROM ordercopy_orderfactory f
  JOIN orders_order s ON s.id = f.source_order_id
 WHERE f.status = 'in_progress' AND f.claimed_at < now() - interval '{GONE_FOR_LONG}'
   AND NOT EXISTS (SELECT FROM pg_stat_activity a
                    WHERE a.pid = f.claimed_pid AND a.backend_start <= f.claimed_at)
 ORDER BY f.sequence
"""  # noqa: S608


def checks() -> list[Check]:
    """All promises: those of the shop and those of its copies."""
    return [
        *integrity.checks(),
        Check("one_factory", "One copy at most has made an order.", ONE_FACTORY),
        Check("lineage", "A target says that it was copied from its source.", LINEAGE),
        Check("targets", "A completed copy has a target.", COMPLETED_HAVE_TARGETS),
        Check("errors_counted", "A copy counts the errors that it has.", ERRORS_COUNTED),
        Check("attempts", "How a copy ended stands in its last attempt.", ATTEMPTS_RECORDED),
        Check("later_attempts", "No attempt was made that is yet to come.", NO_LATER_ATTEMPTS),
        Check("left_behind", "Some worker has every copy in hand.", LEFT_BEHIND, warning=True),
    ]
