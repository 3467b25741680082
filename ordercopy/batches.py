"""Batches: many copies asked for together, followed, stopped, tried again and undone together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from config.jsonapi.values import write_datetime
from ordercopy.choosing import CopyFilter, choose_copies
from ordercopy.copies import (
    ABORT,
    Answer,
    LockedCopy,
    abort_copies,
    create_copies,
    lock_copies,
    retry_copies,
)
from ordercopy.models import FactoryStatus, OrderCopy, OrderCopyBatch
from ordercopy.options import CopyOptions
from ordercopy.waking import wake_workers
from orders import lifecycle
from orders.audit import AuditEntry, Who, record_audit
from orders.deletion import delete_orders
from orders.obstacles import Obstacle
from orders.statements import execute

MOST_SOURCES = 10_000
# From so many new copies on, the planner is told at once: with the old statistics every claim would
# read all that waits, until the server looks at the table by itself.
WORTH_ANALYZING = 5_000
UNDO_CHUNK = 100
# Of the copies that could not be undone for one reason, so many are named in the report.
MOST_NAMED = 100


def create_batch(
    source_ids: Sequence[str],
    *,
    mode: str,
    options: CopyOptions,
    who: Who,
    wake: bool = True,
    request_key: str | None = None,
    **references: Any,
) -> OrderCopyBatch:
    """Ask for a copy of each source, in the order given, as one batch.

    ``references`` (reference, reference_origin, metadata) go to the batch and to each copy. A
    request that comes twice, told by its ``request_key``, is answered with the batch of the first
    time. Raises ``SourcesNotFound``, and then nothing was created.
    """
    try:
        with transaction.atomic():
            # Of two that come at once, the second waits here until the first has committed.
            batch = OrderCopyBatch.objects.create(
                mode=mode,
                total_count=len(source_ids),
                who=who.as_json(),
                request_key=request_key,
                **asdict(options),
                **references,
            )
            _fill(batch, source_ids, options=options, who=who, references=references)
            if wake and source_ids:
                wake_workers()
    except IntegrityError:
        asked_before = request_key and batch_of_request(request_key, mode=mode)
        if not asked_before:
            raise
        return asked_before
    return batch


def batch_of_request(request_key: str, *, mode: str) -> OrderCopyBatch | None:
    """The batch that this request has made already, if it has."""
    return OrderCopyBatch.objects.filter(mode=mode, request_key=request_key).first()


def _fill(
    batch: OrderCopyBatch,
    source_ids: Sequence[str],
    *,
    options: CopyOptions,
    who: Who,
    references: Mapping[str, Any],
) -> None:
    """Make the copies of a new batch."""
    changes = {"total_count": (None, len(source_ids))}
    record_audit(
        [AuditEntry(batch.mode, "order_copy_batches", batch.pk, "create", changes)], who=who
    )
    for start in range(0, len(source_ids), MOST_SOURCES):
        create_copies(
            source_ids[start : start + MOST_SOURCES],
            mode=batch.mode,
            options=options,
            who=who,
            batch_id=batch.pk,
            wake=False,
            **references,
        )
    if len(source_ids) >= WORTH_ANALYZING:
        execute("ANALYZE ordercopy_orderfactory, ordercopy_ordercopy")


def copy_ids_of(batch: OrderCopyBatch, *statuses: FactoryStatus) -> list[str]:
    """The ids of the batch's copies in one of these statuses, in the order of creation."""
    copies = OrderCopy.objects.filter(batch=batch)
    if statuses:
        copies = copies.filter(status__in=statuses)
    return list(copies.order_by("sequence").values_list("pk", flat=True))


def abort_batch(batch: OrderCopyBatch, *, who: Who) -> Answer:
    """Stop the copies of a batch that have not ended; a worker finishes the ones at hand."""
    with transaction.atomic():
        if batch.aborted_at is None:
            note(batch, who=who, aborted_at=timezone.now())
        return abort_copies(copy_ids_of(batch, FactoryStatus.PENDING), who=who)


def retry_failed(batch: OrderCopyBatch, *, who: Who, wake: bool = True) -> Answer:
    """Ask for further attempts of the failed copies of a batch (see ``worth_retrying``)."""
    copies = worth_retrying(batch).order_by("sequence")
    return retry_copies(list(copies.values_list("pk", flat=True)), who=who, wake=wake)


def worth_retrying(batch: OrderCopyBatch) -> QuerySet[OrderCopy]:
    """The failed copies of a batch.

    Not those that were made again without what failed: their orders are there.
    """
    failed = CopyFilter(statuses=[FactoryStatus.FAILED], batch_id=batch.pk, skips_made_again=True)
    return choose_copies(failed, mode=batch.mode)


def note(
    batch: OrderCopyBatch, columns: Sequence[str] = (), *, who: Who, **times: datetime | None
) -> None:
    """Write down when something was done to a batch, in the audit trail too.

    Other ``columns`` that have changed with it are saved in the same statement.
    """
    changes = {
        name: (write_datetime(getattr(batch, name)), write_datetime(at))
        for name, at in times.items()
    }
    for name, at in times.items():
        setattr(batch, name, at)
    batch.save(update_fields=[*times, *columns, "updated_at"])
    record_audit(
        [AuditEntry(batch.mode, "order_copy_batches", batch.pk, "update", changes)], who=who
    )


@dataclass
class Undone:
    """What undoing a batch did: ids of copies, and why the rest could not be undone."""

    aborted: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    refused: dict[str, list[Obstacle]] = field(default_factory=dict)
    locked: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The same in figures, with the reasons for what is left and some of the copies."""
        by_reason: dict[tuple[str, str], list[str]] = defaultdict(list)
        for copy_id, obstacles in self.refused.items():
            for obstacle in obstacles:
                by_reason[obstacle.code, obstacle.message].append(copy_id)
        if self.locked:
            by_reason["locked", "a worker holds the copy"] = self.locked
        return {
            "deleted_count": len(self.deleted),
            "cancelled_count": len(self.cancelled),
            "aborted_count": len(self.aborted),
            "left": [
                {
                    "code": code,
                    "message": message,
                    "count": len(copy_ids),
                    "order_copy_ids": copy_ids[:MOST_NAMED],
                }
                for (code, message), copy_ids in by_reason.items()
            ],
        }


FORGET_TARGETS = """
UPDATE ordercopy_orderfactory SET target_order_id = NULL WHERE id = ANY (%s::varchar[])
"""


def undo_some(copy_ids: Sequence[str], undone: Undone, *, who: Who) -> None:
    """Take back what these copies have made, and add to ``undone`` what became of each."""
    with transaction.atomic():
        answer = Answer()
        rows = [row for row in lock_copies(copy_ids, answer) if row.target_id]
        undone.locked += answer.locked
        deleted, others = _split_by_target(rows)
        outcome = lifecycle.cancel([row.target_id for row in others if row.target_id], who=who)
        cancelled = [row for row in others if row.target_id not in outcome.refused]
        undone.refused |= {
            row.id: outcome.refused[row.target_id]
            for row in others
            if row.target_id in outcome.refused
        }
        gone = [row for row in deleted + cancelled if row.status != FactoryStatus.ABORTED]
        execute(ABORT, [[row.id for row in gone]])
        execute(FORGET_TARGETS, [[row.id for row in deleted]])
        delete_orders([row.target_id for row in deleted if row.target_id], who=who)
        record_audit(
            [
                AuditEntry(
                    row.mode,
                    "order_copies",
                    row.id,
                    "update",
                    {"status": (row.status, FactoryStatus.ABORTED)},
                )
                for row in gone
            ],
            who=who,
        )
        undone.deleted += [row.id for row in deleted]
        undone.cancelled += [row.id for row in cancelled]


# A target that was itself copied stays: its copies descend from it.
IS_DELETABLE = """(
  o.status IN ('draft', 'pending')
  AND NOT EXISTS (SELECT FROM orders_order d WHERE d.copied_from_id = o.id)
  AND NOT EXISTS (SELECT FROM ordercopy_orderfactory s WHERE s.source_order_id = o.id))"""
DELETABLE_TARGETS = f"""
SELECT o.id, {IS_DELETABLE}
  FROM orders_order o
 WHERE o.id = ANY (%s::varchar[]) ORDER BY o.id FOR NO KEY UPDATE
"""  # noqa: S608


def _split_by_target(rows: Sequence[LockedCopy]) -> tuple[list[LockedCopy], list[LockedCopy]]:
    """Whose target can be deleted, and whose has to be cancelled."""
    deletable = dict(execute(DELETABLE_TARGETS, [[row.target_id for row in rows]]))
    return (
        [row for row in rows if deletable[row.target_id]],
        [row for row in rows if not deletable[row.target_id]],
    )
