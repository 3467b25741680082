"""What people and clients do with order copies: ask for them, again, stop them, delete them.

Nobody waits for a worker: a copy that a worker holds at that moment is left alone and named under
``locked``.
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from psycopg.types.json import Jsonb

from ordercopy.models import CopyError, FactoryStatus, OrderCopy, OrderFactory
from ordercopy.options import CopyOptions
from ordercopy.undone_batches import copies_being_undone, forget_undoing
from ordercopy.waking import wake_workers
from ordercopy.wishes import remember_orders, take_over
from orders.audit import AuditEntry, Happening, Who, record_audit, record_events
from orders.statements import execute


class SourcesNotFound(LookupError):
    """Some of the orders to be copied do not exist in this mode."""

    def __init__(self, source_ids: Sequence[str]) -> None:
        self.source_ids = tuple(source_ids)
        super().__init__(f"no such orders: {', '.join(self.source_ids)}")


@dataclass
class Answer:
    """What became of a request about several copies.

    ``refused`` says why a copy cannot be moved: the status in which it stands, or in words what
    else is in the way.
    """

    done: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


# What becomes of the rows in ``source``, whatever they were selected from. A copy takes its options
# from its own row, so that copies with different options are made together.
CREATE = """
WITH source AS MATERIALIZED ({source}), factories AS (
  INSERT INTO ordercopy_orderfactory
    (id, mode, type, sequence, source_order_id, place_target_order, reuse_wallet, reference,
     reference_origin, metadata, wish, batch_id, who)
  SELECT id, mode, 'order_copies', sequence, source_id, place_target_order, reuse_wallet,
         reference, reference_origin, metadata, wish, batch_id, %(who)s
    FROM source
), copies AS (
  INSERT INTO ordercopy_ordercopy
    (orderfactory_ptr_id, cancel_source_order, apply_promotions, skip_errors,
     ignore_invalid_coupon, again_of_id)
  SELECT id, cancel_source_order, apply_promotions, skip_errors, ignore_invalid_coupon,
         again_of_id
    FROM source
), events AS (
  INSERT INTO orders_event (mode, name, resource_type, resource_id)
  SELECT mode, 'order_copies.create', 'order_copies', id FROM source ORDER BY sequence
), audit AS (
  INSERT INTO orders_eventstore (mode, resource_type, resource_id, event, payload, who)
  SELECT mode, 'order_copies', id, 'create', given.payload, %(who)s
    FROM source
   CROSS JOIN LATERAL (
     SELECT jsonb_object_agg(key, jsonb_build_object('from', NULL, 'to', value)) AS payload
       FROM jsonb_each(jsonb_build_object(
              'source_order', source_id, 'status', 'pending', 'reference', reference,
              'reference_origin', reference_origin, 'metadata', nullif(metadata, '{{}}'),
              'place_target_order', place_target_order, 'reuse_wallet', reuse_wallet,
              'cancel_source_order', cancel_source_order, 'apply_promotions', apply_promotions,
              'skip_errors', skip_errors, 'ignore_invalid_coupon', ignore_invalid_coupon))
      WHERE value <> 'null') AS given
)
SELECT id, source_id FROM source ORDER BY sequence
"""

# The sources that do not exist in the mode are the ones whose row has no order.
CREATE_AS_ASKED = CREATE.format(
    source="""
  SELECT new_id() AS id, next_factory_sequence() AS sequence, given.id AS source_id,
         %(mode)s AS mode, %(place_target_order)s::boolean AS place_target_order,
         %(cancel_source_order)s::boolean AS cancel_source_order,
         %(reuse_wallet)s::boolean AS reuse_wallet,
         %(apply_promotions)s::boolean AS apply_promotions,
         %(skip_errors)s::boolean AS skip_errors,
         %(ignore_invalid_coupon)s::boolean AS ignore_invalid_coupon,
         %(reference)s::text AS reference, %(reference_origin)s::text AS reference_origin,
         %(metadata)s::jsonb AS metadata, %(batch)s::varchar AS batch_id,
         NULL::varchar AS again_of_id, NULL::varchar AS wish
    FROM (SELECT g.id, g.nth FROM unnest(%(sources)s::varchar[]) WITH ORDINALITY AS g(id, nth)
            JOIN orders_order o ON o.id = g.id AND o.mode = %(mode)s
           ORDER BY g.nth) AS given"""
)


def create_copies(
    source_ids: Sequence[str],
    *,
    mode: str,
    options: CopyOptions,
    who: Who,
    batch_id: str | None = None,
    reference: str | None = None,
    reference_origin: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    wake: bool = True,
) -> list[str]:
    """Ask for a copy of each source, in the order given; returns the copies' ids in that order.

    The wake-up of the workers is part of the same transaction (``wake=False`` where the caller runs
    the copies itself). Raises ``SourcesNotFound``, and then nothing was created.
    """
    with transaction.atomic(savepoint=False):
        rows = execute(
            CREATE_AS_ASKED,
            {
                "sources": list(source_ids),
                "mode": mode,
                "who": Jsonb(who.as_json()),
                "batch": batch_id,
                "reference": reference,
                "reference_origin": reference_origin,
                "metadata": Jsonb(dict(metadata or {})),
                **vars(options),
            },
        )
        if len(rows) < len(source_ids):
            found = {source_id for _, source_id in rows}
            raise SourcesNotFound([given for given in source_ids if given not in found])
        if wake and rows:
            wake_workers()
    return [copy_id for copy_id, _ in rows]


# Where a copy must stand for something to be done with it; each refuses the rest.
RETRIABLE = frozenset({FactoryStatus.FAILED, FactoryStatus.ABORTED})
ABORTABLE = frozenset({FactoryStatus.PENDING, FactoryStatus.IN_PROGRESS})
DELETABLE = frozenset(FactoryStatus) - {FactoryStatus.IN_PROGRESS}

LOCK = """
SELECT id, mode, status, target_order_id, wish
  FROM ordercopy_orderfactory
 WHERE id = ANY (%s::varchar[]) AND type = 'order_copies'
 ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""

EXISTING = """
SELECT id FROM ordercopy_orderfactory WHERE id = ANY (%s::varchar[]) AND type = 'order_copies'
"""

RETRY = """
UPDATE ordercopy_orderfactory
   SET status = 'pending', attempt = attempt + 1, takeups = 0, errors_count = NULL,
       started_at = NULL, completed_at = NULL, failed_at = NULL, aborted_at = NULL,
       claimed_pid = NULL, claimed_at = NULL, updated_at = statement_timestamp()
 WHERE id = ANY (%s::varchar[])
"""

ABORT = """
UPDATE ordercopy_orderfactory
   SET status = 'aborted', aborted_at = clock_timestamp(), claimed_pid = NULL, claimed_at = NULL,
       updated_at = statement_timestamp()
 WHERE id = ANY (%s::varchar[])
"""


@dataclass(frozen=True)
class LockedCopy:
    id: str
    mode: str
    status: str
    target_id: str | None
    wish: str | None


def lock_copies(copy_ids: Sequence[str], answer: Answer) -> list[LockedCopy]:
    """Lock what nobody holds, in the order given; the others are named in the answer."""
    wanted = list(dict.fromkeys(copy_ids))
    free = {row[0]: LockedCopy(*row) for row in execute(LOCK, [wanted])}
    missed = [copy_id for copy_id in wanted if copy_id not in free]
    existing = {copy_id for (copy_id,) in execute(EXISTING, [missed])} if missed else set()
    answer.locked += [copy_id for copy_id in missed if copy_id in existing]
    answer.unknown += [copy_id for copy_id in missed if copy_id not in existing]
    return [free[copy_id] for copy_id in wanted if copy_id in free]


def retry_copies(copy_ids: Sequence[str], *, who: Who, wake: bool = True) -> Answer:
    """Ask for further attempts of copies that failed or were aborted.

    A target kept from before is mended and placed; a second one is never made, and none beside
    the order of another copy of the same wish (see ``take_over``).
    """
    answer = _move(
        copy_ids,
        allowed=RETRIABLE,
        to=FactoryStatus.PENDING,
        sql=RETRY,
        who=who,
        begins_anew=True,
    )
    if wake and answer.done:
        wake_workers()
    return answer


def abort_copies(copy_ids: Sequence[str], *, who: Who) -> Answer:
    """Stop copies that have not ended."""
    return _move(
        copy_ids,
        allowed=ABORTABLE,
        to=FactoryStatus.ABORTED,
        sql=ABORT,
        who=who,
    )


def _move(
    copy_ids: Sequence[str],
    *,
    allowed: Collection[FactoryStatus],
    to: FactoryStatus,
    sql: str,
    who: Who,
    begins_anew: bool = False,
) -> Answer:
    answer = Answer()
    with transaction.atomic():
        rows = lock_copies(copy_ids, answer)
        answer.refused = {row.id: row.status for row in rows if row.status not in allowed}
        if begins_anew:
            answer.refused |= _begin_anew(_others(rows, answer.refused), who=who)
        moved = _others(rows, answer.refused)
        if moved:
            answer.done = [row.id for row in moved]
            execute(sql, [answer.done])
            record_audit(
                [
                    AuditEntry(
                        row.mode, "order_copies", row.id, "update", {"status": (row.status, to)}
                    )
                    for row in moved
                ],
                who=who,
            )
    return answer


def _others(rows: Sequence[LockedCopy], refused: Container[str]) -> list[LockedCopy]:
    return [row for row in rows if row.id not in refused]


def _begin_anew(rows: Sequence[LockedCopy], *, who: Who) -> dict[str, str]:
    """Clear the way for further attempts of held copies; answers why some may have none."""
    refused = copies_being_undone([row.id for row in rows])
    able = _others(rows, refused)
    refused |= take_over({row.id: row.wish for row in able if row.wish}, who=who)
    forget_undoing([row.id for row in _others(able, refused)], who=who)
    return refused


def delete_copies(copy_ids: Sequence[str], *, who: Who) -> Answer:
    """Delete copies; their targets stay, and so does the link between source and target.

    A copy in progress cannot be deleted: it is named under ``locked``.
    """
    answer = Answer()
    with transaction.atomic():
        rows = lock_copies(copy_ids, answer)
        answer.locked += [row.id for row in rows if row.status not in DELETABLE]
        deleted = [row for row in rows if row.status in DELETABLE]
        answer.done = [row.id for row in deleted]
        remember_orders(answer.done)
        OrderCopy.objects.filter(pk__in=answer.done).delete()
        record_events(
            Happening(row.mode, "order_copies.destroy", "order_copies", row.id) for row in deleted
        )
        record_audit(
            [
                AuditEntry(
                    row.mode, "order_copies", row.id, "destroy", {"status": (row.status, None)}
                )
                for row in deleted
            ],
            who=who,
        )
    return answer


def errors_log(factory: OrderFactory) -> dict[str, list[str]] | None:
    """The errors of the latest attempt by attribute, null before the first run.

    Prefetch ``error_rows`` where many are rendered.
    """
    found = ((error.key, error.message) for error in current_errors(factory))
    return errors_log_of(factory, found)


def errors_log_of(
    factory: OrderFactory, errors: Iterable[tuple[str, str]]
) -> dict[str, list[str]] | None:
    """The same from the keys and messages of its latest attempt, in their order."""
    if factory.errors_count is None:
        return None
    log: dict[str, list[str]] = {}
    for key, message in errors:
        log.setdefault(key, []).append(message)
    return log


def current_errors(factory: OrderFactory) -> list[CopyError]:
    """The error rows of the latest attempt, in the order in which they were found."""
    return [error for error in factory.error_rows.all() if error.attempt == factory.attempt]
