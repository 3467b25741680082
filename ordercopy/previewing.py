"""What copies would do: the engine's own steps, in a transaction that is rolled back."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import OperationalError, transaction
from psycopg.errors import LockNotAvailable

from ordercopy.copies import create_copies
from ordercopy.engine.claiming import claim
from ordercopy.engine.running import run_claimed
from ordercopy.models import OrderCopy
from ordercopy.options import CopyOptions
from ordercopy.working import BATCH_SIZE
from orders.audit import Who
from orders.statements import execute

Report = TypeVar("Report")

LOCK_TIMEOUT = "SELECT set_config('lock_timeout', '2s', true)"
PREVIEW = "preview"


class Busy(Exception):
    """Somebody else is placing orders with the same stock at this moment; try again."""


class _Rollback(Exception):
    """Ends a preview."""


def preview(
    source_id: str,
    *,
    mode: str,
    options: CopyOptions,
    report: Callable[[OrderCopy], Report],
) -> Report:
    """Run the copy, let ``report`` look at it, and undo everything; see ``preview_together``."""
    return preview_together(
        [source_id],
        mode=mode,
        options=options,
        report=lambda copy_ids: report(OrderCopy.objects.get(pk=copy_ids[0])),
    )


def preview_together(
    source_ids: Sequence[str],
    *,
    mode: str,
    options: CopyOptions,
    report: Callable[[Sequence[str]], Report],
    seconds: float | None = None,
) -> Report:
    """Run copies of several orders one after another, let ``report`` look at them, undo it all.

    As in a batch, what one copy takes from the stock is not there for the next. Meanwhile that
    stock is locked, so whoever previews many limits the ``seconds``: none is begun after them.
    ``report`` gets the ids of the copies that ran, those of the first sources. Ids and numbers that
    it sees are not those that a real copy would get. Nothing is stored, no worker is woken and no
    event fires. Raises ``Busy``, and ``SourcesNotFound``.
    """
    answers: list[Report] = []
    try:
        with transaction.atomic():
            execute(LOCK_TIMEOUT)
            copy_ids = create_copies(
                source_ids, mode=mode, options=options, who=Who.command(PREVIEW), wake=False
            )
            answers.append(report(_run(copy_ids, seconds)))
            raise _Rollback
    except _Rollback:
        return answers[0]
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy("somebody is placing orders with the same stock; try again") from error
        raise


def _run(copy_ids: Sequence[str], seconds: float | None) -> Sequence[str]:
    """Run copies in batches, as a worker would, until the time is over; answers which ran."""
    began = time.monotonic()
    for start in range(0, len(copy_ids), BATCH_SIZE):
        if start and seconds is not None and time.monotonic() - began > seconds:
            return copy_ids[:start]
        batch = list(copy_ids[start : start + BATCH_SIZE])
        run_claimed(claim(worker=PREVIEW, limit=len(batch), copy_ids=batch), worker=PREVIEW)
    return copy_ids
