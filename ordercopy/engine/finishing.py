"""The last step: statuses, errors, attempts, events and audit entries, in one statement."""

from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from ordercopy.engine.plan import CopyInHand
from ordercopy.models import FactoryStatus
from orders.audit import Who
from orders.statements import execute

FINISH = """
WITH ended AS (
  UPDATE ordercopy_orderfactory f
     SET status = b.status, target_order_id = b.target, errors_count = b.errors,
         completed_at = CASE WHEN b.status = 'completed' THEN clock_timestamp() END,
         failed_at = CASE WHEN b.status = 'failed' THEN clock_timestamp() END,
         updated_at = clock_timestamp(), claimed_pid = NULL, claimed_at = NULL
    FROM unnest(%(ids)s::varchar[], %(statuses)s::varchar[], %(targets)s::varchar[],
                %(errors)s::int[]) AS b(id, status, target, errors)
   WHERE f.id = b.id AND f.status = 'in_progress'
  RETURNING f.*
), attempts AS (
  INSERT INTO ordercopy_copyattempt
    (factory_id, number, takeups, status, started_at, ended_at, worker, errors_count,
     target_order_id)
  SELECT id, attempt, takeups, status, started_at, updated_at, worker, errors_count,
         target_order_id
    FROM ended
), error_rows AS (
  INSERT INTO ordercopy_copyerror
    (factory_id, attempt, code, key, sku_code, line_item_id, requested, available, message)
  SELECT e.* FROM unnest(
    %(error_copies)s::varchar[], %(error_attempts)s::int[], %(error_codes)s::varchar[],
    %(error_keys)s::varchar[], %(error_skus)s::varchar[], %(error_lines)s::varchar[],
    %(error_requested)s::bigint[], %(error_available)s::bigint[], %(error_messages)s::text[]) e
), events AS (
  INSERT INTO orders_event (mode, name, resource_type, resource_id)
  SELECT mode, CASE status WHEN 'completed' THEN 'order_copies.complete'
                           ELSE 'order_copies.fail' END, type, id
    FROM ended ORDER BY sequence
), audit AS (
  INSERT INTO orders_eventstore (mode, resource_type, resource_id, event, payload, who)
  SELECT mode, type, id, 'update',
         jsonb_build_object('status', jsonb_build_object('from', 'pending', 'to', status),
                            'target_order', jsonb_build_object('from', NULL, 'to', target_order_id),
                            'errors_count', jsonb_build_object('from', NULL, 'to', errors_count)),
         %(who)s::jsonb
    FROM ended ORDER BY sequence
)
SELECT count(*) FROM ended
"""


def finish(copies: Sequence[CopyInHand], *, who: Who) -> None:
    """End the copies, completed or failed, and write down what happened.

    Every constraint is checked before, so that a row that breaks one is found while the engine can
    still tell whose it is.
    """
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    ((ended,),) = execute(
        FINISH,
        {
            "ids": [copy.id for copy in copies],
            "statuses": [status_of(copy).value for copy in copies],
            "targets": [copy.target_id for copy in copies],
            "errors": [len(copy.errors) for copy in copies],
            "who": Jsonb(who.as_json()),
            **_error_columns(copies),
        },
    )
    if ended != len(copies):
        raise RuntimeError(f"{len(copies) - ended} copies were changed while they were held")


def status_of(copy: CopyInHand) -> FactoryStatus:
    return FactoryStatus.COMPLETED if copy.completes else FactoryStatus.FAILED


def _error_columns(copies: Sequence[CopyInHand]) -> dict[str, list[Any]]:
    rows = [(copy, error) for copy in copies for error in copy.errors]
    return {
        "error_copies": [copy.id for copy, _ in rows],
        "error_attempts": [copy.attempt for copy, _ in rows],
        "error_codes": [error.code for _, error in rows],
        "error_keys": [error.key for _, error in rows],
        "error_skus": [error.sku_code for _, error in rows],
        "error_lines": [error.line_item_id for _, error in rows],
        "error_requested": [error.requested for _, error in rows],
        "error_available": [error.available for _, error in rows],
        "error_messages": [error.message for _, error in rows],
    }
