"""Targets without some of their lines: newly made ones, and those kept from an earlier attempt.

A kept target is mended instead of made again.
"""

from collections.abc import Sequence

from ordercopy.engine.plan import CopyInHand
from orders.promotions import reduce_promotion_lines
from orders.statements import execute
from orders.totals import refresh_totals

DELETE_LINES = """
WITH line AS (
  SELECT unnest(%s::varchar[]) AS id
), tags AS (
  DELETE FROM orders_lineitem_tags t USING line WHERE t.lineitem_id = line.id
), option_tags AS (
  DELETE FROM orders_lineitemoption_tags t USING line, orders_lineitemoption o
   WHERE o.line_item_id = line.id AND t.lineitemoption_id = o.id
), options AS (
  DELETE FROM orders_lineitemoption o USING line WHERE o.line_item_id = line.id
)
DELETE FROM orders_lineitem l USING line WHERE l.id = line.id
"""

DROP_COUPONS = """
UPDATE orders_order SET coupon_code = NULL, updated_at = statement_timestamp()
 WHERE id = ANY (%s::varchar[])
"""

# Targets whose amounts may be behind their lines: an order that does not refresh by itself catches
# up when it is placed, and so not before it is copied.
BEHIND = """
SELECT target.id
  FROM unnest(%s::varchar[], %s::varchar[]) AS made(target_id, made_of_id)
  JOIN orders_order target ON target.id = made.target_id
  JOIN orders_order made_of ON made_of.id = made.made_of_id
 WHERE NOT target.autorefresh AND made_of.placed_at IS NULL
"""


def mend_kept_targets(copies: Sequence[CopyInHand]) -> None:
    """Leave out of kept targets what the copies' options allow to leave out."""
    if not copies:
        return
    if coupons := [copy.made_target for copy in copies if not copy.keep_coupon]:
        execute(DROP_COUPONS, [coupons])
    if lines := [line for copy in copies for line in copy.skipped_lines]:
        execute(DELETE_LINES, [lines])
    catch_up(copies, made_of=[copy.made_target for copy in copies])


def catch_up(copies: Sequence[CopyInHand], *, made_of: Sequence[str]) -> None:
    """Bring the amounts of targets in line with their lines, where these may be other ones.

    Lines were left out, or the order that the target is ``made_of`` (the target itself, if it was
    kept) waited for its next refresh.
    """
    found = execute(BEHIND, [[copy.made_target for copy in copies], list(made_of)])
    behind = {target for (target,) in found}
    targets = [
        copy.made_target for copy in copies if copy.skipped_lines or copy.made_target in behind
    ]
    if targets:
        reduce_promotion_lines(targets)
        refresh_totals(targets)
