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


def mend_kept_targets(copies: Sequence[CopyInHand]) -> None:
    """Leave out of kept targets what the copies' options allow to leave out."""
    if coupons := [copy.made_target for copy in copies if not copy.keep_coupon]:
        execute(DROP_COUPONS, [coupons])
    if lines := [line for copy in copies for line in copy.skipped_lines]:
        execute(DELETE_LINES, [lines])
        shorten([copy for copy in copies if copy.skipped_lines])


def shorten(copies: Sequence[CopyInHand]) -> None:
    """Bring the amounts of targets in line with the lines that were not left out of them."""
    if targets := [copy.made_target for copy in copies]:
        reduce_promotion_lines(targets)
        refresh_totals(targets)
