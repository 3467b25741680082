"""Order copies as a shop has them after some years, made by the database itself."""

from django.db import connection

# Of a hundred copies 80 are completed, 12 failed, 5 aborted, 2 wait and 1 is being worked on. One
# every two minutes, the newest first; a source is copied four times, and every order is a target.
FACTORIES = """
WITH numbered AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id) AS n FROM orders_order LIMIT %(count)s
), copy AS MATERIALIZED (
  SELECT new_id() AS id, target.n, source.id AS source_id, target.id AS target_id,
         CASE WHEN target.n %% 100 < 80 THEN 'completed' WHEN target.n %% 100 < 92 THEN 'failed'
              WHEN target.n %% 100 < 97 THEN 'aborted' WHEN target.n %% 100 < 99 THEN 'pending'
              ELSE 'in_progress' END AS status,
         now() - target.n * interval '2 minutes' - random() * interval '1 minute' AS created_at
    FROM numbered target JOIN numbered source ON source.n = target.n %% (%(count)s / 4) + 1
), factories AS (
  INSERT INTO ordercopy_orderfactory
    (id, mode, type, status, source_order_id, target_order_id, place_target_order, who,
     reference, reference_origin, metadata, errors_count, created_at, updated_at,
     started_at, completed_at, failed_at, aborted_at, claimed_pid, claimed_at)
  SELECT id, 'test', 'order_copies', status, source_id,
         CASE status WHEN 'completed' THEN target_id END,
         (ARRAY[true, false, NULL])[n %% 3 + 1], '{"application": {"id": "x", "name": "bench"}}',
         CASE WHEN n %% 3 = 0 THEN 'renewal-' || n END,
         CASE WHEN n %% 3 = 0 THEN (ARRAY['erp', 'crm', 'pim', 'newsletter'])[n / 3 %% 4 + 1] END,
         CASE WHEN n %% 5 < 2 THEN '{}'::jsonb
              ELSE jsonb_build_object('campaign', 'campaign-' || n %% 500, 'priority', n %% 10) END,
         CASE status WHEN 'completed' THEN 0 WHEN 'failed' THEN n %% 3 + 1 END,
         created_at, created_at + (n %% 7200) * interval '1 second',
         CASE WHEN status <> 'pending' THEN created_at + interval '1 second' END,
         CASE status WHEN 'completed' THEN created_at + interval '2 seconds' END,
         CASE status WHEN 'failed' THEN created_at + interval '2 seconds' END,
         CASE status WHEN 'aborted' THEN created_at + interval '2 seconds' END,
         CASE status WHEN 'in_progress' THEN 1 END,
         CASE status WHEN 'in_progress' THEN created_at END
    FROM copy ORDER BY n DESC
  RETURNING id, errors_count
), errors AS (
  INSERT INTO ordercopy_copyerror (factory_id, attempt, code, key, sku_code, message)
  SELECT id, 1, 'out_of_stock', 'line_items', 'BENCH' || nth, 'BENCH' || nth || ' is out of stock'
    FROM factories CROSS JOIN generate_series(1, errors_count) nth
), events AS (
  INSERT INTO orders_event (mode, name, resource_type, resource_id, created_at)
  SELECT 'test', 'order_copies.' || name, 'order_copies', id, created_at
    FROM copy CROSS JOIN unnest(ARRAY['create', 'start', 'complete']) AS name
   WHERE name <> 'complete' OR status = 'completed'
)
INSERT INTO ordercopy_ordercopy
  (orderfactory_ptr_id, cancel_source_order, apply_promotions, skip_errors, ignore_invalid_coupon)
SELECT id, (ARRAY[true, false, NULL])[n %% 3 + 1], n %% 2 = 0, n %% 4 = 0, n %% 8 = 0
  FROM copy
"""


EMPTY = "TRUNCATE ordercopy_orderfactory, orders_event CASCADE"


def replace_copies(count: int) -> None:
    """Let there be so many copies, and no others; there have to be as many orders."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
        cursor.execute(FACTORIES, {"count": count})
