"""Which copies somebody asked to be tried again in one go, and what became of them since.

The audit trail says who asked for what and when, and keeps it when a copy fails again or completes.
So a request is told by its moments and its person, and finds its copies however many they are.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.dateparse import parse_datetime

from ordercopy.models import OPEN_STATUSES, FactoryStatus, OrderCopy
from orders.models import EventStore
from orders.statements import execute

BETWEEN = ".."


@dataclass(frozen=True)
class Retrial:
    """What the user with the id ``by`` asked for from one moment to another (UTC, inclusive)."""

    since: datetime
    until: datetime
    by: str

    @classmethod
    def read(cls, said: str) -> "Retrial | None":
        """What ``str`` has written; None when it is nothing of the kind."""
        match said.split(BETWEEN):
            case [since, until, by]:
                moments = _moment(since), _moment(until)
            case _:
                return None
        if moments[0] is None or moments[1] is None:
            return None
        return cls(moments[0], moments[1], by)

    def __str__(self) -> str:
        return BETWEEN.join([self.since.isoformat(), self.until.isoformat(), self.by])

    @property
    def copies(self) -> Q:
        """The copies that were asked for, as a condition over ``OrderCopy``."""
        asked = EventStore.objects.filter(
            created_at__range=(self.since, self.until),
            resource_type="order_copies",
            event=EventStore.What.UPDATE,
            payload__status__to=FactoryStatus.PENDING,
            who__owner__id=self.by,
        )
        return Q(pk__in=asked.order_by().values("resource_id"))


@dataclass(frozen=True)
class Outcome:
    """How many of the copies of a retrial stand where now."""

    completed: int
    failed: int
    aborted: int
    going_on: int

    @property
    def total(self) -> int:
        return self.completed + self.failed + self.aborted + self.going_on


def outcome_of(retrial: Retrial, *, mode: str) -> Outcome:
    """Count them, in one query; copies that were deleted since are not among them."""
    copies = OrderCopy.objects.filter(retrial.copies, mode=mode).order_by()
    found = Counter(dict(copies.values_list("status").annotate(copies=Count("pk"))))
    return Outcome(
        found[FactoryStatus.COMPLETED],
        found[FactoryStatus.FAILED],
        found[FactoryStatus.ABORTED],
        sum(found[status] for status in OPEN_STATUSES),
    )


def database_now() -> datetime:
    """The moment by the clock that dates the audit trail."""
    ((now,),) = execute("SELECT statement_timestamp()")
    moment: datetime = now
    return moment


def _moment(said: str) -> datetime | None:
    try:
        moment = parse_datetime(said)
    except ValueError:
        return None
    return None if moment is None or moment.tzinfo is None else moment
