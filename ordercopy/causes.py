"""What stands in the way of copies, grouped by cause: «NW021 is out of stock», 47 copies.

Groups are made from the error rows and never from the text of an ``errors_log``: figures that
differ from copy to copy (how many pieces were wanted) do not tear one cause apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, OuterRef, Q, TextField, Value, When
from django.db.models.functions import JSONObject

from ordercopy.models import CopyError
from ordercopy.scope import CopyScope
from orders.statements import execute

# Of each cause, how many source orders are named.
EXAMPLES = 3

# Two levels at once: each code, and within it each cause. An error that concerns a SKU is told by
# code and SKU, an unexpected one by its code alone, any other by its message. A copy counts once,
# however many of its lines meet the same cause.
CAUSES = """
WITH met AS (
  SELECT DISTINCT f.sequence, f.status, e.code, e.key, coalesce(e.sku_code, '') AS sku_code,
         CASE WHEN e.sku_code IS NULL AND e.code <> 'internal' THEN e.message ELSE '' END AS message
    FROM ordercopy_orderfactory f
    JOIN ordercopy_copyerror e ON e.factory_id = f.id AND e.attempt = f.attempt
   WHERE f.errors_count > 0 AND {condition}
), cause AS (
  SELECT code, key, sku_code, message,
         count(DISTINCT sequence) AS copies,
         count(DISTINCT sequence) FILTER (WHERE status = 'failed') AS failed,
         (array_agg(DISTINCT sequence ORDER BY sequence))[1:{examples}] AS first
    FROM met
   GROUP BY GROUPING SETS ((code), (code, key, sku_code, message))
)
SELECT code, key, nullif(sku_code, ''), message, copies, failed,
       ARRAY(SELECT o.number
               FROM ordercopy_orderfactory f
               JOIN orders_order o ON o.id = f.source_order_id
              WHERE f.sequence = ANY (cause.first)
              ORDER BY f.sequence)
  FROM cause
 ORDER BY copies DESC, code, sku_code, key, message
"""

SENTENCES = {
    CopyError.Code.OUT_OF_STOCK: "{sku_code} is out of stock",
    CopyError.Code.SKU_DISABLED: "{sku_code} is disabled",
    CopyError.Code.SKU_MISSING: "{sku_code} no longer exists",
}


@dataclass(frozen=True)
class Cause:
    """One cause: ``copies`` met it, ``failed`` of them failed, the others left lines out."""

    cause: str
    code: str
    key: str | None
    sku_code: str | None
    copies: int
    failed: int
    examples: Sequence[str]
    # What tells a cause that concerns no SKU.
    message: str | None = None


@dataclass(frozen=True)
class Causes:
    """All causes of some copies, the most frequent first; ``kinds`` groups them by code alone."""

    causes: list[Cause] = field(default_factory=list)
    kinds: list[Cause] = field(default_factory=list)


def causes_of(scope: CopyScope) -> Causes:
    """Group the errors of the latest attempts of copies, in one query."""
    found = Causes()
    sql = CAUSES.format(condition=scope.condition, examples=EXAMPLES)
    for code, key, sku_code, message, copies, failed, examples in execute(sql, scope.params):
        is_kind = key is None
        sentence = (
            str(CopyError.Code(code).label) if is_kind else _sentence(code, key, sku_code, message)
        )
        cause = Cause(
            sentence,
            code,
            key,
            sku_code,
            copies,
            failed,
            list(dict.fromkeys(examples)),
            message or None,
        )
        (found.kinds if is_kind else found.causes).append(cause)
    return found


# The most frequent causes of each of many batches at once, grouped as above.
MOST_CAUSES = 100
CAUSES_OF_A_BATCH = ArraySubquery(
    CopyError.objects.filter(
        factory__batch=OuterRef("pk"),
        factory__errors_count__gt=0,  # by which an index finds the few that met anything
        attempt=F("factory__attempt"),
    )
    .annotate(
        said=Case(
            When(Q(sku_code=None) & ~Q(code=CopyError.Code.INTERNAL), then="message"),
            default=Value(""),
            output_field=TextField(),
        )
    )
    .values("code", "key", "sku_code", "said")
    .annotate(copies=Count("factory", distinct=True))
    .order_by("-copies", "code", "sku_code", "key", "said")
    .values(
        found=JSONObject(code="code", key="key", sku_code="sku_code", said="said", copies="copies")
    )[:MOST_CAUSES]
)


def sentence_of_cause(found: dict[str, Any]) -> str:
    """What ``CAUSES_OF_A_BATCH`` found, in words."""
    return _sentence(found["code"], found["key"], found["sku_code"], found["said"])


def _sentence(code: str, key: str, sku_code: str | None, message: str) -> str:
    """The cause in words that hold for every copy that met it."""
    if sku_code is not None:
        return SENTENCES[CopyError.Code(code)].format(sku_code=sku_code)
    if code == CopyError.Code.INTERNAL:
        return "unexpected error"
    return _with_key(code, key, message)


def _with_key(code: str, key: str, message: str) -> str:
    """Some messages say only what is the matter with the key."""
    if code in {CopyError.Code.MISSING, CopyError.Code.PAYMENT_SOURCE_GONE}:
        return f"{key} {message}"
    return message


def sentence_of(error: CopyError) -> str:
    """One error in words that can stand alone."""
    return _with_key(error.code, error.key, error.message)
