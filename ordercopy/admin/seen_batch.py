"""A batch as its page shows it: how far it is, what stands in the way, what can be done now."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, npgettext_lazy

from ordercopy.admin.batch_wording import (
    STANDING_LABELS,
    reason_to_stay,
    standing_in_words,
    standing_of,
    staying,
)
from ordercopy.admin.previews import shown_causes
from ordercopy.admin.wording import duration_in_words
from ordercopy.batch_progress import BatchProgress, progress_of
from ordercopy.batches import worth_retrying
from ordercopy.causes import causes_of
from ordercopy.health import workers_alive
from ordercopy.models import FactoryStatus, OrderCopy, OrderCopyBatch
from ordercopy.results import target_totals_in
from ordercopy.scope import CopyScope
from ordercopy.undoing import can_be_undone
from orders.admin.figures import in_money

# What each part of the bar stands for, from left to right.
PARTS = {
    FactoryStatus.COMPLETED: npgettext_lazy("copies", "completed", "completed"),
    FactoryStatus.FAILED: npgettext_lazy("copies", "failed", "failed"),
    FactoryStatus.ABORTED: npgettext_lazy("copies", "stopped or undone", "stopped or undone"),
    FactoryStatus.IN_PROGRESS: npgettext_lazy("copies", "in progress", "in progress"),
    FactoryStatus.PENDING: npgettext_lazy("copies", "waiting", "waiting"),
}
# Of what could not be undone, so many orders are named.
MOST_NAMED = 10
# Workers take up what waits within a second or two.
LONG_WAIT = timedelta(seconds=15)


def seen_batch(batch: OrderCopyBatch, user: Any) -> dict[str, Any]:
    """All that the moving part of the page shows, in a fixed number of queries."""
    scope = CopyScope(batch_id=batch.pk)
    progress = progress_of([batch.pk])[batch.pk]
    standing = standing_of(batch, progress)
    return {
        "batch": batch,
        "standing": standing_in_words(standing, progress),
        "label": STANDING_LABELS[standing],
        "going": _moves(batch, progress),
        "being_undone": batch.undo_requested_at is not None,
        "total": progress.total,
        "lost": max(0, batch.total_count - progress.total),
        "ended": progress.total - progress.open,
        "percent": _percent(progress.total - progress.open, progress.total),
        "parts": [_part(batch, part, progress) for part in PARTS],
        "started_at": progress.started_at,
        "ended_at": progress.ended_at,
        "took": _took(batch, progress),
        **_causes(batch, progress),
        "money": [in_money(cents, code) for code, cents in target_totals_in(scope).items()],
        "nobody_works": _nobody_works(batch, progress),
        "undone": shown_undo(batch),
        **_what_can_be_done(batch, progress, user),
    }


def _causes(batch: OrderCopyBatch, progress: BatchProgress) -> dict[str, Any]:
    """What stands in the way, or stood; nothing of copies that were undone."""
    failed = progress.count(FactoryStatus.FAILED)
    if not (failed or progress.shortened or progress.open):
        return {"causes": shown_causes([])}
    only_left_out = progress.shortened and not failed and not progress.open
    return {
        "causes": shown_causes(causes_of(CopyScope(batch_id=batch.pk)).causes, batch_id=batch.pk),
        "causes_title": gettext("What was left out")
        if only_left_out
        else gettext("What stands in the way"),
    }


def _part(batch: OrderCopyBatch, status: FactoryStatus, progress: BatchProgress) -> dict[str, Any]:
    count = progress.count(status)
    return {
        "status": status.value,
        "words": PARTS[status] % count,
        "count": count,
        "percent": _percent(count, progress.total),
        "link": f"{_copies()}?batch={batch.pk}&status={status.value}",
    }


def _copies() -> str:
    return reverse("admin:ordercopy_ordercopy_changelist")


def _percent(part: int, whole: int) -> str:
    """For a style and for ``aria-valuenow``: with a point, whatever the language."""
    return f"{100 * part / whole:.2f}" if whole else "0"


def _moves(batch: OrderCopyBatch, progress: BatchProgress) -> bool:
    return bool(progress.open) or batch.undo_requested_at is not None


def _took(batch: OrderCopyBatch, progress: BatchProgress) -> str:
    """How long it has been at work; undoing is no part of that."""
    undo_began = batch.undo_requested_at or batch.undone_at
    if progress.started_at is None or undo_began is not None:
        return ""
    return duration_in_words((progress.ended_at or timezone.now()) - progress.started_at)


def _nobody_works(batch: OrderCopyBatch, progress: BatchProgress) -> bool:
    """Whether copies wait and there is no worker to make them."""
    waited = timezone.now() - batch.updated_at > LONG_WAIT
    return _moves(batch, progress) and waited and not workers_alive()


def _what_can_be_done(batch: OrderCopyBatch, progress: BatchProgress, user: Any) -> dict[str, Any]:
    """What to offer this person: each is a number of copies, or whether at all."""
    waiting, failed = progress.count(FactoryStatus.PENDING), progress.count(FactoryStatus.FAILED)
    offers: dict[str, Any] = {}
    if batch.undo_requested_at is not None:
        return offers
    if waiting and user.has_perm("ordercopy.abort_ordercopy"):
        offers["can_stop"] = waiting
    if progress.open:
        return offers
    if failed and user.has_perm("ordercopy.retry_ordercopy"):
        offers["can_retry"] = worth_retrying(batch).count()
    if user.has_perm("ordercopy.undo_ordercopybatch"):
        offers["can_undo"] = can_be_undone(batch)
    return offers


def shown_undo(batch: OrderCopyBatch) -> dict[str, Any] | None:
    """What undoing it has done the last time, and what it left, with some of the orders."""
    report: Mapping[str, Any] | None = batch.undo_report
    if report is None:
        return None
    named = [copy_id for left in report["left"] for copy_id in left["order_copy_ids"][:MOST_NAMED]]
    targets = OrderCopy.objects.filter(pk__in=named).exclude(target_order=None)
    orders = {copy.pk: copy.target_order for copy in targets.select_related("target_order")}
    return {
        **report,
        "at": batch.undone_at or parse_datetime(report.get("undone_at", "")),
        "left": [
            {
                "words": staying(left["count"], reason_to_stay(left["code"], left["message"])),
                "orders": [
                    orders[copy_id]
                    for copy_id in left["order_copy_ids"][:MOST_NAMED]
                    if copy_id in orders
                ],
                "more": max(0, left["count"] - MOST_NAMED),
            }
            for left in report["left"]
        ],
    }
