"""What blocks failed copies now, cause by cause, for somebody who mends one after the other.

Causes are told apart as ``causes`` does; this one counts only what mending needs, in a single pass.
Of tens of thousands of failed copies that takes a fifth of a second, and people look far more often
than something changes: what was counted is kept for as long as the same attempts of the same copies
stand failed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.cache import cache

from ordercopy.models import FactoryStatus
from ordercopy.scope import CopyScope
from orders.statements import execute

# Which attempts of which copies are meant, as two numbers.
FINGERPRINT = """
SELECT count(*), bit_xor(hashtextextended(f.id, f.attempt))
  FROM ordercopy_orderfactory f
 WHERE {condition}
"""

# A copy's errors are put together first, so that each copy counts once for a cause. All of its
# errors are of one cause when there are as many of that cause as of all. One that was tried again
# has met the cause since the first of its attempts that failed for it. Where stock is short, the
# markets are told apart: each sells from places of its own.
BLOCKADES = """
WITH met AS MATERIALIZED (
  SELECT f.id, f.attempt, f.failed_at, f.errors_count, f.source_order_id, e.code, e.key, e.sku_code,
         CASE WHEN e.sku_code IS NULL AND e.code <> 'internal' THEN e.message END AS message,
         count(*) AS errors, sum(e.requested) AS requested
    FROM ordercopy_orderfactory f
    JOIN ordercopy_copyerror e ON e.factory_id = f.id AND e.attempt = f.attempt
   WHERE {condition}
   GROUP BY f.id, 6, 7, 8, 9
)
SELECT code, key, sku_code, message, o.market_id, count(*),
       count(*) FILTER (WHERE errors = errors_count),
       coalesce(sum(requested), 0)::bigint, coalesce(min(requested), 0)::bigint,
       min(CASE WHEN attempt = 1 THEN failed_at ELSE coalesce((
         SELECT min(a.ended_at)
           FROM ordercopy_copyerror p
           JOIN ordercopy_copyattempt a ON a.factory_id = p.factory_id AND a.number = p.attempt
          WHERE p.factory_id = met.id AND a.status = 'failed'
            AND p.code = met.code AND p.key = met.key
            AND p.sku_code IS NOT DISTINCT FROM met.sku_code
            AND (met.message IS NULL OR p.message = met.message)), failed_at) END)
  FROM met
  LEFT JOIN orders_order o ON o.id = met.source_order_id AND met.code = 'out_of_stock'
 GROUP BY code, key, sku_code, message, o.market_id
 ORDER BY code, sku_code, key, message, o.market_id
"""

KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Wanted:
    """How many pieces the copies of one market want together, and the one that wants fewest."""

    market_id: str
    requested: int
    least: int


@dataclass(frozen=True)
class Blockade:
    """One cause: it blocks ``copies``, and ``alone`` of them have no other.

    ``wanted`` is what they want, market by market, where there is not enough of it. The first of
    them failed for it ``since`` then (UTC), in whichever attempt.
    """

    code: str
    key: str
    sku_code: str | None
    message: str | None
    copies: int
    alone: int
    since: datetime
    wanted: Sequence[Wanted] = ()

    @property
    def requested(self) -> int:
        """How many pieces all of them want together."""
        return sum(wanted.requested for wanted in self.wanted)


def blockades(*, mode: str) -> list[Blockade]:
    """What blocks the failed copies of a mode, what blocks most of them first.

    Copies that were made again without what failed are blocked no more.
    """
    scope = CopyScope(mode=mode, statuses=[FactoryStatus.FAILED], skips_made_again=True)
    ((copies, attempts),) = execute(FINGERPRINT.format(condition=scope.condition), scope.params)
    if not copies:
        return []
    kept = f"blockades-{mode}-{copies}-{attempts}"
    found: list[Blockade] | None = cache.get(kept)
    if found is None:
        found = _count(scope)
        cache.set(kept, found, KEPT_SECONDS)
    return found


def _count(scope: CopyScope) -> list[Blockade]:
    sql = BLOCKADES.format(condition=scope.condition)
    by_cause = groupby(execute(sql, scope.params), key=itemgetter(0, 1, 2, 3))
    found = [_together(list(rows)) for _cause, rows in by_cause]
    return sorted(found, key=lambda blockade: -blockade.copies)


def _together(rows: Sequence[Sequence[Any]]) -> Blockade:
    """One cause over all the markets in which it was met, each with a row."""
    code, key, sku_code, message, *_ = rows[0]
    _, _, _, _, markets, copies, alone, requested, least, since = zip(*rows, strict=True)
    wanted = zip(markets, requested, least, strict=True)
    return Blockade(
        code,
        key,
        sku_code,
        message,
        copies=sum(copies),
        alone=sum(alone),
        since=min(since),
        wanted=tuple(Wanted(*each) for each in wanted if each[0] is not None),
    )
