"""The lines of orders: adding, changing and removing them while the order is open.

A line of a SKU costs what the price list of the order's market says, unless the caller names
another price. What is ``external_price`` stays when prices are refreshed.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from orders.audit import Values, Who, record_write
from orders.models import ItemType, LineItem, Order, Price, Sku
from orders.obstacles import Obstacle, Obstructed, currency_mismatch, missing
from orders.open_orders import OPEN, bring_up_to_date, hold, require_open
from orders.sku_options import require_applicable

# A merchant's own notes are no part of what was agreed on, so they may be written at any time.
NOTES = frozenset({"reference", "reference_origin", "metadata"})
PLAIN = ("name", "image_url", "compare_at_amount_cents", "external_price", "frequency", *NOTES)
WRITTEN = ("sku_code", "item_type", "quantity", "unit_amount_cents", *PLAIN)
# What the promotions, the totals and the status of an order depend on.
CONTENTS = frozenset({"sku_code", "item_type", "quantity", "unit_amount_cents"})
# What a new price of a piece changes.
PRICED = (
    "unit_amount_cents",
    "compare_at_amount_cents",
    "total_amount_cents",
    "discount_cents",
    "discount_per_piece_cents",
)
MADE_BY_HAND = frozenset({ItemType.SKU, ItemType.ADJUSTMENT})


@transaction.atomic
def add_line(order_id: str, given: Values, *, who: Who, merge: bool = False) -> LineItem:
    """Add a line to an open order and bring the order up to date.

    ``given`` are fields of the line: ``sku`` and ``quantity``, or ``item_type`` adjustments with a
    ``name`` and ``unit_amount_cents`` (of the order's currency). With ``merge`` a line of the same
    SKU and frequency that is there already gets the quantity, and is answered. Raises
    ``Obstructed``.
    """
    order = hold(order_id)
    require_open(order)
    sku = given.get("sku")
    _check_item_type(given, sku)
    if merge and sku and (same := _line_like(order, sku, given)):
        _require_sellable(sku)
        _write(same, order, {**given, "quantity": same.quantity + given["quantity"]}, who=who)
        return same
    line = LineItem(
        mode=order.mode,
        order=order,
        item_type=ItemType.SKU if sku else ItemType.ADJUSTMENT,
        currency_code=order.currency_code,
        position=(order.line_items.aggregate(last=Max("position"))["last"] or 0) + 1,
    )
    _write(line, order, given, who=who)
    return line


@transaction.atomic
def change_line(line: LineItem, given: Values, *, who: Who) -> None:
    """Change fields of a line; a new ``sku`` brings its own price, name and picture.

    After the order was placed only notes may be written. Raises ``Obstructed``.
    """
    order = hold(line.order_id)
    if given.keys() - NOTES:
        _require_made_by_hand(line)
        require_open(order)
    _write(line, order, given, who=who)


@transaction.atomic
def remove_line(line: LineItem, *, who: Who) -> None:
    """Take a line out of an open order, with its options. Raises ``Obstructed``."""
    order = hold(line.order_id)
    _require_made_by_hand(line)
    require_open(order)
    record_write(line, "line_items", _written(line), {}, who=who)
    # Once it is gone, only the order's own history can tell of it.
    gone = {"id": line.pk, "name": line.sku_code or line.name, "quantity": line.quantity}
    record_write(order, "orders", {"line_items": gone}, {"line_items": None}, who=who)
    line.delete()
    bring_up_to_date(order, who=who)


def refresh_line(line: LineItem) -> None:
    """Let the total of a line follow from its options, which have changed."""
    _remember_discount(line)
    options = line.line_item_options.aggregate(total=Sum("total_amount_cents"))
    line.options_amount_cents = options["total"] or 0
    _set_total(line)
    line.save(
        update_fields=[
            "options_amount_cents",
            "total_amount_cents",
            "discount_cents",
            "discount_per_piece_cents",
            "updated_at",
        ]
    )


def refresh_prices(order: Order) -> bool:
    """Price the lines of an order anew that is not placed yet; its totals come after.

    A price that the client has set by itself stays, and so does one of a SKU that the list does not
    have. The caller holds the order. Answers whether any line costs something else now.
    """
    if order.status not in OPEN:
        return False
    list_id = order.market.price_list_id
    prices: dict[str | None, Price] = {
        price.sku_id: price
        for price in Price.objects.filter(price_list=list_id, sku__line_items__order=order)
    }
    lines = order.line_items.filter(item_type=ItemType.SKU, external_price=False, sku__in=prices)
    changed = [line for line in lines if _charge(line, prices[line.sku_id])]
    LineItem.objects.bulk_update(changed, [*PRICED, "updated_at"])
    return bool(changed)


def _write(line: LineItem, order: Order, given: Values, *, who: Who) -> None:
    """Set what is given, store it, and let the order follow if its contents are other ones now."""
    is_new = line._state.adding
    before = {} if is_new else _written(line)
    if not is_new:
        _remember_discount(line)
    sku = given.get("sku")
    if sku and sku.pk != line.sku_id:
        _take_sku(line, sku)
    for name in PLAIN:
        if name in given and not (sku and name in {"name", "image_url"} and not given[name]):
            setattr(line, name, given[name])
    if "quantity" in given:
        line.quantity = given["quantity"]
    _set_price(line, order, given, before)
    _require_sound(line)
    _set_total(line)
    line.save(force_insert=is_new)
    changes = record_write(line, "line_items", before, _written(line), who=who)
    if changes.keys() & CONTENTS:
        bring_up_to_date(order, who=who)


def _written(line: LineItem) -> dict[str, Any]:
    return {name: getattr(line, name) for name in WRITTEN}


def _line_like(order: Order, sku: Sku, given: Values) -> LineItem | None:
    lines = order.line_items.filter(item_type=ItemType.SKU, sku=sku)
    same = lines.filter(frequency=given.get("frequency"))
    return same.order_by("position", "pk").first()


# SKU and price


def _take_sku(line: LineItem, sku: Sku) -> None:
    """Let the line be about another SKU."""
    _require_sellable(sku)
    if not line._state.adding:
        require_applicable(line.line_item_options.select_related("sku_option"), sku.code)
    line.sku = sku
    line.sku_code = sku.code
    line.name = sku.name
    line.image_url = sku.image_url
    line.external_price = False


def _set_price(line: LineItem, order: Order, given: Values, before: Values) -> None:
    """Set what one piece costs, where that is new or was left to others until now."""
    named = given.get("unit_amount_cents")
    ours_again = before.get("external_price") and not line.external_price
    if named is not None:
        line.unit_amount_cents = named
    elif line.sku and (line.sku_code != before.get("sku_code") or ours_again):
        price = _listed(line.sku, order)
        line.unit_amount_cents = price.amount_cents
        if "compare_at_amount_cents" not in given:
            line.compare_at_amount_cents = price.compare_at_amount_cents


def _charge(line: LineItem, price: Price) -> bool:
    """Let a line cost what its list says; answers whether it cost something else before."""
    before = line.unit_amount_cents, line.compare_at_amount_cents
    if before == (price.amount_cents, price.compare_at_amount_cents):
        return False
    _remember_discount(line)
    line.unit_amount_cents = price.amount_cents
    line.compare_at_amount_cents = price.compare_at_amount_cents
    _set_total(line)
    line.updated_at = timezone.now()
    return True


def _listed(sku: Sku, order: Order) -> Price:
    """The price of a SKU in the order's market."""
    listed = order.market.price_list
    if listed.currency_code != order.currency_code:
        raise Obstructed(currency_mismatch(order.currency_code, listed.currency_code))
    price = Price.objects.filter(price_list=listed, sku=sku).first()
    if price is None:
        raise Obstructed(
            Obstacle("no_price", "item", f"{sku.code} has no price in the order's market")
        )
    return price


def _remember_discount(line: LineItem) -> None:
    """Keep what is taken off one piece, before a change rounds the discount or limits it.

    So a line that gets its former quantity or price again gets its former discount, too.
    """
    own = _own_discount(line)
    if own and line.discount_per_piece_cents is None:
        line.discount_per_piece_cents = Decimal(own) / line.quantity


def _own_discount(line: LineItem) -> int:
    """The cents that came with the line; what promotions take off is theirs to compute anew."""
    return line.discount_cents - sum(line.discount_breakdown.values())


def _set_total(line: LineItem) -> None:
    """The total, and a discount that follows the quantity and is not more than the total."""
    line.total_amount_cents = line.unit_amount_cents * line.quantity + line.options_amount_cents
    was = _own_discount(line)
    per_piece = line.discount_per_piece_cents
    own = was if per_piece is None else round(per_piece * line.quantity)
    line.discount_cents += max(own, -max(0, line.total_amount_cents)) - was


# What may be


def _check_item_type(given: Values, sku: Sku | None) -> None:
    kind = given.get("item_type") or (ItemType.SKU if sku else None)
    if sku and kind != ItemType.SKU:
        raise Obstructed(Obstacle("invalid", "item_type", "is not the type of the item"))
    if not sku and kind in {None, ItemType.SKU}:
        raise Obstructed(missing("item"))
    if kind not in MADE_BY_HAND:
        raise Obstructed(Obstacle("invalid", "item_type", "cannot be added by hand"))
    if not sku and given.get("unit_amount_cents") is None:
        raise Obstructed(missing("unit_amount_cents"))
    if not sku and not (given.get("name") or "").strip():
        raise Obstructed(missing("name"))


def _require_sellable(sku: Sku) -> None:
    if sku.disabled_at is not None:
        raise Obstructed(Obstacle("sku_disabled", "item", f"{sku.code} is disabled"))


def _require_made_by_hand(line: LineItem) -> None:
    if line.item_type not in MADE_BY_HAND:
        raise Obstructed(
            Obstacle("made_by_promotion", "item_type", "is kept by a promotion, not by hand")
        )


def _require_sound(line: LineItem) -> None:
    least = {"quantity": 1}
    if line.item_type == ItemType.SKU:
        least["unit_amount_cents"] = 0
    for name, limit in least.items():
        if getattr(line, name) < limit:
            message = f"must be greater than or equal to {limit}"
            raise Obstructed(Obstacle("greater_than_or_equal_to", name, message))
