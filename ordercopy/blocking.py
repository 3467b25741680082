"""What blocks failed copies now, cause by cause, for somebody who mends one after the other.

Causes are told apart as ``causes`` does; this one counts only what mending needs, in a single pass.
Of tens of thousands of failed copies that takes a fifth of a second, and people look far more often
than something changes: what was counted is kept for as long as the same attempts of the same copies
stand failed.
"""

from dataclasses import dataclass
from datetime import datetime

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
# has met the cause since the first of its attempts that failed for it.
BLOCKADES = """
WITH met AS MATERIALIZED (
  SELECT f.id, f.attempt, f.failed_at, f.errors_count, e.code, e.key, e.sku_code,
         CASE WHEN e.sku_code IS NULL AND e.code <> 'internal' THEN e.message END AS message,
         count(*) AS errors, sum(e.requested) AS requested
    FROM ordercopy_orderfactory f
    JOIN ordercopy_copyerror e ON e.factory_id = f.id AND e.attempt = f.attempt
   WHERE {condition}
   GROUP BY f.id, 5, 6, 7, 8
)
SELECT code, key, sku_code, message, count(*) AS copies,
       count(*) FILTER (WHERE errors = errors_count), sum(requested)::bigint,
       min(requested)::bigint,
       min(CASE WHEN attempt = 1 THEN failed_at ELSE coalesce((
         SELECT min(a.ended_at)
           FROM ordercopy_copyerror p
           JOIN ordercopy_copyattempt a ON a.factory_id = p.factory_id AND a.number = p.attempt
          WHERE p.factory_id = met.id AND a.status = 'failed'
            AND p.code = met.code AND p.key = met.key
            AND p.sku_code IS NOT DISTINCT FROM met.sku_code
            AND (met.message IS NULL OR p.message = met.message)), failed_at) END)
  FROM met
 GROUP BY code, key, sku_code, message
 ORDER BY copies DESC, code, sku_code, key, message
"""

KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Blockade:
    """One cause: it blocks ``copies``, and ``alone`` of them have no other.

    ``requested`` are the pieces that all of them want together, and ``least`` what the one wants
    that wants fewest. The first of them failed for it ``since`` then (UTC), in whichever attempt.
    """

    code: str
    key: str
    sku_code: str | None
    message: str | None
    copies: int
    alone: int
    requested: int | None
    least: int | None
    since: datetime


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
    return [Blockade(*row) for row in execute(sql, scope.params)]
