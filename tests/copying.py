"""Copies for tests: asked for and run like an operator's, through the public doors."""

from collections.abc import Sequence
from typing import Any

from ordercopy.batches import create_batch
from ordercopy.copies import create_copies
from ordercopy.models import CopyError, OrderCopy, OrderCopyBatch
from ordercopy.options import CopyOptions
from ordercopy.working import run_in_batches
from orders.models import Order
from tests.factories import TESTER


def asked_for(*sources: Order, **options: Any) -> list[OrderCopy]:
    """Ask for a copy of each source; nobody works on them yet."""
    return [
        OrderCopy.objects.get(pk=copy_id)
        for copy_id in create_copies(
            [source.pk for source in sources],
            mode=sources[0].mode,
            options=CopyOptions(**options),
            who=TESTER,
            wake=False,
        )
    ]


def run(copies: Sequence[OrderCopy]) -> list[OrderCopy]:
    """Run copies that wait, as one batch where that is allowed; answers them as they are now."""
    ids = [copy.pk for copy in copies]
    for _ in run_in_batches(worker="tester", copy_ids=ids):
        pass
    return [OrderCopy.objects.get(pk=copy_id) for copy_id in ids]


def batch_of(
    *sources: Order,
    request_key: str | None = None,
    reference: str | None = None,
    **options: Any,
) -> OrderCopyBatch:
    """Ask for a copy of each source, as one batch; nobody works on it yet."""
    return create_batch(
        [source.pk for source in sources],
        mode=sources[0].mode,
        options=CopyOptions(**options),
        who=TESTER,
        wake=False,
        request_key=request_key,
        reference=reference,
    )


def run_batch(batch: OrderCopyBatch) -> None:
    """Run all that waits of a batch."""
    for _ in run_in_batches(worker="tester", batch_id=batch.pk):
        pass


def copied(source: Order, **options: Any) -> OrderCopy:
    """Copy one order and answer the copy when it has ended."""
    return run(asked_for(source, **options))[0]


def target_of(copy: OrderCopy) -> Order:
    assert copy.target_order is not None, [error.message for error in errors_of(copy)]
    return copy.target_order


def errors_of(copy: OrderCopy) -> list[CopyError]:
    """The errors of the copy's latest attempt."""
    return list(copy.error_rows.filter(attempt=copy.attempt))


def messages_of(copy: OrderCopy) -> list[str]:
    return [error.message for error in errors_of(copy)]
