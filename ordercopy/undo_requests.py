"""Undoing a batch of any size: asked for at once, carried out by the workers, followed meanwhile.

Some copies at a time are undone in one transaction, which also writes down how far it has come and
what was done. So a worker that is killed loses nothing: another goes on behind the last transaction
that took effect. An operator's command works at it as one more of them.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from config.jsonapi.values import write_datetime
from ordercopy.batches import MOST_NAMED, UNDO_CHUNK, Undone, abort_batch, note, undo_some
from ordercopy.models import FactoryStatus, OrderCopy, OrderCopyBatch
from ordercopy.waking import wake_workers
from orders.audit import Who

UNDO_COLUMNS = ("undo_asked_by", "undo_reached", "undo_report")
ENDED = (FactoryStatus.COMPLETED, FactoryStatus.FAILED)
# Until it is looked again what a worker has left to do, in seconds.
A_MOMENT = 0.1


def ask_to_undo(batch: OrderCopyBatch, *, who: Who) -> None:
    """Have the workers take back what a batch has made.

    Copies that wait are aborted at once. Targets still draft or pending are deleted, placed ones
    are cancelled where that is allowed, the rest is reported; the copies of those that are gone
    become aborted, so that they can be retried. Sources that were cancelled stay cancelled. While
    it is under way, asking again changes nothing; afterwards it is harmless, and the batch keeps
    the report of the last time.
    """
    with transaction.atomic():
        OrderCopyBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        batch.refresh_from_db()
        if batch.undo_requested_at is not None:
            return
        aborted = abort_batch(batch, who=who).done
        batch.undo_asked_by = who.as_json()
        batch.undo_reached = 0
        batch.undo_report = Undone(aborted=aborted).as_json()
        note(batch, UNDO_COLUMNS, who=who, undo_requested_at=timezone.now(), undone_at=None)
        wake_workers()


def undo_as_asked() -> Iterator[None]:
    """Go on with all batches that are to be undone; yields between the transactions.

    A batch whose copies are being made is left until they have ended.
    """
    while _undo_a_few():
        yield


def undo_now(batch: OrderCopyBatch, *, who: Who) -> bool:
    """Ask for it, and carry it out here beside the workers; answers whether it has come to its end.

    It has not where copies of the batch are being made: workers go on once these have ended.
    ``batch.undo_report`` says what was done.
    """
    ask_to_undo(batch, who=who)
    while batch.undo_requested_at is not None:
        if not _undo_a_few(pk=batch.pk):
            if _being_made(batch.pk).exists():
                return False
            # A worker is at it just now.
            time.sleep(A_MOMENT)
        batch.refresh_from_db()
    return True


def _being_made(batch: Any) -> QuerySet[OrderCopy]:
    return OrderCopy.objects.filter(batch=batch, status=FactoryStatus.IN_PROGRESS)


def _undo_a_few(**only: str) -> bool:
    """Undo some copies of the batch that was asked for first; answers whether there was one."""
    with transaction.atomic():
        batch = (
            OrderCopyBatch.objects.select_for_update(skip_locked=True, no_key=True)
            .exclude(undo_requested_at=None)
            .exclude(Exists(_being_made(OuterRef("pk"))))
            .filter(**only)
            .order_by("undo_requested_at", "pk")
            .first()
        )
        if batch is None:
            return False
        who = Who.from_json(batch.undo_asked_by or {})
        copies = OrderCopy.objects.filter(
            batch=batch, status__in=ENDED, sequence__gt=batch.undo_reached
        )
        chunk = list(copies.order_by("sequence").values_list("pk", "sequence")[:UNDO_CHUNK])
        if chunk:
            undone = Undone()
            undo_some([pk for pk, _sequence in chunk], undone, who=who)
            batch.undo_report = _together(batch.undo_report or {}, undone.as_json())
            batch.undo_reached = chunk[-1][1]
            batch.save(update_fields=["undo_report", "undo_reached"])
        else:
            at = timezone.now()
            batch.undo_reached = batch.undo_asked_by = None
            batch.undo_report = {**(batch.undo_report or {}), "undone_at": write_datetime(at)}
            note(batch, UNDO_COLUMNS, who=who, undo_requested_at=None, undone_at=at)
        return True


def _together(report: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """What was done so far and what was done now, as one report."""
    left = {(each["code"], each["message"]): dict(each) for each in report["left"]}
    for each in more["left"]:
        known = left.setdefault((each["code"], each["message"]), {**each, "count": 0})
        named = dict.fromkeys([*known["order_copy_ids"], *each["order_copy_ids"]])
        known |= {
            "count": known["count"] + each["count"],
            "order_copy_ids": list(named)[:MOST_NAMED],
        }
    counts = {name: report[name] + more[name] for name in report if name != "left"}
    return {**counts, "left": list(left.values())}
