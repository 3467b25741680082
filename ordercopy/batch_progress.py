"""How far batches have come, counted from their copies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery, TextChoices
from django.db.models.functions import Greatest, JSONObject

from ordercopy.models import FactoryStatus, OrderCopyBatch, OrderFactory


class BatchStatus(TextChoices):
    PENDING = "pending", "Pending"  # no worker has begun
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"  # every copy has ended, well or not
    ABORTED = "aborted", "Aborted"  # somebody stopped it, and what was stopped still stands still


@dataclass(frozen=True)
class BatchProgress:
    """How many copies stand where, and when the first was begun and the last ended (UTC)."""

    counts: Mapping[str, int] = field(default_factory=dict)
    started_at: datetime | None = None
    last_ended_at: datetime | None = None
    # How many copies were completed without some of the products.
    shortened: int = 0

    @classmethod
    def read(cls, counted: Mapping[str, Any] | None) -> "BatchProgress":
        """What ``PROGRESS`` found; a batch may have lost all of its copies."""
        if counted is None:
            return cls()
        counts = {status: number for status, number in counted["counts"].items() if number}
        started_at, ended_at = _time(counted["started_at"]), _time(counted["ended_at"])
        return cls(counts, started_at, ended_at, counted["shortened"])

    def count(self, status: FactoryStatus) -> int:
        return self.counts.get(status.value, 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        """How many copies have not ended yet."""
        return self.count(FactoryStatus.PENDING) + self.count(FactoryStatus.IN_PROGRESS)

    @property
    def ended_at(self) -> datetime | None:
        """When the last copy ended; null as long as one has not."""
        return None if self.open else self.last_ended_at


# What is counted of the copies of a batch, in one look at them.
COUNTED = JSONObject(
    counts=JSONObject(
        **{status: Count("pk", filter=Q(status=status)) for status in FactoryStatus.values}
    ),
    shortened=Count("pk", filter=Q(status=FactoryStatus.COMPLETED, errors_count__gt=0)),
    started_at=Min("started_at"),
    ended_at=Max(Greatest("completed_at", "failed_at", "aborted_at")),
)
# The same beside each batch, whatever asks for the batch.
PROGRESS = Subquery(
    OrderFactory.objects.filter(batch=OuterRef("pk"))
    .order_by()
    .values("batch")
    .annotate(found=COUNTED)
    .values("found")
)


def progress_of(batch_ids: Sequence[str]) -> dict[str, BatchProgress]:
    """The progress of each batch, in one query."""
    batches = OrderCopyBatch.objects.filter(pk__in=batch_ids)
    found = dict(batches.values_list("pk", PROGRESS))
    return {batch_id: BatchProgress.read(found.get(batch_id)) for batch_id in batch_ids}


def status_of(batch: OrderCopyBatch, progress: BatchProgress) -> BatchStatus:
    """Where a batch stands; what is aborted one by one does not make a batch aborted."""
    if not progress.open:
        stopped = batch.aborted_at is not None and progress.count(FactoryStatus.ABORTED)
        return BatchStatus.ABORTED if stopped else BatchStatus.COMPLETED
    untouched = progress.count(FactoryStatus.PENDING) == progress.total
    return BatchStatus.PENDING if untouched else BatchStatus.IN_PROGRESS


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
