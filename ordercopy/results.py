"""What running copies has come to: counts, money and causes."""

from dataclasses import dataclass, field

from ordercopy.batch_progress import BatchProgress
from ordercopy.causes import Causes, causes_of
from ordercopy.scope import CopyScope
from orders.statements import execute

COUNTS = """
SELECT f.status, count(*)
  FROM ordercopy_orderfactory f
 WHERE {condition}
 GROUP BY f.status
"""

TARGET_TOTALS = """
SELECT o.currency_code, sum(o.total_amount_cents)::bigint
  FROM ordercopy_orderfactory f
  JOIN orders_order o ON o.id = f.target_order_id
 WHERE f.status = 'completed' AND {condition}
 GROUP BY o.currency_code ORDER BY o.currency_code
"""


@dataclass(frozen=True)
class Results:
    """Where copies stand, what the targets of the completed ones cost, and what was in the way."""

    progress: BatchProgress = field(default_factory=BatchProgress)
    target_totals: dict[str, int] = field(default_factory=dict)
    causes: Causes = field(default_factory=Causes)

    @property
    def target_total_cents(self) -> int | None:
        """The sum of all targets; null when they are in several currencies, as there is none."""
        if len(self.target_totals) > 1:
            return None
        return sum(self.target_totals.values())


def progress_in(scope: CopyScope) -> BatchProgress:
    """Count copies by status."""
    return BatchProgress(dict(_select(COUNTS, scope)))


def results_of(scope: CopyScope) -> Results:
    """Sum up some copies."""
    return Results(progress_in(scope), target_totals_in(scope), causes_of(scope))


def target_totals_in(scope: CopyScope) -> dict[str, int]:
    """What the targets of completed copies cost, in cents by currency."""
    return dict(_select(TARGET_TOTALS, scope))


def _select(sql: str, scope: CopyScope) -> list[tuple[str, int]]:
    return [
        (name, number)
        for name, number in execute(sql.format(condition=scope.condition), scope.params)
    ]
