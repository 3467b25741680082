"""What there is now of what once stood in the way: stock by place, a SKU, a coupon, a wallet."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Prefetch

from ordercopy.models import CopyError
from orders.models import Coupon, Order, Sku, StockItem


@dataclass(frozen=True)
class Present:
    """How things are now with the SKUs and coupons that errors speak of, by their codes."""

    skus: Mapping[str, Sku] = field(default_factory=dict)
    coupons: Mapping[str, Coupon] = field(default_factory=dict)

    def sku(self, code: str | None) -> Sku | None:
        return self.skus.get(code or "")

    def places(
        self, code: str | None, *, locations: Collection[str] | None = None
    ) -> list[StockItem]:
        """Where a SKU lies, in the order of the places' names; only in some locations, if given."""
        sku = self.sku(code)
        if sku is None:
            return []
        return [
            item
            for item in sku.stock_items.all()
            if locations is None or item.stock_location_id in locations
        ]


def present_state(
    *, mode: str, sku_codes: Iterable[str], coupon_codes: Iterable[str] = ()
) -> Present:
    """Look up how things are now, in three queries at most."""
    places = StockItem.objects.select_related("stock_location").order_by("stock_location__name")
    skus = Sku.objects.filter(mode=mode, code__in=set(sku_codes)).prefetch_related(
        Prefetch("stock_items", places)
    )
    wanted = set(coupon_codes)
    coupons = Coupon.objects.filter(mode=mode, code__in=wanted) if wanted else ()
    return Present(
        {sku.code: sku for sku in skus},
        {coupon.code: coupon for coupon in coupons},
    )


def present_for(source: Order, errors: Iterable[CopyError]) -> Present:
    """The same for the errors of a copy of this order."""
    rows = list(errors)
    of_coupon = any(error.code == CopyError.Code.INVALID_COUPON for error in rows)
    return present_state(
        mode=source.mode,
        sku_codes=[error.sku_code for error in rows if error.sku_code],
        coupon_codes=[source.coupon_code] if of_coupon and source.coupon_code else [],
    )
