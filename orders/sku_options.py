"""Which options go with which SKUs: a pattern of SKU codes tells.

Patterns are PostgreSQL's regular expressions, matched by the database. Unlike Python's they take no
longer with each character that is almost right, but for two kinds, which are refused: those that
refer back to what one of their groups has matched, and those that are slow to be understood at all.
"""

import re
from collections.abc import Iterable

from django.db import DataError, OperationalError, transaction
from django.db.models import F, Q, QuerySet, TextField, Value
from psycopg.errors import QueryCanceled

from orders.models import LineItemOption, SkuOption
from orders.obstacles import Obstacle, Obstructed
from orders.statements import execute

MATCHING_PAIRS = """
SELECT code, pattern FROM unnest(%s::text[]) code, unnest(%s::text[]) pattern WHERE code ~ pattern
"""
MATCHES = "SELECT pattern, %s::text ~ pattern FROM unnest(%s::text[]) pattern"
LONGEST_TO_UNDERSTAND = "SET LOCAL statement_timeout = '1s'"
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
REFERENCES = frozenset("123456789")


def require_pattern(pattern: str) -> None:
    """Raise ``Obstructed`` where a text is no pattern, or one that could take for ever."""
    if REFERENCES.intersection(ESCAPED.findall(pattern)):
        raise _obstructed("cannot refer back to one of its groups")
    try:
        with transaction.atomic():
            execute(LONGEST_TO_UNDERSTAND)
            execute(MATCHES, ["", [pattern]])
            transaction.set_rollback(True)  # the limit goes with it
    except DataError:
        raise _obstructed("is not a regular expression") from None
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise _obstructed("is too complex") from None
        raise


def _obstructed(message: str) -> Obstructed:
    return Obstructed(Obstacle("invalid", "sku_code_regex", message))


def goes_with(option: SkuOption, sku_code: str | None) -> bool:
    """Whether an option may be added to a SKU; without a pattern it goes with all."""
    return _all_match([option.sku_code_regex], sku_code)


def going_with(options: QuerySet[SkuOption], sku_code: str) -> QuerySet[SkuOption]:
    """Those of the options that may be added to a SKU with this code."""
    matching = Q(asked_code__regex=F("sku_code_regex"))
    asked = options.alias(asked_code=Value(sku_code, output_field=TextField()))
    return asked.filter(Q(sku_code_regex=None) | matching)


def matches_of(sku_codes: Iterable[str], patterns: Iterable[str]) -> set[tuple[str, str]]:
    """Which code matches which pattern, in one statement for all of them."""
    return set(execute(MATCHING_PAIRS, [sorted(sku_codes), sorted(patterns)]))


def require_applicable(chosen: Iterable[LineItemOption], sku_code: str) -> None:
    """Raise ``Obstructed`` where the options of a line do not all go with the SKU it is to have."""
    patterns = [each.sku_option.sku_code_regex for each in chosen if each.sku_option]
    if not _all_match(patterns, sku_code):
        message = f"{sku_code} does not go with the options of this line"
        raise Obstructed(Obstacle("option_not_applicable", "item", message))


def _all_match(patterns: Iterable[str | None], sku_code: str | None) -> bool:
    asked = [pattern for pattern in patterns if pattern]
    if not asked:
        return True
    return all(matched for _, matched in execute(MATCHES, [sku_code or "", asked]))
