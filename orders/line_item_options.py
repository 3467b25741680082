"""What is added to the lines of open orders: an engraving, a wrapping, an insurance."""

from typing import Any

from django.db import transaction

from orders.audit import Values, Who, record_write
from orders.line_items import NOTES, refresh_line
from orders.models import ItemType, LineItem, LineItemOption, Order, SkuOption
from orders.obstacles import Obstacle, Obstructed
from orders.open_orders import bring_up_to_date, hold, require_open
from orders.sku_options import goes_with

PLAIN = ("name", "quantity", "unit_amount_cents", "options", *NOTES)


@transaction.atomic
def add_option(line: LineItem, given: Values, *, who: Who) -> LineItemOption:
    """Add an option to a SKU line of an open order, and let the totals follow.

    ``given`` are fields of the option: ``sku_option``, ``quantity`` and ``options``; its name and
    price (cents) are those of the SKU option unless given. Raises ``Obstructed``.
    """
    order = hold(line.order_id)
    require_open(order)
    if line.item_type != ItemType.SKU:
        raise Obstructed(Obstacle("invalid", "line_item", "is not a line of a SKU"))
    line.refresh_from_db()
    option = LineItemOption(mode=order.mode, line_item=line, currency_code=order.currency_code)
    _write(option, order, given, who=who)
    return option


@transaction.atomic
def change_option(option: LineItemOption, given: Values, *, who: Who) -> None:
    """Change an option; another ``sku_option`` brings its own name and price.

    After the order was placed only notes may be written. Raises ``Obstructed``.
    """
    order = hold(option.line_item.order_id)
    if given.keys() - NOTES:
        require_open(order)
    _write(option, order, given, who=who)


@transaction.atomic
def remove_option(option: LineItemOption, *, who: Who) -> None:
    """Take an option off a line of an open order. Raises ``Obstructed``."""
    order = hold(option.line_item.order_id)
    require_open(order)
    record_write(option, "line_item_options", _written(option), {}, who=who)
    option.delete()
    refresh_line(option.line_item)
    bring_up_to_date(order, who=who)


def _write(option: LineItemOption, order: Order, given: Values, *, who: Who) -> None:
    is_new = option._state.adding
    before = {} if is_new else _written(option)
    chosen = given.get("sku_option")
    if chosen and chosen.pk != option.sku_option_id:
        _choose(option, chosen, order)
    for name in PLAIN:
        if given.get(name) is not None or (name in given and name in NOTES):
            setattr(option, name, given[name])
    option.save(force_insert=is_new)
    changes = record_write(option, "line_item_options", before, _written(option), who=who)
    if changes.keys() & {"quantity", "unit_amount_cents"}:
        refresh_line(option.line_item)
        bring_up_to_date(order, who=who)


def _choose(option: LineItemOption, chosen: SkuOption, order: Order) -> None:
    """Let the option be this one of the catalogue, if that is offered for the line."""
    sku_code = option.line_item.sku_code
    if not goes_with(chosen, sku_code):
        raise _not_offered(f"{chosen.name} does not go with {sku_code}")
    if chosen.market_id not in {None, order.market_id}:
        raise _not_offered(f"{chosen.name} is not offered in the order's market")
    if chosen.currency_code not in {None, order.currency_code}:
        raise _not_offered(f"{chosen.name} has no price in {order.currency_code}")
    option.sku_option = chosen
    option.name = chosen.name
    option.unit_amount_cents = chosen.price_amount_cents
    option.delay_hours = chosen.delay_hours


def _not_offered(message: str) -> Obstructed:
    return Obstructed(Obstacle("option_not_applicable", "sku_option", message))


def _written(option: LineItemOption) -> dict[str, Any]:
    return {"sku_option": option.sku_option_id} | {name: getattr(option, name) for name in PLAIN}
