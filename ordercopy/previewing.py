"""What a copy would do: the engine's own steps, in a transaction that is rolled back."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from ordercopy.copies import create_copies
from ordercopy.engine.claiming import claim, hold
from ordercopy.engine.finishing import finish
from ordercopy.engine.running import make
from ordercopy.models import OrderCopy
from ordercopy.options import CopyOptions
from orders.audit import Who
from orders.statements import execute, generic_plans

Report = TypeVar("Report")

LOCK_TIMEOUT = "SELECT set_config('lock_timeout', '2s', true)"


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
    """Run the copy, let ``report`` look at it, and undo everything.

    Ids and numbers that the report sees are not those that a real copy would get. Nothing is
    stored, no worker is woken and no event fires. Raises ``Busy``, and ``SourcesNotFound``.
    """
    who = Who.command("preview")
    answers: list[Report] = []
    try:
        with generic_plans():
            execute(LOCK_TIMEOUT)
            copy_ids = create_copies([source_id], mode=mode, options=options, who=who, wake=False)
            claim(worker="preview", limit=1, copy_ids=copy_ids)
            copies = hold(copy_ids)
            make(copies, who=who)
            finish(copies, who=who)
            answers.append(report(OrderCopy.objects.get(pk=copy_ids[0])))
            raise _Rollback
    except _Rollback:
        return answers[0]
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy("somebody is placing orders with the same stock; try again") from error
        raise
