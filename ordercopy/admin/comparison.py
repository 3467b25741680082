"""A source and its target side by side, as a page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.admin_site import shop_site
from config.modes import OtherMode, mode_of
from ordercopy.comparing import Comparison, FieldPair, LinePair, compare
from orders.admin.figures import in_money
from orders.admin.words import LABELS as OF_THE_SHOP
from orders.models import LineItem, Order, PaymentSourceType

# What the order's attributes are called; an attribute without a name here is called what it is.
NAMES: Mapping[str, str | Promise] = {
    "market": _("Market"),
    "customer": _("Customer"),
    "customer_email": _("Customer's e-mail"),
    "guest": _("Bought as a guest"),
    "language_code": _("Language"),
    "currency_code": _("Currency"),
    "coupon_code": _("Coupon"),
    "autorefresh": _("Prices are kept up to date"),
    "shipping_country_code_lock": _("Ships to this country only"),
    "billing_address": _("Billing address"),
    "shipping_address": _("Shipping address"),
    "payment_method": _("Payment method"),
    "payment_source": _("Payment source"),
    "tax_included": _("Prices include taxes"),
    "tax_rate": _("Tax rate"),
    "freight_taxable": _("Shipping is taxed"),
    "payment_method_taxable": _("The payment method is taxed"),
    "adjustment_taxable": _("Adjustments are taxed"),
    "cart_url": _("Address of the cart"),
    "return_url": _("Address to return to"),
    "terms_url": _("Address of the terms"),
    "privacy_url": _("Address of the privacy policy"),
    "metadata": _("Notes of other programs"),
    "tags": _("Tags"),
    "subtotal_amount_cents": _("Products"),
    "shipping_amount_cents": _("Shipping"),
    "payment_method_amount_cents": _("Payment method"),
    "discount_amount_cents": _("Discount"),
    "adjustment_amount_cents": _("Adjustments"),
    "subtotal_tax_amount_cents": _("Taxes on products"),
    "shipping_tax_amount_cents": _("Taxes on shipping"),
    "payment_method_tax_amount_cents": _("Taxes on the payment method"),
    "adjustment_tax_amount_cents": _("Taxes on adjustments"),
    "total_tax_amount_cents": _("Taxes"),
    "total_amount_cents": _("Total"),
    "quantity": _("Quantity"),
    "unit_amount_cents": _("Price"),
    "compare_at_amount_cents": _("Former price"),
    "options_amount_cents": _("Options"),
    "discount_cents": _("Discount"),
    "tax_amount_cents": _("Taxes"),
    "line_item_options": _("Options"),
    "name": _("Name"),
    "position": _("Position"),
    "promotion": _("Promotion"),
    "image_url": _("Picture"),
}
CHANGES: Mapping[str, tuple[str | Promise, str, str]] = {
    "same": (_("Same"), "success", "check"),
    "changed": (_("Changed"), "warning", "edit"),
    "only_in_source": (_("Left out"), "danger", "remove"),
    "only_in_target": (_("Added"), "info", "add"),
}
MONEY = "_cents"
SOURCE_TYPES = dict(PaymentSourceType.choices)


@dataclass(frozen=True)
class Side:
    """One attribute of both orders, ready to be shown."""

    name: str
    source: list[str]
    target: list[str]
    same: bool
    more: str = ""
    is_money: bool = False

    @property
    def empty(self) -> bool:
        return not (self.source or self.target)


@dataclass(frozen=True)
class Line:
    """A line of both orders, ready to be shown."""

    label: str
    name: str
    source: str
    target: str
    change: str | Promise
    tone: str
    icon: str
    differences: list[str] = field(default_factory=list)

    @property
    def same(self) -> bool:
        return self.change == CHANGES["same"][0]


@shop_site.page("compare/<str:order_id>/", name="ordercopy_compare", permission="orders.view_order")
def comparison(request: HttpRequest, order_id: str) -> HttpResponse:
    """An order beside the one it was copied from."""
    target = _whole(order_id)
    if target is None:
        raise Http404
    if target.mode != mode_of(request):
        raise OtherMode(gettext("order %(number)s") % {"number": target.number}, target.mode)
    source = _whole(target.copied_from_id) if target.copied_from_id else None
    if source is None:
        return shop_site.show(
            request, "ordercopy/not_copied.html", title=_("Comparison"), order=target
        )
    compared = compare(source, target)
    sides = [_side(pair, source.currency_code, target.currency_code) for pair in compared.fields]
    shown = [side for side in sides if not side.empty]
    return shop_site.show(
        request,
        "ordercopy/compare.html",
        title=gettext("Order %(source)s beside its copy %(target)s")
        % {"source": source.number, "target": target.number},
        source=source,
        target=target,
        copy=target.made_by.first(),
        same=compared.same,
        lines=[_line(pair, source.currency_code, target.currency_code) for pair in compared.lines],
        counts=_counts(compared),
        money=[side for side in shown if side.is_money],
        others=[side for side in shown if not side.is_money],
    )


def _whole(order_id: str | None) -> Order | None:
    """An order with all that is compared, but for its lines."""
    orders = Order.objects.select_related(
        "market",
        "customer",
        "billing_address",
        "shipping_address",
        "payment_method",
        "payment_source__wallet",
    ).prefetch_related("tags", "billing_address__tags", "shipping_address__tags", "made_by")
    return orders.filter(pk=order_id).first()


def _counts(compared: Comparison) -> dict[str, int]:
    """How many lines there are of each kind of change, and how many attributes differ."""
    counts = dict.fromkeys(CHANGES, 0)
    for line in compared.lines:
        counts[line.change] += 1
    return {**counts, "attributes": len(compared.differences)}


def _is_money(pair: FieldPair) -> bool:
    return pair.name.endswith(MONEY)


def _side(pair: FieldPair, source_currency: str, target_currency: str) -> Side:
    if not _is_money(pair):
        return Side(
            _name(pair.name), list(_texts(pair.source)), list(_texts(pair.target)), pair.same
        )
    source, target = pair.source or 0, pair.target or 0
    if not source and not target:
        return Side(_name(pair.name), [], [], pair.same)
    more = ""
    if not pair.same and source_currency == target_currency:
        sign = "+" if target > source else ""
        more = f"{sign}{in_money(target - source, target_currency)}"
    return Side(
        _name(pair.name),
        [in_money(source, source_currency)],
        [in_money(target, target_currency)],
        pair.same,
        more,
        is_money=True,
    )


def _name(name: str) -> str:
    return str(NAMES.get(name) or OF_THE_SHOP.get(name) or name.replace("_", " ").capitalize())


def _texts(value: Any) -> Iterator[str]:
    """A value as lines of text; nothing for what is empty."""
    if value is None or value in ("", [], {}):
        return
    if isinstance(value, bool):
        yield gettext("yes") if value else gettext("no")
    elif isinstance(value, Mapping):
        yield from _parts(value)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for part in value:
            yield ", ".join(_texts(part))
    else:
        yield str(value)


def _parts(value: Mapping[str, Any]) -> Iterator[str]:
    """What is in an address, say, without what is empty."""
    for name, part in value.items():
        text = ", ".join(_texts(part))
        if name == "type":
            text = str(SOURCE_TYPES.get(text) or text.replace("_", " "))
        if text and part is not False:
            yield f"{_name(name)}: {text}"


def _line(pair: LinePair, source_currency: str, target_currency: str) -> Line:
    change, tone, icon = CHANGES[pair.change]
    known = pair.source or pair.target
    return Line(
        label=pair.label,
        name=(known.name or "") if known else "",
        source=_in_short(pair.source, source_currency),
        target=_in_short(pair.target, target_currency),
        change=change,
        tone=tone,
        icon=icon,
        differences=[
            f"{side.name}: {', '.join(side.source) or '–'} → {', '.join(side.target) or '–'}"
            for side in (_side(each, source_currency, target_currency) for each in pair.differences)
        ],
    )


def _in_short(line: LineItem | None, currency: str) -> str:
    if line is None:
        return ""
    unit = in_money(line.unit_amount_cents, currency)
    return f"{line.quantity} × {unit} = {in_money(line.total_amount_cents, currency)}"
