"""For each thing that stood in the way: what there is now, and the place where it is mended."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ordercopy.admin.filters import NOT_MADE_AGAIN, MadeAgainFilter
from ordercopy.admin.wording import KINDS, error_in_words
from ordercopy.blocking import Blockade
from ordercopy.models import CopyError, OrderFactory
from ordercopy.present import Present, present_for
from orders.lifecycle.stock import pools_of
from orders.models import Coupon, Order, PaymentMethod, Sku, StockItem

Code = CopyError.Code


@dataclass(frozen=True)
class Place:
    """A page where something can be mended."""

    words: str | Promise
    address: str


@dataclass(frozen=True)
class Inspected:
    """One error of a copy, explained; ``mended`` when nothing stands in the way any more."""

    words: str
    kind: str | Promise
    error: CopyError
    there_now: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    mended: bool = False
    # The list of all copies that failed for the same cause.
    same: str = ""


def inspect(factory: OrderFactory, errors: Iterable[CopyError]) -> list[Inspected]:
    """Explain the errors of one factory, in a constant number of queries."""
    rows = list(errors)
    source = factory.source_order
    present = present_for(source, rows)
    locations = pools_of([source.market_id]).get(source.market_id, ())
    return [_inspect(error, factory, present, locations) for error in rows]


def _inspect(
    error: CopyError, factory: OrderFactory, present: Present, locations: Collection[str]
) -> Inspected:
    words = error_in_words(vars(error))
    there, places, mended = _now(error, factory, present, locations)
    return Inspected(
        words, KINDS[error.code], error, there, places, mended, same=copies_with(error)
    )


def _now(
    error: CopyError, factory: OrderFactory, present: Present, locations: Collection[str]
) -> tuple[list[str], list[Place], bool]:
    source = factory.source_order
    # What a kept target lacks is mended in it; otherwise the source is what will be copied.
    order = factory.target_order or source
    if error.sku_code is not None:
        return _sku_now(error, present, locations)
    if error.code == Code.INVALID_COUPON:
        return _coupon_now(source, present.coupons.get(source.coupon_code or ""))
    if error.code == Code.PAYMENT_METHOD_DISABLED and order.payment_method:
        return _payment_method_now(order, order.payment_method)
    if error.code == Code.INTERNAL:
        reference = error.message.rpartition(" ")[2]
        said = gettext("The server's log says more, under the reference %(reference)s.")
        return [said % {"reference": reference}], [], False
    return [], [*_places_beside(error, source), order_place(order)], False


def _places_beside(error: CopyError, source: Order) -> list[Place]:
    """What beside the order itself may be changed to mend it."""
    if error.code == Code.PAYMENT_SOURCE_GONE and source.customer_id:
        customer = reverse("admin:orders_customer_change", args=[source.customer_id])
        return [Place(_("The customer and the wallet"), customer)]
    if error.code == Code.CURRENCY_MISMATCH:
        market = reverse("admin:orders_market_change", args=[source.market_id])
        return [Place(_("The market"), market)]
    return []


def _sku_now(
    error: CopyError, present: Present, locations: Collection[str]
) -> tuple[list[str], list[Place], bool]:
    sku = present.sku(error.sku_code)
    if sku is None:
        there_is = gettext("There is no product %(sku)s.") % {"sku": error.sku_code}
        add = f"{reverse('admin:orders_sku_add')}?{urlencode({'code': error.sku_code})}"
        return [there_is], [Place(_("Add the product again"), add)], False
    if sku.disabled_at is not None:
        since = date_format(localtime(sku.disabled_at), "SHORT_DATE_FORMAT")
        return (
            [gettext("It is disabled since %(day)s.") % {"day": since}],
            [sku_place(sku)],
            False,
        )
    if error.code != Code.OUT_OF_STOCK:
        return [gettext("It can be sold again.")], [sku_place(sku)], True
    items = present.places(sku.code, locations=locations)
    there = sum(item.quantity for item in items)
    enough = sku.do_not_track or there >= (error.requested or 0)
    return _stock_in_words(items, there), stock_places(sku, items, locations), enough


def _stock_in_words(items: list[StockItem], there: int) -> list[str]:
    if not items:
        return [gettext("It is in none of the places that the market sells from.")]
    pieces = ngettext("%(count)s piece now", "%(count)s pieces now", there)
    if len(items) == 1:
        return [pieces % {"count": there}]
    each = ", ".join(f"{item.stock_location.name}: {item.quantity}" for item in items)
    return [f"{pieces % {'count': there}} ({each})"]


def _coupon_now(source: Order, coupon: Coupon | None) -> tuple[list[str], list[Place], bool]:
    if coupon is None:
        there_is = gettext("There is no coupon %(code)s.") % {"code": source.coupon_code}
        return [there_is], [order_place(source)], False
    there = []
    if coupon.usage_limit is not None:
        used = gettext("Used %(count)s times of %(limit)s.")
        there.append(used % {"count": coupon.usage_count, "limit": coupon.usage_limit})
    if coupon.expires_at is not None:
        day = date_format(localtime(coupon.expires_at), "SHORT_DATE_FORMAT")
        there.append(gettext("It ends on %(day)s.") % {"day": day})
    address = reverse("admin:orders_coupon_change", args=[coupon.pk])
    return there, [Place(_("The coupon"), address), order_place(source)], False


def _payment_method_now(order: Order, method: PaymentMethod) -> tuple[list[str], list[Place], bool]:
    address = reverse("admin:orders_paymentmethod_change", args=[method.pk])
    places = [Place(_("The payment method"), address), order_place(order)]
    if method.disabled_at is None:
        return [gettext("The order has a payment method that is offered.")], places, True
    since = date_format(localtime(method.disabled_at), "SHORT_DATE_FORMAT")
    return [gettext("It is disabled since %(day)s.") % {"day": since}], places, False


def order_place(order: Order) -> Place:
    words = gettext("Order %(number)s") % {"number": order.number}
    return Place(words, reverse("admin:orders_order_change", args=[order.pk]))


def sku_place(sku: Sku) -> Place:
    words = gettext("The product %(sku)s") % {"sku": sku.code}
    return Place(words, reverse("admin:orders_sku_change", args=[sku.pk]))


def stock_places(sku: Sku, items: list[StockItem], locations: Collection[str]) -> list[Place]:
    """Where pieces of a SKU can be added: its stock items, or a new one where there is none."""
    if items:
        return [
            Place(
                gettext("Stock of %(sku)s in %(place)s")
                % {"sku": sku.code, "place": item.stock_location.name},
                reverse("admin:orders_stockitem_change", args=[item.pk]),
            )
            for item in items
        ]
    given: dict[str, Any] = {"sku": sku.pk}
    if locations:
        given["stock_location"] = next(iter(locations))
    address = f"{reverse('admin:orders_stockitem_add')}?{urlencode(given)}"
    return [Place(gettext("Put %(sku)s into stock") % {"sku": sku.code}, address)]


def copies_held_up(cause: Blockade) -> str:
    """The list of the copies that a cause blocks: of just those that it counts."""
    return copies_with(cause, **{MadeAgainFilter.parameter_name: NOT_MADE_AGAIN})


def copies_with(cause: Any, **besides: str) -> str:
    """The list of failed copies that met this cause (or this error's)."""
    asked = {"status": "failed", "code": cause.code, **besides}
    if cause.sku_code:
        asked["sku"] = cause.sku_code
    elif cause.code == Code.MISSING:
        asked["key"] = cause.key
    elif cause.message and cause.code != Code.INTERNAL:
        asked["message"] = cause.message
    return f"{reverse('admin:ordercopy_ordercopy_changelist')}?{urlencode(asked)}"
