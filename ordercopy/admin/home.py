"""The first page: what needs somebody first, what goes on now, and how the last days went."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from config.modes import mode_of
from ordercopy.admin.groups import groups_of
from ordercopy.admin.wording import STATUSES, duration_in_words
from ordercopy.blocking import blockades
from ordercopy.models import FactoryStatus
from ordercopy.overview import Day, Overview, overview_of
from orders.admin.figures import in_money
from orders.models import Order

DAYS = 14
CAUSES_SHOWN = 5
CHART_HEIGHT = 100
# From the bottom of a bar to its top.
STACKED = (
    FactoryStatus.COMPLETED,
    FactoryStatus.FAILED,
    FactoryStatus.ABORTED,
    FactoryStatus.IN_PROGRESS,
    FactoryStatus.PENDING,
)


@dataclass(frozen=True)
class Part:
    """A piece of a bar, in hundredths of the chart's height from its top."""

    status: FactoryStatus
    top: float
    height: float


@dataclass(frozen=True)
class Bar:
    """A day's copies; ``place`` is its number from the left."""

    place: int
    day: date
    total: int
    address: str
    parts: list[Part]
    counts: list[int]


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the first page shows to those who may see copies."""
    if not request.user.has_perm("ordercopy.view_ordercopy"):
        return context
    mode = mode_of(request)
    overview = overview_of(mode=mode, days=DAYS)
    causes = blockades(mode=mode)
    return context | {
        "overview": overview,
        "nothing_yet": not Order.objects.filter(mode=mode).exists(),
        "waited": duration_in_words(overview.oldest_wait),
        "troubles": groups_of(causes[:CAUSES_SHOWN], mode),
        "causes": len(causes),
        "more_troubles": max(0, len(causes) - CAUSES_SHOWN),
        "bars": list(_bars(overview)),
        "outcomes": [
            (status, STATUSES[status], overview.count(status), _since(overview, status))
            for status in STACKED
        ],
        "money": [
            (in_money(money.cents, money.currency_code), money.orders) for money in overview.money
        ],
        "lists": _lists(overview),
    }


def _lists(overview: Overview) -> Mapping[str, str]:
    """The lists that the figures count."""
    return {
        "failed": _copies(status=FactoryStatus.FAILED),
        "completed": _since(overview, FactoryStatus.COMPLETED),
        "waiting": _copies(status=FactoryStatus.PENDING),
        "in_progress": _copies(status=FactoryStatus.IN_PROGRESS),
    }


def _since(overview: Overview, status: FactoryStatus) -> str:
    """The list of the copies of these days that have this status."""
    return _copies(status=status, created_at_from=overview.days[0].day.isoformat())


def _bars(overview: Overview) -> Iterator[Bar]:
    highest = max(day.total for day in overview.days) or 1
    for place, day in enumerate(overview.days):
        iso = day.day.isoformat()
        yield Bar(
            place,
            day.day,
            day.total,
            _copies(created_at_from=iso, created_at_to=iso),
            list(_parts(day, highest)),
            [day.counts.get(status, 0) for status in STACKED],
        )


def _parts(day: Day, highest: int) -> Iterator[Part]:
    top: float = CHART_HEIGHT
    for status in STACKED:
        if count := day.counts.get(status, 0):
            height = CHART_HEIGHT * count / highest
            top -= height
            yield Part(status, round(top, 2), round(height, 2))


def _copies(**asked: str) -> str:
    return f"{reverse('admin:ordercopy_ordercopy_changelist')}?{urlencode(asked)}"
