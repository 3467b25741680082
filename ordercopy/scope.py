"""Some of the copies, as a condition for statements that count or group them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ordercopy.models import FactoryStatus

# What ``MADE_AGAIN`` says, as a condition that can be answered by one hash of all wishes: ten
# thousand copies can be made again in one go.
NOT_MADE_AGAIN = """NOT EXISTS (
     SELECT FROM ordercopy_orderfactory g LEFT JOIN orders_order t ON t.id = g.target_order_id
      WHERE g.wish = f.wish AND g.id <> f.id
        AND (g.status NOT IN ('failed', 'aborted') OR t.status IN ('placed', 'approved')))
   AND NOT EXISTS (
     SELECT FROM ordercopy_orderofwish w JOIN orders_order t ON t.id = w.order_id
      WHERE w.wish = f.wish AND (w.copy_completed OR t.status IN ('placed', 'approved')))"""


@dataclass(frozen=True, kw_only=True)
class CopyScope:
    """The copies of a batch, given ones, or all of a mode; at least one of the three is needed."""

    mode: str | None = None
    batch_id: str | None = None
    copy_ids: Sequence[str] | None = None
    statuses: Sequence[FactoryStatus] = ()
    # Not those whose order exists, as they were made again without what failed.
    skips_made_again: bool = False

    def __post_init__(self) -> None:
        if self.mode is None and self.batch_id is None and self.copy_ids is None:
            raise ValueError("a scope needs a mode, a batch or copies")

    @property
    def condition(self) -> str:
        """The condition over ``f`` (the factory).

        Its text depends only on what narrows the scope, so there are few statements to plan.
        """
        conditions = {
            # Nothing else is in a batch.
            "f.type = 'order_copies'": self.batch_id is None,
            "f.mode = %(mode)s": self.mode is not None,
            "f.batch_id = %(batch)s": self.batch_id is not None,
            "f.id = ANY (%(copies)s::varchar[])": self.copy_ids is not None,
            "f.status = ANY (%(statuses)s::varchar[])": bool(self.statuses),
            NOT_MADE_AGAIN: self.skips_made_again,
        }
        return " AND ".join(sql for sql, applies in conditions.items() if applies)

    @property
    def params(self) -> dict[str, Any]:
        return {
            "mode": self.mode,
            "batch": self.batch_id,
            "copies": None if self.copy_ids is None else list(self.copy_ids),
            "statuses": [FactoryStatus(status).value for status in self.statuses],
        }
