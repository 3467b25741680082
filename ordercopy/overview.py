"""What happened to copies lately and what happens now: the figures of the first page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from ordercopy.health import ALIVE_SECONDS
from ordercopy.models import FactoryStatus, OrderFactory
from orders.statements import execute

NOW = """
SELECT count(*) FILTER (WHERE mode = %(mode)s AND status = 'pending'),
       count(*) FILTER (WHERE mode = %(mode)s AND status = 'in_progress'),
       clock_timestamp() - min(updated_at) FILTER (WHERE mode = %(mode)s AND status = 'pending'),
       (SELECT count(*) FROM ordercopy_orderfactory
         WHERE mode = %(mode)s AND type = %(type)s AND status = 'failed'),
       (SELECT count(*) FROM procrastinate_workers
         WHERE last_heartbeat > now() - make_interval(secs => %(alive)s))
  FROM ordercopy_orderfactory
 WHERE status IN ('pending', 'in_progress')
"""

BY_DAY = """
SELECT (created_at AT TIME ZONE %(zone)s)::date, status, count(*)
  FROM ordercopy_orderfactory
 WHERE mode = %(mode)s AND type = %(type)s AND created_at >= %(since)s
 GROUP BY 1, 2
"""

# An order counts for what it is worth now: a merchant may have changed it since. How many copies
# these days have decides whether their orders are looked up or all orders are read, so this one is
# planned each time for the days that it is asked for.
MONEY = """
SELECT o.currency_code, count(*), sum(o.total_amount_cents)::bigint
  FROM ordercopy_orderfactory f
  JOIN orders_order o ON o.id = f.target_order_id
 WHERE f.mode = %(mode)s AND f.type = %(type)s AND f.status = 'completed'
   AND f.created_at >= %(since)s
 GROUP BY 1
 ORDER BY 3 DESC, 1
"""


@dataclass(frozen=True)
class Day:
    """The copies that were asked for on a day, by what became of them."""

    day: date
    counts: Mapping[FactoryStatus, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Money:
    """What the orders are worth that copies of some days made, in cents of a currency."""

    currency_code: str
    orders: int
    cents: int


@dataclass(frozen=True)
class Overview:
    """The copies of a mode: those of the last days, and whenever they were asked for, those that
    have not ended (``waiting``, ``in_progress``) or have failed.

    ``oldest_wait`` is None when nothing waits. Workers serve both modes.
    """

    waiting: int
    in_progress: int
    oldest_wait: timedelta | None
    failed: int
    workers_alive: int
    days: list[Day] = field(default_factory=list)
    money: list[Money] = field(default_factory=list)

    def count(self, status: FactoryStatus) -> int:
        """How many copies of these days have this status."""
        return sum(day.counts.get(status, 0) for day in self.days)

    @property
    def total(self) -> int:
        return sum(day.total for day in self.days)


def overview_of(*, mode: str, days: int) -> Overview:
    """Look at so many days, today being the last, as days are in the current time zone."""
    today = timezone.localdate()
    asked = {
        "mode": mode,
        "type": OrderFactory.Type.ORDER_COPY,
        "zone": timezone.get_current_timezone_name(),
        "since": _midnight(today - timedelta(days=days - 1)),
        "alive": ALIVE_SECONDS,
    }
    ((waiting, in_progress, waited, failed, workers),) = execute(NOW, asked)
    counts: dict[date, dict[FactoryStatus, int]] = {}
    for day, status, count in execute(BY_DAY, asked):
        counts.setdefault(day, {})[FactoryStatus(status)] = count
    each = [today - timedelta(days=back) for back in reversed(range(days))]
    return Overview(
        waiting,
        in_progress,
        waited,
        failed,
        workers,
        [Day(day, counts.get(day, {})) for day in each],
        _money(asked),
    )


def _money(asked: Mapping[str, Any]) -> list[Money]:
    with connection.cursor() as cursor:
        cursor.execute(MONEY, asked)
        return [Money(*row) for row in cursor.fetchall()]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
