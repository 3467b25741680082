"""Copies that want the same stock or the same coupon uses get them in the order of creation.

The loop is the one-after-another algorithm itself, over contended resources only, so the outcome
of a batch and the figures in its messages are exactly those of copies that ran one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ordercopy.engine.plan import CopyInHand
from orders import obstacles


@dataclass(frozen=True)
class StockClaim:
    """What a copy wants of one SKU in one pool of stock locations, in pieces."""

    resource: str
    sku_code: str
    lines: Sequence[str]
    requested: int
    available: int


@dataclass(frozen=True)
class CouponClaim:
    """A copy's coupon; ``invalid`` is the reason why it is not valid whatever the others do.

    ``uses_left`` is null when there is no limit, ``customer_id`` when one customer may use the
    coupon more than once.
    """

    code: str
    invalid: str | None
    uses_left: int | None
    customer_id: str | None


@dataclass
class Ledger:
    """What earlier copies of the batch have taken."""

    stock: dict[str, int] = field(default_factory=dict)
    coupons: dict[str, int] = field(default_factory=dict)
    customers: set[tuple[str, str | None]] = field(default_factory=set)

    def coupon_is_used_up(self, claim: CouponClaim) -> bool:
        if claim.uses_left is not None and claim.uses_left <= self.coupons.get(claim.code, 0):
            return True
        return (claim.code, claim.customer_id) in self.customers

    def take(
        self, stock: Sequence[StockClaim], coupon: CouponClaim | None, lines: Sequence[str]
    ) -> None:
        """Book what a copy takes; ``lines`` are those that it leaves out."""
        for claim in stock:
            if not set(claim.lines) <= set(lines):
                self.stock[claim.resource] = self.stock.get(claim.resource, 0) + claim.requested
        if coupon is not None:
            self.coupons[coupon.code] = self.coupons.get(coupon.code, 0) + 1
            if coupon.customer_id is not None:
                self.customers.add((coupon.code, coupon.customer_id))


def settle(
    copies: Sequence[CopyInHand],
    *,
    stock: Mapping[str, Sequence[StockClaim]],
    coupons: Mapping[str, CouponClaim],
    takes: Callable[[CopyInHand], bool],
) -> None:
    """Give out stock and coupon uses in the order of ``copies``; who is short is obstructed.

    ``takes`` says whether a copy that has enough really takes it: one that is only copied looks at
    the stock and leaves it, and so does one that cannot be placed for another reason.
    """
    ledger = Ledger()
    for copy in copies:
        coupon = coupons.get(copy.id)
        if coupon is not None and (coupon.invalid or ledger.coupon_is_used_up(coupon)):
            copy.keep_coupon = False
            if not copy.ignore_invalid_coupon:
                reason = coupon.invalid or "used up"
                copy.obstruct(obstacles.invalid_coupon(coupon.code, reason))
            coupon = None
        for claim in stock.get(copy.id, ()):
            available = claim.available - ledger.stock.get(claim.resource, 0)
            if claim.requested > available:
                short = obstacles.out_of_stock(
                    claim.sku_code,
                    requested=claim.requested,
                    available=available,
                    line_item_id=claim.lines[0],
                )
                copy.skip(short, claim.lines)
        copy.stop_if_nothing_is_left()
        if copy.goes_on and takes(copy):
            ledger.take(stock.get(copy.id, ()), coupon, copy.skipped_lines)
