"""Who gets what is left, when a set of orders wants more than there is.

The orders take their turns one after another, so what comes out is what placing them one by one
would have come to, with the same figures in the messages. Only what is contended comes here.
"""

from collections.abc import Hashable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass

from orders.obstacles import Obstacle, invalid_coupon, out_of_stock

Resource = Hashable


@dataclass(frozen=True)
class PiecesOfSku:
    """An order needs pieces of a SKU."""

    resource: Resource
    amount: int
    sku_code: str
    line_item_id: str

    def refusal(self, available: int) -> Obstacle:
        return out_of_stock(
            self.sku_code,
            requested=self.amount,
            available=available,
            line_item_id=self.line_item_id,
        )


@dataclass(frozen=True)
class UseOfCoupon:
    """An order needs one more use of its coupon."""

    resource: Resource
    code: str
    amount: int = 1

    def refusal(self, _available: int) -> Obstacle:
        return invalid_coupon(self.code, "used up")


Need = PiecesOfSku | UseOfCoupon


def compete(
    order_ids: Iterable[str],
    needs: Mapping[str, Sequence[Need]],
    left: MutableMapping[Resource, int],
    barred: Mapping[str, Sequence[Obstacle]],
) -> dict[str, list[Obstacle]]:
    """Serve the orders in turn from ``left`` and answer what each loser lacked.

    A loser takes nothing, nor does an order that is ``barred`` for another reason.
    """
    losers: dict[str, list[Obstacle]] = {}
    for order_id in order_ids:
        wanted = needs.get(order_id, ())
        lacking = [
            need.refusal(left[need.resource])
            for need in wanted
            if left[need.resource] < need.amount
        ]
        # A coupon can be used up both for everybody and for this customer, which is told once.
        if obstacles := list(dict.fromkeys([*barred.get(order_id, ()), *lacking])):
            losers[order_id] = obstacles
            continue
        for need in wanted:
            left[need.resource] -= need.amount
    return losers
